from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Engine, MetaData, Table, create_engine, inspect, select

from cli.db import config_for, upgrade
from models.base import Base
from models.schema_version import HEAD
from tests.architecture.sources import ROOT
from tests.effort import sample


@pytest.fixture(scope="module")
def scripts():
    return ScriptDirectory.from_config(config_for("sqlite://"))


@pytest.fixture
def connection(database_url):
    engine = create_engine(database_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


Statements = tuple[str, ...]


OF_TABLES = """
SELECT relname, 'table', '', '' FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
UNION ALL SELECT relname, 'column', attname, format_type(atttypid, atttypmod) || attnotnull
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT tablename, 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT relname, 'constraint', conname, pg_get_constraintdef(pg_constraint.oid)
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT relname, 'trigger', tgname, pg_get_triggerdef(pg_trigger.oid)
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal
ORDER BY 1, 2, 3
"""
"""Everything of PostgreSQL's tables in one query: a hundred reflections take half a minute."""


def schema(url: str, reflected: dict[Statements, object] | None = None) -> Mapping[str, object]:
    """Return what a database's tables are made of, in words that can be compared.

    On SQLite a table whose statements are in `reflected` is taken from there, and others are added to it.
    """
    engine = create_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            return of_sqlite(engine, {} if reflected is None else reflected)
        return of_postgresql(engine)
    finally:
        engine.dispose()


def of_postgresql(engine: Engine) -> dict[str, list[object]]:
    """Return what the tables of PostgreSQL are made of."""
    tables: dict[str, list[object]] = defaultdict(list)
    with engine.connect() as connection:
        for table, *part in connection.exec_driver_sql(OF_TABLES):
            tables[table].append(part)
    return tables


def of_sqlite(engine: Engine, reflected: dict[Statements, object]) -> dict[str, object]:
    """Return what the tables of SQLite are made of."""
    made_by = statements(engine)
    found = inspect(engine)
    tables = {name: reflected.get(made_by[name]) for name in found.get_table_names()}
    new = sorted(name for name, parts in tables.items() if parts is None)
    if new:
        columns = found.get_multi_columns(filter_names=new)
        indexes = found.get_multi_indexes(filter_names=new)
        keys = found.get_multi_foreign_keys(filter_names=new)
        checks = found.get_multi_check_constraints(filter_names=new)
        for at in columns:
            tables[at[1]] = (
                sorted((column["name"], str(column["type"]), column["nullable"]) for column in columns[at]),
                *(sorted(str(each["name"]) for each in parts[at]) for parts in (indexes, keys, checks)),
            )
    reflected.update({made_by[name]: tables[name] for name in new})
    return tables


def statements(engine: Engine) -> dict[str, Statements]:
    """Return the statements that made each table of SQLite and its indexes."""
    found = defaultdict(list)
    with engine.connect() as connection:
        for name, sql in connection.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master ORDER BY name"):
            found[name].append(str(sql))
    return {name: tuple(parts) for name, parts in found.items()}


def test_there_is_one_head_and_the_file_names_it(scripts):
    assert scripts.get_heads() == [HEAD]


def test_migrations_follow_one_another_by_number(scripts):
    revisions = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert [revision[:4] for revision in revisions] == [f"{at:04}" for at in range(1, len(revisions) + 1)]


def test_a_file_is_named_after_its_revision(scripts):
    for script in scripts.walk_revisions():
        assert Path(script.path).stem == script.revision
        assert script.doc.endswith(".")


@pytest.fixture
def read_once(scripts, monkeypatch):
    """Alembic reads the migrations once: a hundred commands would each read them anew."""
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _config: scripts)


@pytest.mark.usefixtures("read_once")
def test_every_migration_can_be_applied_and_reverted_alone_and_all_of_them_at_once(kind, empty_url, scripts):
    config, schemas = config_for(empty_url), {}
    reflected: dict[Statements, object] = {}
    revisions = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    # In steps of one migration or of two: where one database stops, the other goes on.
    stops = sample("revisions at which migrating stops on a database", revisions, 2, int(kind == "sqlite"))
    for revision in [*stops, HEAD]:
        upgrade(empty_url, revision)
        schemas[revision] = schema(empty_url, reflected)
    *earlier, _ = schemas
    for revision in reversed(earlier):
        command.downgrade(config, revision)
        assert schema(empty_url, reflected) == schemas[revision]
    command.downgrade(config, "base")
    assert set(schema(empty_url)) == {"alembic_version"}
    upgrade(empty_url)
    assert schema(empty_url) == schemas[HEAD]


def test_a_failed_upgrade_is_rolled_back(empty_url):
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        # In the way of a later migration.
        connection.exec_driver_sql("CREATE TABLE infusions (id integer)")
    engine.dispose()
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty_url)
    assert set(schema(empty_url)) - {"alembic_version"} == {"infusions"}


def test_migrations_make_the_tables_that_the_code_knows(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_the_checks_that_the_code_knows(connection):
    # compare_metadata does not look at them: a missing one would pass unseen.
    found = inspect(connection)
    for name, table in Base.metadata.tables.items():
        written = {
            str(check.name): of_words(str(check.sqltext))
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }
        made = {str(check["name"]): of_words(check["sqltext"]) for check in found.get_check_constraints(name)}
        assert made == written, name


def test_what_is_current_is_unique_on_both_databases(connection):
    found = inspect(connection)
    revisioned = [name for name, table in Base.metadata.tables.items() if "known_until" in table.columns]
    for name in sorted({*revisioned} - {"clinic_settings_history"}):
        current = next(index for index in found.get_indexes(name) if index["name"] == f"uq_{name}_current")
        assert current["unique"]
        where = current["dialect_options"][f"{connection.dialect.name}_where"]
        assert of_words(str(where)) == ["known_until", "is", "null"]


@pytest.mark.either_database
def test_rows_and_documents_survive_the_renaming_both_ways(at_revision):
    url = at_revision("0018_sharing")
    engine = create_engine(url)
    before = {
        "recommended": None,
        "limits": ["not validated"],
        "phase": {"kind": "induction", "number": 2, "of": 6},
        "inputs": {"readings": 9, "measures": [{"measure": "mood", "days": 9}]},
        "reasons": [{"code": "word_held", "numbers": {"days": 2}}],
    }
    after = {
        "recommended_on": None,
        "disclaimers": ["not validated"],
        "phase": {"kind": "induction", "infusions_given_count": 2, "infusions_planned_count": 6},
        "inputs": {"reading_count": 9, "measures": [{"measure": "mood", "day_count": 9}]},
        "reasons": [{"code": "status_hysteresis", "numbers": {"days": 2}}],
    }
    with engine.begin() as connection:
        write(connection, "sign_in_attempts", door="a hash", failures=3)
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        write(connection, "patients", clinic_id=UUID(int=1), id=UUID(int=2))
        write(connection, "outlook_changes", clinic_id=UUID(int=1), patient_id=UUID(int=2), outlook=before)
        evidence = {"patients": 7, "landmarks": [{"day": 14, "cycles": 20}]}
        write(
            connection,
            "learnt_priors",
            clinic_id=UUID(int=1),
            median_days=24.0,
            spread=0.4,
            evidence=evidence,
        )
    upgrade(url, "0019_standard_names")
    with engine.connect() as connection:
        assert read(connection, "login_attempts", "key", "failures") == [("a hash", 3)]
        assert read(connection, "outlook_changes", "outlook", "no_forecast_reason") == [(after, None)]
        renamed = {"patient_count": 7, "landmarks": [{"landmark_day": 14, "cycle_count": 20}]}
        assert read(connection, "estimated_priors", "evidence", "patient_count") == [(renamed, 1)]
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        assert read(connection, "sign_in_attempts", "door", "failures") == [("a hash", 3)]
        assert read(connection, "outlook_changes", "outlook", "refusal") == [(before, None)]
        assert read(connection, "learnt_priors", "evidence", "patients") == [(evidence, 1)]
    engine.dispose()


@pytest.mark.either_database
def test_the_basis_of_an_outlook_on_record_is_renamed_both_ways(at_revision):
    url = at_revision("0020_push_results")
    engine = create_engine(url)
    ids = {"clinic_id": UUID(int=1), "patient_id": UUID(int=2)}
    with engine.begin() as connection:
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        write(connection, "patients", clinic_id=UUID(int=1), id=UUID(int=2))
        for number, basis in enumerate(("clinic_prior", "patient", None), start=1):
            write(connection, "outlook_changes", **ids, number=number, outlook={"basis": basis})
        write(connection, "cached_outlooks", **ids, summary={}, outlook={"basis": "clinic_prior"})
    upgrade(url, "0021_population_prior_basis")
    with engine.connect() as connection:
        assert bases(connection) == ["population_prior", "patient", None]
        assert read(connection, "cached_outlooks", "outlook") == []
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        assert bases(connection) == ["clinic_prior", "patient", None]
    engine.dispose()


@pytest.mark.either_database
def test_the_scope_of_an_api_client_is_renamed_both_ways(at_revision):
    url = at_revision("0021_population_prior_basis")
    engine = create_engine(url)
    granted = ("checkins:read summary:read vitals:write", "checkins:read", "vitals:write")
    with engine.begin() as connection:
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        for number, scopes in enumerate(granted, start=1):
            write(connection, "api_clients", id=UUID(int=number), clinic_id=UUID(int=1), scopes=scopes)
    upgrade(url, "0022_trends_read_scope")
    with engine.connect() as connection:
        assert sorted(read(connection, "api_clients", "scopes")) == [
            ("summary:read trends:read vitals:write",),
            ("trends:read",),
            ("vitals:write",),
        ]
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        assert sorted(read(connection, "api_clients", "scopes")) == sorted((each,) for each in granted)
    engine.dispose()


@pytest.mark.either_database
def test_cached_outlooks_survive_the_renaming_of_their_settings_version(at_revision):
    url = at_revision("0022_trends_read_scope")
    engine = create_engine(url)
    with engine.begin() as connection:
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        write(connection, "patients", clinic_id=UUID(int=1), id=UUID(int=2))
        write(connection, "cached_outlooks", clinic_id=UUID(int=1), patient_id=UUID(int=2), clinic_version=7)
    upgrade(url, "0023_settings_version")
    with engine.connect() as connection:
        assert read(connection, "cached_outlooks", "settings_version") == [(7,)]
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        assert read(connection, "cached_outlooks", "clinic_version") == [(7,)]
    engine.dispose()


@pytest.mark.either_database
def test_roles_and_reporters_survive_a_migration_both_ways(at_revision):
    url = at_revision("0027_entry_sources")
    engine = create_engine(url)
    patient = {"clinic_id": UUID(int=1), "patient_id": UUID(int=2)}
    with engine.begin() as connection:
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        write(connection, "patients", clinic_id=UUID(int=1), id=UUID(int=2), emergency_contact_relation=None)
        for number, role in enumerate(("patient", "clinician", "admin", "delegate"), start=1):
            write(connection, "accounts", id=UUID(int=number), clinic_id=UUID(int=1), role=role)
        for number, side in enumerate(("patient", "clinician"), start=1):
            known = {"kind": "life_event", "visibility": "patient", "known_until": None}
            write(connection, "events", **patient, id=UUID(int=number), reported_by=side, **known)
        write(connection, "access_log", **patient, id=UUID(int=1), reader_role="clinician")
    upgrade(url, "0028_roles")
    with engine.begin() as connection:
        held = read(connection, "accounts", "roles")
        assert sorted(held) == [("admin",), ("clinician",), ("delegate",), ("patient",)]
        assert sorted(read(connection, "events", "reported_by")) == [("patient",), ("staff",)]
        assert read(connection, "access_log", "reader_roles") == [("clinician",)]
        for number, roles in enumerate(
            ("nurse", "front_desk billing", "billing admin", "clinician nurse"), 5
        ):
            write(connection, "accounts", id=UUID(int=number), clinic_id=UUID(int=1), roles=roles)
        write(connection, "access_log", **patient, id=UUID(int=2), resource="x", reader_roles="nurse admin")
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        accounts = read(connection, "accounts", "id", "role", "disabled_at")
        found = {UUID(str(key)).int: (role, disabled_at is None) for key, role, disabled_at in accounts}
        assert found == {
            1: ("patient", True),
            2: ("clinician", True),
            3: ("admin", True),
            4: ("delegate", True),
            # Roles that the version before does not know are blocked there.
            5: ("clinician", False),
            6: ("clinician", False),
            7: ("admin", True),
            8: ("clinician", True),
        }
        assert sorted(read(connection, "events", "reported_by")) == [("clinician",), ("patient",)]
        assert sorted(read(connection, "access_log", "reader_role")) == [("admin",), ("clinician",)]
    engine.dispose()


@pytest.mark.either_database
def test_totals_of_the_audit_c_are_scored_again(at_revision):
    url = at_revision("0030_infusion_records")
    engine = create_engine(url)
    patient = {"clinic_id": UUID(int=1), "patient_id": UUID(int=2)}
    stored = [
        ("audit-c", {"1": 0, "2": 3, "3": 4}, 7),
        ("audit-c", {"1": 0}, 0),
        ("audit-c", {"1": 4, "2": 3, "3": 2}, 9),
        ("audit-c", {"1": 4}, None),
        ("phq-9", {"1": 0, "2": 3}, 3),
    ]
    with engine.begin() as connection:
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        write(connection, "patients", clinic_id=UUID(int=1), id=UUID(int=2))
        for number, (instrument, answers, total) in enumerate(stored, start=1):
            response = {"instrument": instrument, "answers": answers, "total": total, "known_until": None}
            write(
                connection,
                "questionnaire_responses",
                **patient,
                id=UUID(int=number),
                reported_by="patient",
                **response,
            )
    upgrade(url, "0031_audit_c_totals")
    with engine.connect() as connection:
        found = read(connection, "questionnaire_responses", "id", "total")
        assert [total for _, total in sorted(found, key=str)] == [0, 0, 9, None, 3]
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        found = read(connection, "questionnaire_responses", "id", "total")
        assert [total for _, total in sorted(found, key=str)] == [7, 0, 9, None, 3]
    engine.dispose()


def bases(connection: Connection) -> list[str | None]:
    """Return the basis of each outlook on record, in order of number."""
    changes = Table("outlook_changes", MetaData(), autoload_with=connection)
    outlooks = connection.scalars(select(changes.c.outlook).order_by(changes.c.number))
    return [outlook["basis"] for outlook in outlooks]


def write(connection: Connection, table: str, **values: object) -> None:
    """Insert a row, with something that the table accepts in every column that is not given."""
    reflected = Table(table, MetaData(), autoload_with=connection)
    fillers: dict[type, object] = {
        int: 1,
        str: "UTC",
        bool: True,
        UUID: UUID(int=9),
        date: date(2026, 1, 1),
        datetime: datetime(2026, 1, 1, tzinfo=UTC),
    }
    row: dict[str, object] = {"outlook_mode": "shown", "status": "due"} | values
    for column in reflected.columns:
        if not column.nullable:
            row.setdefault(column.name, fillers.get(column.type.python_type))
    known = {name: row[name] for name in row if name in reflected.columns}
    if connection.dialect.name == "sqlite":
        known = {name: value.hex if isinstance(value, UUID) else value for name, value in known.items()}
    connection.execute(reflected.insert().values(known))


def read(connection: Connection, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Every row of a table."""
    reflected = Table(table, MetaData(), autoload_with=connection)
    return [tuple(row) for row in connection.execute(select(*(reflected.c[name] for name in columns)))]


@pytest.mark.either_database
def test_patients_whose_record_numbers_are_spelled_differently_all_stay(at_revision):
    url = at_revision("0042_acknowledged_level")
    engine = create_engine(url)
    with engine.begin() as connection:
        numbers = ["RN-77", "rn\u201177", "RN-78"]
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        for at, number in enumerate(numbers, start=2):
            known = {"emergency_contact_name": None, "emergency_contact_telephone": None}
            write(
                connection,
                "patients",
                clinic_id=UUID(int=1),
                id=UUID(int=at),
                record_number=number,
                emergency_contact_relation=None,
                **known,
            )
    upgrade(url, "0043_record_number_key")
    with engine.connect() as connection:
        assert sorted(read(connection, "patients", "record_number", "record_number_key")) == [
            ("RN-77", "rn-77"),
            ("RN-78", "rn-78"),
            ("rn\u201177", f"id {UUID(int=3)}"),
        ]
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        assert sorted(read(connection, "patients", "record_number")) == sorted((each,) for each in numbers)
    engine.dispose()


@pytest.mark.either_database
def test_notes_of_what_was_removed_are_erased_from_every_revision(at_revision):
    url = at_revision("0043_record_number_key")
    engine = create_engine(url)
    # Removed, stored again after a removal, and never removed.
    revisions: dict[int, list[tuple[str | None, bool]]] = {
        2: [("old", False), ("newer", False), (None, True)],
        3: [("old", False), (None, True), ("told again", False)],
        4: [("old", False), ("newer", False)],
    }
    with engine.begin() as connection:
        write(connection, "clinics", id=UUID(int=1), min_interval_days=1, max_interval_days=2)
        write(connection, "patients", clinic_id=UUID(int=1), id=UUID(int=1), record_number_key="1")
        for at, rows in revisions.items():
            for version, (note, removed) in enumerate(rows, start=1):
                known: dict[str, object] = {"clinic_id": UUID(int=1), "patient_id": UUID(int=1)}
                ended = None if version == len(rows) else datetime(2026, 1, 2, tzinfo=UTC)
                known |= {
                    "version": version,
                    "note": note,
                    "removed": removed,
                    "known_until": ended,
                    "reported_by": "patient",
                }
                kind = {"kind": "life_event", "visibility": "patient"}
                write(connection, "events", **known, id=UUID(int=at), **kind)
                day = date(2026, 1, at)
                write(connection, "check_ins", **known, local_date=day, entry_mode="live")
    upgrade(url, "0050_clinic_address")
    with engine.connect() as connection:
        for table, key in (("events", "id"), ("check_ins", "local_date")):
            notes = [row[2] for row in sorted(read(connection, table, key, "version", "note"), key=str)]
            assert notes == [None, None, None, None, None, "told again", "old", "newer"]
    engine.dispose()


def test_every_constraint_and_index_is_named_after_its_table(connection):
    found = inspect(connection)
    for table in Base.metadata.tables:
        named = [
            found.get_pk_constraint(table),
            *found.get_foreign_keys(table),
            *found.get_unique_constraints(table),
            *found.get_check_constraints(table),
            *found.get_indexes(table),
        ]
        names = [str(each["name"]) for each in named]
        assert [name for name in names if not re.match(rf"(pk|fk|uq|ck|ix)_{table}(_|$)", name)] == []


def test_the_files_name_no_database():
    assert "://" not in (ROOT / "alembic.ini").read_text(encoding="utf-8")


def of_words(condition: str) -> list[str]:
    """A condition's words and numbers, without what PostgreSQL adds when it writes one back."""
    text = re.sub(r"[()]", "", condition.lower())
    text = re.sub(r"::(character varying|double precision|text|integer|numeric)(\[\])?", "", text)
    text = re.sub(r"(\w+) >= ([\d.]+) and \1 <= ([\d.]+)", r"\1 between \2 and \3", text)
    text = re.sub(r"= any array\[(.*?)\]", r"in \1", text)
    return re.findall(r"[\w.]+|[<>=]+", text)


@pytest.mark.either_database
def test_open_alerts_of_one_patient_and_kind_are_merged_with_all_their_answers_and_messages(at_revision):
    url = at_revision("0043_record_number_key")
    engine = create_engine(url)
    clinic, first, second = UUID(int=1), UUID(int=2), UUID(int=3)
    with engine.begin() as connection:
        write(connection, "clinics", id=clinic, min_interval_days=1, max_interval_days=2)
        unknown = dict.fromkeys(f"emergency_contact_{name}" for name in ("name", "relation", "telephone"))
        for patient in (first, second):
            about = {"record_number": f"RN-{patient.int}", "record_number_key": f"rn-{patient.int}"}
            write(connection, "patients", clinic_id=clinic, id=patient, **about, **unknown)
        for at, (patient, source, day, answer, escalated, acknowledged) in enumerate(
            [
                (first, "daily_answer", 5, 1, 5, None),
                (first, "daily_answer", 6, 2, None, None),
                (first, "daily_answer", 7, 2, 7, None),
                (first, "daily_answer", 8, 3, None, 8),
                (first, "item_9", 9, 3, None, None),
                (second, "daily_answer", 9, 1, None, None),
            ],
            start=11,
        ):
            alert = {"patient_id": patient, "source": source, "answer": answer, "rank": int(answer < 3)}
            alert |= {"source_id": f"2026-01-0{day}", "local_date": date(2026, 1, day)}
            alert |= {"priority": "top" if answer == 3 else "endorsed", "opened_at": noon(day)}
            alert |= {"escalated_at": noon(escalated, 1), "acknowledged_at": noon(acknowledged, 2)}
            alert |= {"acknowledged_by": acknowledged and UUID(int=9)}
            write(connection, "safety_alerts", clinic_id=clinic, id=UUID(int=at), **alert)
        for at, (alert_id, channel, state, day) in enumerate(
            [(11, "email", "waiting", 5), (11, "webhook", "delivered", 5), (13, "email", "waiting", 7)],
            start=21,
        ):
            sent = {"alert_id": UUID(int=alert_id), "channel": channel, "state": state}
            write(
                connection, "deliveries", clinic_id=clinic, id=UUID(int=at), created_at=noon(day, 1), **sent
            )
    upgrade(url, "0045_alert_answers")
    with engine.connect() as connection:
        described = read(connection, "safety_alerts", "answer", "priority", "answer_count", "local_date")
        assert sorted(described) == [
            (1, "endorsed", 1, date(2026, 1, 9)),
            (2, "endorsed", 3, date(2026, 1, 7)),
            (3, "top", 1, date(2026, 1, 8)),
            (3, "top", 1, date(2026, 1, 9)),
        ]
        moments = read(connection, "safety_alerts", "answer_count", "opened_at", "latest_answer_at")
        assert [days(row) for row in moments if row[0] == 3] == [[5, 7]]
        since = read(connection, "safety_alerts", "answer_count", "waiting_since", "escalated_at")
        # Nobody was notified of the second answer, and somebody of the first and the third.
        assert [days(row) for row in since if row[0] == 3] == [[6, 7]]
        answers = read(connection, "safety_alert_answers", "number", "record_id", "answer")
        assert sorted(answers) == [
            (1, "2026-01-05", 1),
            (1, "2026-01-08", 3),
            (1, "2026-01-09", 1),
            (1, "2026-01-09", 3),
            (2, "2026-01-06", 2),
            (3, "2026-01-07", 2),
        ]
        messages = read(connection, "deliveries", "channel", "state", "alert_id")
        assert sorted(row[:2] for row in messages) == [
            ("email", "waiting"),
            ("email", "withdrawn"),
            ("webhook", "delivered"),
        ]
        assert len({row[2] for row in messages}) == 1
    command.downgrade(config_for(url), "-1")
    with engine.connect() as connection:
        sources = read(connection, "safety_alerts", "source_id", "answer")
        assert sorted(sources) == [("2026-01-07", 2), ("2026-01-08", 3), ("2026-01-09", 1), ("2026-01-09", 3)]
        assert sorted(read(connection, "deliveries", "channel")) == [("email",), ("webhook",)]
    engine.dispose()


def noon(day: int | None, hours_later: int = 0) -> datetime | None:
    """Return so many hours after noon of a day of January; None without a day."""
    return None if day is None else datetime(2026, 1, day, 12 + hours_later, tzinfo=UTC)


def days(row: tuple[object, ...]) -> list[int]:
    """Return the days of the instants in a row."""
    return [value.day for value in row if isinstance(value, datetime)]
