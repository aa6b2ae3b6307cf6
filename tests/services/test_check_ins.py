"""Any sequence of writes, replays and clashes leaves what a dict would hold."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from werkzeug.test import TestResponse

from api import create_app
from config import Settings
from services.revisions import WriteOutcome
from tests.conftest import SECRET_KEY
from tests.effort import amount
from tests.people import PeopleRows

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)
DAYS = st.integers(0, 4).map(lambda back: TODAY - timedelta(days=back))
ANSWERS = st.fixed_dictionaries(
    {"mood": st.integers(0, 2), "anxiety": st.integers(0, 1)},
    optional={
        "enjoyment": st.integers(0, 1),
        "note": st.sampled_from(["a", "é"]),
        "benefit_left": st.sampled_from([0, 100]),
        "side_effects": st.just([]),
    },
)
VERSIONS = st.none() | st.integers(1, 5)

StoredDay = tuple[int, dict[str, Any] | None]


class Days(RuleBasedStateMachine):
    """The server compared with a dict: day to version and answers, None for a day removed."""

    template: Path
    people_rows: PeopleRows

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        file = shutil.copy(self.template, self.folder / "afterglow.db")
        self.app = create_app(Settings("local", f"sqlite:///{file}", SECRET_KEY))
        self.frozen = time_machine.travel(NOW, tick=False)
        self.frozen.start()
        self.current: dict[date, StoredDay] = {}
        self.writes = 0

    @initialize()
    def sign_in(self) -> None:
        self.people_rows.stored.insert_into(self.app.extensions["database"].engine)
        self.client, self.headers = self.app.test_client(), self.people_rows.people.patient.headers

    def teardown(self) -> None:
        self.frozen.stop()
        self.app.extensions["database"].close()
        shutil.rmtree(self.folder)

    @rule(day=DAYS, answers=ANSWERS, base=VERSIONS)
    def put(self, day: date, answers: dict[str, Any], base: int | None) -> None:
        status, current = self.expected_put(day, answers, base)
        answer = self.client.put(at(day), json=body(day, answers), headers=self.headers | matching(base))
        assert answer.status_code == status
        self.store(day, current)
        if status in {200, 201}:
            assert read(answer)["version"] == current[0]

    @rule(day=DAYS, base=VERSIONS)
    def remove(self, day: date, base: int | None) -> None:
        status, current = self.expected_removal(day, base)
        answer = self.client.delete(at(day), headers=self.headers | matching(base))
        assert answer.status_code == status
        if current is not None:
            self.store(day, current)

    @rule(operations=st.lists(st.tuples(DAYS, ANSWERS | st.none(), VERSIONS), max_size=6))
    def push(self, operations: list[tuple[date, dict[str, Any] | None, int | None]]) -> None:
        wanted = []
        for day, answers, base in operations:
            if answers is None:
                status, current = self.expected_removal(day, base)
                status = 200 if status == 204 else status
            else:
                status, current = self.expected_put(day, answers, base)
            wanted.append(status)
            if current is not None:
                self.store(day, current)
        sent = [operation(*one) for one in operations]
        answer = self.client.post("/v1/sync/push", json={"operations": sent}, headers=self.headers)
        assert [result["http_status"] for result in read(answer)["results"]] == wanted

    @invariant()
    def the_server_holds_what_the_dict_holds(self) -> None:
        if not hasattr(self, "client"):
            return
        items = read(self.client.get("/v1/patients/me/check-ins", headers=self.headers))["items"]
        result = {item["local_date"]: (item["version"], answers_of(item)) for item in items}
        held = {
            str(day): (version, answers)
            for day, (version, answers) in self.current.items()
            if answers is not None
        }
        assert result == held
        changes = read(self.client.get("/v1/sync/changes", headers=self.headers))["changes"]
        assert {change["record_id"]: change["deleted"] for change in changes} == {
            str(day): answers is None for day, (_, answers) in self.current.items()
        }
        assert max((change["change_seq"] for change in changes), default=0) == self.writes

    def expected_put(self, day: date, answers: dict[str, Any], base: int | None) -> tuple[int, StoredDay]:
        if day not in self.current:
            return (201, (1, answers)) if base is None else (412, (0, None))
        version, stored = self.current[day]
        if stored is not None and stored == answers:
            return 200, (version, answers)
        if base == version:
            return 200, (version + 1, answers)
        refused = 410 if stored is None else 428 if base is None else 412
        return refused, (version, stored)

    def expected_removal(self, day: date, base: int | None) -> tuple[int, StoredDay | None]:
        if day not in self.current:
            return 404, None
        version, stored = self.current[day]
        if stored is None:
            return (204 if base in {None, version - 1, version} else 410), (version, None)
        if base == version:
            return 204, (version + 1, None)
        return (428 if base is None else 412), (version, stored)

    def store(self, day: date, current: StoredDay) -> None:
        if current[0] == 0:
            return
        self.writes += self.current.get(day, (0, None))[0] != current[0]
        self.current[day] = current


def read(answer: TestResponse) -> Any:
    return answer.json


def at(day: date) -> str:
    return f"/v1/patients/me/check-ins/{day}"


def body(day: date, answers: dict[str, Any]) -> dict[str, Any]:
    return answers | {"time_zone": "America/Chicago", "recorded_at": f"{day}T21:00:00-06:00"}


def matching(base: int | None) -> dict[str, str]:
    return {} if base is None else {"If-Match": f'"v{base}"'}


def operation(day: date, answers: dict[str, Any] | None, base: int | None) -> dict[str, Any]:
    kind = (
        {"type": "delete_check_in"}
        if answers is None
        else {"type": "put_check_in", "data": body(day, answers)}
    )
    return (
        {"op_id": str(uuid4()), "local_date": str(day)}
        | kind
        | ({} if base is None else {"base_version": base})
    )


def answers_of(item: dict[str, Any]) -> dict[str, Any]:
    names = ("mood", "anxiety", "enjoyment", "note", "side_effects", "benefit_left")
    return {name: item[name] for name in names if name in item}


@pytest.mark.slow
def test_any_sequence_of_writes_matches_a_reference_model(sqlite_template, people_rows):
    run_state_machine_as_test(
        type("Days", (Days,), {"template": sqlite_template, "people_rows": people_rows}),
        settings=settings(
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=amount("histories of edits and removals", 5, 40),
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_an_outcome_is_the_status_in_the_results_of_a_push():
    assert [str(outcome) for outcome in WriteOutcome] == ["created", "updated", "unchanged"]
