from __future__ import annotations

from pathlib import Path

from tests.architecture.sources import calls_of_methods, python_files

# The one place where a transaction begins, and so ends.
DATABASE = Path("models/database.py")
BEYOND_THE_GUARD = {
    "bulk_save_objects",
    "bulk_insert_mappings",
    "bulk_update_mappings",
    "connect",
    "connection",
    "raw_connection",
}
MAY_GO_BEYOND = {
    # Alembic asks a connection, of a table that belongs to no clinic.
    Path("models/schema_version.py"),
    # A connection of the driver is opened before there is a session.
    Path("models/postgresql_connection.py"),
    # What waits in which clinic is asked of all at once, by one function.
    Path("models/tenancy.py"),
    # A connection to a mail server.
    Path("services/mail.py"),
    # A backup is of all clinics.
    Path("models/sqlite_file.py"),
    Path("services/backups/drills.py"),
    Path("services/backups/postgresql_store.py"),
    Path("services/backups/sqlite_store.py"),
    Path("services/backups/stores.py"),
}
# Exchanges the names of two databases, which is no transaction of this one.
EXCHANGE = Path("services/backups/postgresql_store.py")


def test_no_module_calls_commit():
    assert not [
        place for path in python_files() for name, place in calls_of_methods(path) if name == "commit"
    ]


def test_transactions_begin_in_one_place():
    begun = [
        place
        for path in python_files()
        if path != EXCHANGE
        for name, place in calls_of_methods(path)
        if name == "begin"
    ]
    assert [place.partition(":")[0] for place in begun] == [str(DATABASE)]


def test_every_statement_goes_through_a_session():
    assert not [
        f"{place} {name}"
        for path in python_files()
        if path not in MAY_GO_BEYOND
        for name, place in calls_of_methods(path)
        if name in BEYOND_THE_GUARD
    ]
