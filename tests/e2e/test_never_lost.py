"""Every acknowledged check-in is there exactly once, whatever happened meanwhile: on the real server."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import make_url, select

from api import create_app
from cli.db import upgrade
from config import Settings
from models.check_ins import CheckIn
from models.database import Database
from models.infusions import Infusion
from services.access import Role
from tests import factories
from tests.conftest import SECRET_KEY
from tests.e2e.server import START_TIMEOUT, Answer, Phone, Server
from tests.effort import amount
from tests.people import Person

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

pytestmark = pytest.mark.slow

Asked = tuple[str, str, Any, dict[str, str]]

CROWD = 8
ROUNDS = amount("rounds of identical requests", 5, 20)
KILLS = amount("kills of a server", 3, 20)
DATABASE_KILLED_EVERY = 3
MIN_WRITES = 10
"""Writes that are acknowledged before a server is killed."""
RETRIES = amount("retries in any order", 600, 10_000)
FIRST = datetime.now(UTC).date() - timedelta(days=205)
"""Day from which on, and before which, phones write: all within what the clinic lets them fill in."""
MAX_DAYS = 150
"""Days before FIRST that a phone writes before it only edits."""


@pytest.fixture
def scenario(app) -> Scenario:
    return Scenario(app)


class Scenario:
    """A clinic with as many patients as a test needs, and a look at their rows."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._database: Database = app.extensions["database"]
        with self._database.write() as session:
            self.clinic_id = factories.clinic(session, backfill_days=366).id

    def patients(self, number: int) -> list[Person]:
        with self._database.write(self.clinic_id) as session:
            return [self._patient(session) for _ in range(number)]

    def rows(self, patient_id: UUID | None) -> list[CheckIn]:
        query = select(CheckIn).where(CheckIn.patient_id == patient_id)
        with self._database.read(self.clinic_id) as session:
            return list(session.scalars(query.order_by(CheckIn.local_date, CheckIn.version)))

    def _patient(self, session: Any) -> Person:
        patient = factories.patient(session)
        sign_in = factories.sign_in(session, patient.account_id)
        return Person(
            app=self._app,
            name="patient",
            id=patient.account_id,
            clinic_id=self.clinic_id,
            roles=frozenset({Role.PATIENT}),
            patient_id=patient.id,
            sign_in_id=sign_in.id,
            device_id=sign_in.device_id,
        )


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  chance that comes out the same each time


def at(day: date) -> str:
    return f"/v1/patients/me/check-ins/{day}"


def answers(day: date, note: str, mood: int = 6) -> dict[str, Any]:
    evening = f"{day}T21:14:05-06:00"
    return {"mood": mood, "anxiety": 3, "note": note, "time_zone": "America/Chicago", "recorded_at": evening}


def at_once(phones: list[Phone], *requests: Asked) -> list[Answer]:
    """Let every phone send its request, or all of them the same, in the same moment."""
    start = threading.Barrier(len(phones))

    def sent(number: int) -> Answer:
        start.wait()
        method, path, body, headers = requests[number % len(requests)]
        return phones[number].send(method, path, body, **headers)

    with ThreadPoolExecutor(len(phones)) as pool:
        return list(pool.map(sent, range(len(phones))))


def digest(result: dict[date, dict[str, Any]]) -> list[dict[str, Any]]:
    """What a phone works out over its own copy, as docs/sync.md has it."""
    months: dict[str, list[str]] = {}
    for day, entry in sorted(result.items()):
        ratings = [str(entry.get(name, "-")) for name in ("mood", "enjoyment", "anxiety")]
        note = sha256(entry["note"].encode()).hexdigest()
        months.setdefault(str(day)[:7], []).append("\t".join([str(day), *ratings, "-", note]) + "\n")
    return [
        {"month": month, "check_in_count": len(lines), "sha256": sha256("".join(lines).encode()).hexdigest()}
        for month, lines in months.items()
    ]


def test_eight_identical_puts_at_once_store_one_row_and_get_one_answer(server, scenario):
    (patient,) = scenario.patients(1)
    phones = [server.phone(patient.headers) for _ in range(CROWD)]
    for number in range(ROUNDS):
        day = FIRST + timedelta(days=number)
        got = at_once(phones, ("PUT", at(day), answers(day, "the same"), {}))
        assert sorted(answer.status for answer in got) == [200] * (CROWD - 1) + [201]
        assert all(answer.body == got[0].body for answer in got)
        assert {answer.headers["ETag"] for answer in got} == {'"v1"'}
    rows = scenario.rows(patient.patient_id)
    assert [(row.local_date, row.version) for row in rows] == [
        (FIRST + timedelta(days=number), 1) for number in range(ROUNDS)
    ]
    assert sorted(row.change_seq for row in rows) == list(range(1, ROUNDS + 1))
    assert server.failures() == []


def test_of_eight_edits_of_one_version_at_once_exactly_one_holds(server, scenario):
    (patient,) = scenario.patients(1)
    phones = [server.phone(patient.headers) for _ in range(CROWD)]
    for number in range(ROUNDS):
        day = FIRST + timedelta(days=number)
        assert phones[0].send("PUT", at(day), answers(day, "first")).status == 201
        got = at_once(
            phones,
            *(("PUT", at(day), answers(day, f"edit {mine}"), {"If_Match": '"v1"'}) for mine in range(CROWD)),
        )
        assert sorted(answer.status for answer in got) == [200] + [412] * (CROWD - 1)
        (winner,) = [answer for answer in got if answer.status == 200]
        assert all(answer.body["current"] == winner.body for answer in got if answer.status == 412)
        assert [row.version for row in scenario.rows(patient.patient_id) if row.local_date == day] == [1, 2]
    assert server.failures() == []


def test_eight_identical_pushes_at_once_store_each_day_once_and_are_answered_alike(server, scenario):
    (patient,) = scenario.patients(1)
    phones = [server.phone(patient.headers) for _ in range(CROWD)]
    for number in range(5):
        days = [FIRST + timedelta(days=10 * number + offset) for offset in range(10)]
        body = {"operations": [put_operation(day, answers(day, "pushed"), None) for day in days]}
        got = at_once(phones, ("POST", "/v1/sync/push", body, {}))
        assert {answer.status for answer in got} == {207}
        for place in range(len(days)):
            outcomes = Counter(answer.body["results"][place]["status"] for answer in got)
            assert outcomes == {"created": CROWD}
    rows = scenario.rows(patient.patient_id)
    assert len(rows) == len({row.local_date for row in rows}) == 50
    assert len({row.change_seq for row in rows}) == 50
    assert server.failures() == []


def test_eight_clinicians_recording_one_infusion_at_once_record_it_once(server, scenario, app):
    (patient,) = scenario.patients(1)
    with app.extensions["database"].write(scenario.clinic_id) as session:
        account = factories.account(session, scenario.clinic_id)
        sign_in = factories.sign_in(session, account.id)
    held = frozenset({Role.CLINICIAN})
    clinician = Person(app, "clinician", account.id, scenario.clinic_id, held, sign_in_id=sign_in.id)
    phones = [server.phone(clinician.headers) for _ in range(CROWD)]
    path = f"/v1/patients/{patient.patient_id}/infusions/0d9e6c1e-5b1f-4a53-9a53-3d9d5a2b7c0{{}}"
    for number in range(5):
        body = {
            "started_at": f"2026-10-0{number + 1}T10:00:00-05:00",
            "ended_at": f"2026-10-0{number + 1}T10:40:00-05:00",
            "time_zone": "America/Chicago",
            "dose_mg": 35,
            "status": "completed",
            "reason": "scheduled",
        }
        got = at_once(phones, ("PUT", path.format(number), body, {}))
        assert sorted(answer.status for answer in got) == [200] * (CROWD - 1) + [201]
        assert all(answer.body == got[0].body for answer in got)
    with app.extensions["database"].read(scenario.clinic_id) as session:
        assert len(list(session.scalars(select(Infusion)))) == 5
    assert server.failures() == []


def put_operation(
    day: date, entry: dict[str, Any], base: int | None, op_id: str | None = None
) -> dict[str, Any]:
    named = {} if base is None else {"base_version": base}
    operation = {"op_id": op_id or str(uuid4()), "type": "put_check_in", "local_date": str(day)}
    return {**operation, "data": entry, **named}


@dataclass(frozen=True)
class Step:
    """One deed of a phone at a day: its answers, or None for its removal; it stands on version `base`."""

    day: date
    base: int | None
    entry: dict[str, Any] | None
    op_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def operation(self) -> dict[str, Any]:
        if self.entry is not None:
            return put_operation(self.day, self.entry, self.base, self.op_id)
        return {
            "op_id": self.op_id,
            "type": "delete_check_in",
            "local_date": str(self.day),
            "base_version": self.base,
        }


DONE = {"created", "updated", "unchanged"}


@dataclass
class Diary:
    """Everything a patient did, day by day, and which of it was acknowledged."""

    person: Person
    dice: random.Random
    steps: list[Step] = field(default_factory=list)
    acknowledged: set[Step] = field(default_factory=set)

    def write(self, days: int) -> None:
        for number in range(days):
            day = FIRST - timedelta(days=number)
            current = None
            for turn in range(self.dice.choice((1, 1, 1, 2, 2, 3, 4))):
                gone = current is not None and self.dice.random() < 0.25 and self.steps[-1].entry is not None
                entry = None if gone else answers(day, f"turn {turn} ✓", self.dice.randrange(11))
                self.steps.append(Frozen(day, current, entry))
                current = (current or 0) + 1

    def end(self) -> dict[date, dict[str, Any]]:
        last = {step.day: step.entry for step in self.steps}
        return {day: entry for day, entry in last.items() if entry is not None}


class Frozen(Step):
    """A step that is itself, whatever it says."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def send_alone(phone: Phone, step: Step) -> bool:
    named = {} if step.base is None else {"If_Match": f'"v{step.base}"'}
    if step.entry is None:
        answer = phone.send("DELETE", at(step.day), **named)
    else:
        answer = phone.send("PUT", at(step.day), step.entry, **named)
    assert answer.status in {200, 201, 204, 404, 410, 412, 428}, answer
    return answer.status < 300


def send_pushed(phone: Phone, steps: list[Step]) -> list[bool]:
    answer = phone.send("POST", "/v1/sync/push", {"operations": [step.operation for step in steps]})
    assert answer.status == 207, answer
    return [result["status"] in DONE for result in answer.body["results"]]


def test_many_retries_in_any_order_lose_nothing_and_store_nothing_twice(server, scenario):
    began = time.monotonic()
    diaries = [Diary(person, seeded(seed)) for seed, person in enumerate(scenario.patients(4))]
    for diary in diaries:
        diary.write(RETRIES // 28)
    sent: Counter[str] = Counter()

    def chaos(number: int) -> None:
        """Send operations drawn at random, early, late and again, alone or up to a hundred at once."""
        diary, dice = diaries[number % len(diaries)], seeded(100 + number)
        phone, left = server.phone(diary.person.headers), RETRIES // CROWD
        while left:
            alone = dice.random() < 0.85
            steps = dice.choices(diary.steps, k=1 if alone else min(left, dice.randint(20, 100)))
            done = [send_alone(phone, steps[0])] if alone else send_pushed(phone, steps)
            diary.acknowledged.update(step for step, held in zip(steps, done, strict=True) if held)
            left -= len(steps)
            sent["alone" if alone else "pushed"] += len(steps)

    with ThreadPoolExecutor(CROWD) as pool:
        list(pool.map(chaos, range(CROWD)))
    for diary in diaries:
        settle(server, diary)
        result = server.phone(diary.person.headers).send("GET", "/v1/sync/digest").body
        assert result["months"] == digest(diary.end())
        assert result["check_in_count"] == len(diary.end())
        rows = scenario.rows(diary.person.patient_id)
        assert len(rows) == len(diary.steps)
        assert sorted(row.change_seq for row in rows) == list(range(1, len(diary.steps) + 1))
    assert sum(sent.values()) == RETRIES
    assert server.failures() == []
    print(f"\n{dict(sent)} in {time.monotonic() - began:.1f} s")  # noqa: T201


def settle(server: Server, diary: Diary) -> None:
    """Send in order what was never acknowledged: what a phone does once it has time."""
    phone = server.phone(diary.person.headers)
    left = [step for step in diary.steps if step not in diary.acknowledged]
    for start in range(0, len(left), 100):
        batch = left[start : start + 100]
        assert all(send_pushed(phone, batch))


@dataclass
class Writer:
    """A phone that writes day after day, remembers what was acknowledged, and never gives up on a write."""

    phone: Phone
    dice: random.Random
    result: dict[date, dict[str, Any]] = field(default_factory=dict)
    versions: dict[date, int] = field(default_factory=dict)
    acknowledged: int = 0
    unanswered: int = 0
    already_there: int = 0
    surprises: list[Answer] = field(default_factory=list)

    def write(self, stop: threading.Event) -> None:
        while not stop.is_set():
            edited = len(self.result) >= MAX_DAYS or (bool(self.result) and self.dice.random() < 0.2)
            day = (
                self.dice.choice(sorted(self.result)) if edited else FIRST - timedelta(days=len(self.result))
            )
            entry = answers(day, f"{self.acknowledged}", self.dice.randrange(11))
            self._until_acknowledged(day, entry, self.versions.get(day))

    def _until_acknowledged(self, day: date, entry: dict[str, Any], base: int | None) -> None:
        named = {} if base is None else {"If_Match": f'"v{base}"'}
        doubtful = False
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                answer = self.phone.once("PUT", at(day), entry, **named)
            except (OSError, HTTPException):
                self.unanswered += not doubtful
                doubtful = True
                time.sleep(0.01)
                continue
            if answer.status not in (200, 201) or answer.body["version"] != (base or 0) + 1:
                self.surprises.append(answer)
                return
            self.already_there += doubtful and base is None and answer.status == 200
            self.acknowledged += 1
            self.result[day], self.versions[day] = entry, answer.body["version"]
            return


def wait_for_writes(writers: list[Writer], wanted: int) -> None:
    """Wait until so many writes were acknowledged: a busy machine takes longer to have something to lose."""
    until = time.monotonic() + START_TIMEOUT
    while sum(writer.acknowledged for writer in writers) < wanted and time.monotonic() < until:
        time.sleep(0.05)


def killed_under_load(server: Server, scenario: Scenario, between: Callable[[int], None]) -> None:
    """Kill the whole server again and again while eight phones write, and look at what is left."""
    began, dice, stop = time.monotonic(), seeded(7), threading.Event()
    people = scenario.patients(CROWD)
    writers = [Writer(server.phone(person.headers), seeded(seed)) for seed, person in enumerate(people)]
    with ThreadPoolExecutor(CROWD) as pool:
        running = [pool.submit(writer.write, stop) for writer in writers]
        try:
            for number in range(KILLS):
                time.sleep(dice.uniform(0.3, 0.9))
                wait_for_writes(writers, MIN_WRITES * (number + 1))
                server.kill()
                between(number)
                server.start()
        finally:
            stop.set()
        for writing in running:
            writing.result()
    lost = twice = 0
    for person, writer in zip(people, writers, strict=True):
        assert writer.surprises == []
        rows = scenario.rows(person.patient_id)
        current = [row for row in rows if row.known_until is None]
        found = {row.local_date: (row.mood, row.note, row.version) for row in current}
        wanted = {
            day: (entry["mood"], entry["note"], writer.versions[day]) for day, entry in writer.result.items()
        }
        lost += len(wanted.items() - found.items())
        twice += len(current) - len(found) + len(rows) - writer.acknowledged
        assert found == wanted
        assert len(rows) == writer.acknowledged
        assert [row.change_seq for row in sorted(rows, key=lambda row: row.change_seq)] == list(
            range(1, len(rows) + 1)
        )
        assert server.phone(person.headers).send("GET", "/v1/sync/digest").body["months"] == digest(
            writer.result
        )
    acknowledged = sum(writer.acknowledged for writer in writers)
    assert acknowledged >= MIN_WRITES * KILLS
    assert server.failures() == []
    unanswered, there = (sum(getattr(w, n) for w in writers) for n in ("unanswered", "already_there"))
    print(  # noqa: T201
        f"\n{KILLS} kills: {acknowledged} acknowledged, {unanswered} unanswered ({there} already stored), "
        f"{lost} lost, {twice} twice, {time.monotonic() - began:.1f} s"
    )


def test_killing_the_server_again_and_again_on_sqlite_loses_nothing(server_forker, sqlite_url, tmp_path):
    app = create_app(Settings("local", sqlite_url, SECRET_KEY))
    with Server(server_forker, sqlite_url, SECRET_KEY, tmp_path) as server:
        killed_under_load(server, Scenario(app), lambda _: None)
    app.extensions["database"].close()
    with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.postgres
def test_killing_the_server_again_and_again_and_postgresql_at_times_loses_nothing(
    server_forker, durable_postgres, tmp_path
):
    database_url = durable_postgres.create_database("kills")
    upgrade(database_url)
    app = create_app(Settings("local", database_url, SECRET_KEY))

    def crash_the_database_too(number: int) -> None:
        if number % DATABASE_KILLED_EVERY == 2:
            durable_postgres.kill()
            durable_postgres.start()
            app.extensions["database"].close()

    with Server(server_forker, database_url, SECRET_KEY, tmp_path) as server:
        killed_under_load(server, Scenario(app), crash_the_database_too)
    app.extensions["database"].close()


def test_a_broken_connection_releases_its_write_lock(sqlite_url):
    database = Database(sqlite_url)

    def break_off() -> None:
        with database.write() as session:
            factories.clinic(session)
            session.connection().invalidate()
            raise ConnectionError

    with pytest.raises(ConnectionError):
        break_off()
    with database.write() as session:
        factories.clinic(session)
    database.close()
