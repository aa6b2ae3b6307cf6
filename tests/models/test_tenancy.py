from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    join,
    literal,
    literal_column,
    select,
    table,
    tablesample,
    text,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.orm import join as orm_join

from models.accounts import Account
from models.base import Base
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.patients import Patient
from models.tenancy import TenancyError, across_clinics, of_clinic, prepared
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Executable

    from models.database import Database

DAY = date(2026, 3, 1)
ROWS = Base.metadata.tables["patients"]
OTHER_NAME = aliased(Patient)
ACCOUNT_COLUMNS = ("id", "clinic_id", "roles", "display_name", "version", "created_at")


@dataclass(frozen=True)
class TwoClinics:
    here: UUID
    there: UUID
    ours: UUID
    theirs: UUID


@pytest.fixture
def clinics(database: Database) -> TwoClinics:
    """Here one patient with one check-in; there two of each."""
    with database.write() as session:
        here, there = factories.clinic(session).id, factories.clinic(session).id
    first: dict[UUID, UUID] = {}
    for clinic_id, patients in ((here, 1), (there, 2)):
        with database.write(clinic_id) as session:
            for _ in range(patients):
                patient = factories.patient(session)
                factories.check_in(session, patient, DAY)
                first.setdefault(clinic_id, patient.id)
    return TwoClinics(here, there, first[here], first[there])


# Each gives one row, or counts one, when it stays in the clinic; three when it does not.
NARROWED: dict[str, Callable[[], Executable]] = {
    "rows": lambda: select(Patient),
    "a column": lambda: select(Patient.id),
    "a labelled column": lambda: select(Patient.id.label("other")),
    "an expression": lambda: select(Patient.version + 1),
    "a function of a column": lambda: select(func.coalesce(Patient.id, None)),
    "a subquery's columns": lambda: select(select(Patient).subquery().c.id),
    "rows out of a subquery": lambda: select(aliased(Patient, select(Patient).subquery())),
    "a common table expression": lambda: select(select(Patient.id).cte().c.id),
    "a union": lambda: select(Patient.id).union(select(Patient.id)),
    "a union of two tables": lambda: select(
        union_all(select(Patient.id), select(CheckIn.patient_id)).subquery()
    ).distinct(),
    "a table named in the where clause only": lambda: select(Account).where(Account.patient_id == Patient.id),
    "a subquery in the where clause": lambda: select(Account).where(
        Account.patient_id.in_(select(Patient.id))
    ),
    "a correlated exists": lambda: select(Account).where(exists().where(Patient.id == Account.patient_id)),
    "a join": lambda: select(Account).join(Patient, Patient.account_id == Account.id),
    "a join of two clinical tables": lambda: select(Patient.id, CheckIn.mood).join(
        CheckIn, and_(CheckIn.clinic_id == Patient.clinic_id, CheckIn.patient_id == Patient.id)
    ),
    "two tables in one expression": lambda: select(CheckIn.mood + Patient.version).where(
        CheckIn.patient_id == Patient.id
    ),
    "a page by key": lambda: select(Patient).where(tuple_(Patient.display_name, Patient.id) > ("", uuid4())),
    "a number for each row": lambda: select(literal(1)).select_from(Patient),
    "its own statement": lambda: select(Patient).from_statement(select(Patient)),
}
COUNTED: dict[str, Callable[[], Executable]] = {
    "rows": lambda: select(func.count()).select_from(Patient),
    "a column": lambda: select(func.count(Patient.id)),
    "a subquery": lambda: select(func.count()).select_from(select(Patient).subquery()),
    "a join": lambda: (
        select(func.count()).select_from(Account).join(Patient, Patient.account_id == Account.id)
    ),
    "inside a global query": lambda: select(select(func.count(Patient.id)).scalar_subquery()).select_from(
        Clinic
    ),
}
REFUSED: dict[str, Callable[[], Executable]] = {
    "an alias": lambda: select(OTHER_NAME),
    "a count over an alias": lambda: select(func.count()).select_from(OTHER_NAME),
    "a join to an alias": lambda: select(Account).join(OTHER_NAME, OTHER_NAME.account_id == Account.id),
    "an alias inside exists": lambda: select(exists(select(1).select_from(OTHER_NAME))),
    "a sample": lambda: select(tablesample(Patient, 100)),
    "a bare table": lambda: select(ROWS),
    "a bare column": lambda: select(ROWS.c.id),
    "a count of a bare table": lambda: select(func.count()).select_from(ROWS),
    "a bare column in the where clause": lambda: select(Account).where(Account.patient_id == ROWS.c.id),
    "a bare table's alias": lambda: select(ROWS.alias()),
    "a bare table in exists": lambda: select(exists().select_from(ROWS)),
    "a join to a bare table": lambda: select(Account).join(ROWS, ROWS.c.account_id == Account.id),
    "a join made beforehand": lambda: select(func.count()).select_from(
        orm_join(Account, Patient, Patient.account_id == Account.id)
    ),
    "a join of bare tables": lambda: select(func.count()).select_from(
        join(Account.__table__, ROWS, ROWS.c.account_id == Account.__table__.c.id)
    ),
    "a window alone, which is no ORM query": lambda: select(func.row_number().over(order_by=Patient.id)),
    "a second table in one expression": lambda: select(func.coalesce(Account.version, Patient.version)),
    "a table by its name": lambda: select(column("id")).select_from(table("patients")),
    "a table and column by their names": lambda: select(table("patients", column("id"))),
    "written-out SQL": lambda: text("SELECT * FROM patients"),
    "rows from written-out SQL": lambda: select(Patient).from_statement(text("SELECT * FROM patients")),
    "a written-out column": lambda: select(literal_column("(SELECT count(*) FROM patients)")),
    "a bare update": lambda: update(ROWS).values(version=2),
    "an update that looks at another table": lambda: (
        update(Account).where(Account.patient_id == Patient.id).values(version=2)
    ),
    "an update that moves a row": lambda: update(CheckIn).values(clinic_id=uuid4()),
    "a bare delete": lambda: delete(ROWS),
    "a delete that looks at another table": lambda: delete(CheckIn).where(CheckIn.patient_id == Patient.id),
    "an insert": lambda: insert(Patient).values(id=uuid4()),
    "an insert from a query": lambda: insert(Account).from_select(
        ACCOUNT_COLUMNS,
        select(
            Patient.id,
            Patient.clinic_id,
            literal("admin"),
            Patient.display_name,
            Patient.version,
            Patient.enrolled_at,
        ),
    ),
}


def test_a_query_gives_only_rows_of_its_clinic(database, clinics, subtests):
    for shape, statement in NARROWED.items():
        for clinic_id, rows in ((clinics.here, 1), (clinics.there, 2)):
            with subtests.test(shape), database.read(clinic_id) as session:
                assert len(session.execute(statement()).all()) == rows


def test_a_count_counts_only_rows_of_its_clinic(database, clinics, subtests):
    for shape, statement in COUNTED.items():
        with subtests.test(shape), database.read(clinics.here) as session:
            assert session.execute(statement()).first() == (1,)


def test_what_cannot_be_restricted_is_refused(database, clinics, subtests):
    for shape, statement in REFUSED.items():
        with subtests.test(shape), database.read(clinics.here) as session, pytest.raises(TenancyError):
            session.execute(statement())


def test_a_session_of_no_clinic_sees_no_clinical_row(database, subtests):
    for shape, statement in {**NARROWED, **COUNTED}.items():
        with subtests.test(shape), database.read() as session, pytest.raises(TenancyError):
            session.execute(statement())


@pytest.mark.usefixtures("clinics")
def test_a_session_of_no_clinic_sees_the_global_tables(database):
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Clinic)) == 2
        assert session.scalar(select(func.count(Account.id))) == 3


def test_a_session_of_no_clinic_can_be_given_one(database, clinics):
    with database.read() as session:
        with pytest.raises(TenancyError):
            of_clinic(session)
        session.info["clinic_id"] = clinics.here
        assert session.scalars(select(Patient.id)).all() == [clinics.ours]


def test_get_finds_a_row_of_the_clinic_and_none_of_another(database, clinics):
    with database.read(clinics.here) as session:
        assert session.get(Patient, (clinics.here, clinics.ours)) is not None
        assert session.get(Patient, (clinics.there, clinics.theirs)) is None


def test_a_lock_by_get_and_a_refresh_stay_possible(database, clinics):
    with database.write(clinics.here) as session:
        patient = session.get_one(Patient, (clinics.here, clinics.ours), with_for_update=True)
        session.refresh(patient)
        assert patient.id == clinics.ours


def test_a_bulk_update_changes_only_rows_of_its_clinic(database, clinics):
    with database.write(clinics.here) as session:
        session.execute(update(Patient).values(day_start_hour=9))
    with database.read(clinics.there) as session:
        assert set(session.scalars(select(Patient.day_start_hour))) == {4}
    with database.read(clinics.here) as session:
        assert set(session.scalars(select(Patient.day_start_hour))) == {9}


def test_a_bulk_delete_deletes_only_rows_of_its_clinic(database, clinics):
    with database.write(clinics.here) as session:
        session.execute(delete(CheckIn).where(CheckIn.local_date == DAY))
    with database.read(clinics.here) as session:
        assert session.scalar(select(func.count(CheckIn.mood))) == 0
    with database.read(clinics.there) as session:
        assert session.scalar(select(func.count(CheckIn.mood))) == 2


@pytest.mark.parametrize("given", [{}, {"clinic_id": uuid4()}], ids=["values", "parameters"])
def test_an_update_with_rows_by_key_is_refused(database, clinics, given):
    row = {"clinic_id": clinics.there, "id": clinics.theirs, "version": 2}
    with database.read(clinics.here) as session, pytest.raises(TenancyError):
        session.execute(update(Patient), given or [row])


def test_a_global_update_may_ask_the_clinic_in_a_subquery(database, clinics):
    with database.write(clinics.here) as session:
        asked = Account.patient_id.in_(select(Patient.id))
        session.execute(update(Account).where(asked).values(display_name="Asked"))
    with database.read() as session:
        changed = session.scalars(select(Account.clinic_id).where(Account.display_name == "Asked")).all()
    assert changed == [clinics.here]


def test_a_new_row_is_stamped_with_the_clinic_of_its_session(database, clinics):
    with database.write(clinics.here) as session:
        patient = session.get_one(Patient, (clinics.here, clinics.ours))
        row = factories.check_in(session, patient, date(2026, 3, 2), clinic_id=None)
        assert row.clinic_id == clinics.here


def test_a_row_of_another_clinic_is_not_written(database, clinics):
    with pytest.raises(TenancyError), database.write(clinics.here) as session:
        factories.patient(session, clinic_id=clinics.there)
    with database.read(clinics.there) as session:
        assert session.scalar(select(func.count(Patient.id))) == 2


def test_a_session_of_no_clinic_writes_no_clinical_row(database, clinics):
    with pytest.raises(TenancyError), database.write() as session:
        factories.patient(session, clinic_id=clinics.there)


@pytest.mark.parametrize("change", ["change", "delete"])
def test_a_row_brought_in_from_another_clinics_session_is_not_touched(database, clinics, change):
    with database.read(clinics.there) as session:
        theirs = session.get_one(Patient, (clinics.there, clinics.theirs))
    if change == "change":
        theirs.display_name = "Changed"
    with database.read(clinics.here) as session:
        session.add(theirs)
        if change == "delete":
            session.delete(theirs)
        with pytest.raises(TenancyError):
            session.flush()


def test_a_row_cannot_be_moved_to_another_clinic(database, clinics):
    with pytest.raises(TenancyError), database.write(clinics.here) as session:
        session.get_one(Patient, (clinics.here, clinics.ours)).clinic_id = clinics.there


def test_a_statement_cached_for_one_clinic_is_not_reused_for_another(database, clinics):
    query = select(Patient.clinic_id)
    for clinic_id in (clinics.here, clinics.there, clinics.here):
        with database.read(clinic_id) as session:
            assert set(session.scalars(query)) == {clinic_id}


def test_a_prepared_statement_is_restricted_to_whichever_clinic_runs_it(database, clinics):
    query = prepared(select(Patient.clinic_id).where(Patient.version == bindparam("version")))
    for clinic_id in (clinics.here, clinics.there, clinics.here):
        with database.read(clinic_id) as session:
            assert set(session.scalars(query, {"version": 1})) == {clinic_id}
    with database.read() as session, pytest.raises(TenancyError):
        session.scalars(query, {"version": 1})


def test_a_prepared_statement_that_cannot_be_restricted_is_refused_each_time(database, clinics):
    query = prepared(select(ROWS.c.id))
    for _ in range(2):
        with database.read(clinics.here) as session, pytest.raises(TenancyError):
            session.execute(query)


def test_what_was_found_of_one_statement_is_not_believed_of_another_that_names_more(database, clinics):
    allowed, refused = select(Patient.clinic_id), select(Patient.clinic_id, text("1 AS one"))
    for query, is_allowed in [(allowed, True), (refused, False), (allowed, True), (refused, False)]:
        with database.read(clinics.here) as session:
            if is_allowed:
                assert set(session.scalars(query)) == {clinics.here}
            else:
                with pytest.raises(TenancyError):
                    session.execute(query)


def test_only_a_session_without_a_clinic_reads_across_clinics(clinics, database):
    query = select(Patient.clinic_id).distinct()
    with database.read() as session:
        assert {clinic_id for (clinic_id,) in across_clinics(session, query)} == {clinics.here, clinics.there}
    with database.read(clinics.here) as session, pytest.raises(TenancyError):
        across_clinics(session, query)
