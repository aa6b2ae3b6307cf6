"""What infusions cost, over HTTP: kept in minor units, added up by currency, and a page to print."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
PARTLY = {"currency": "EUR", "price": 35000, "coverage": "partly", "covered": 12000}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(
        method: str, what: Any, body: Any = None, who: Any = None, version: int | None = None, **more: str
    ):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | more | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(f"/v1/patients/{patient}/{what}", method=method, json=body, headers=headers)

    return send


@pytest.fixture
def infuse(database, people):
    def on(*back: int, **given: Any) -> list[UUID]:
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            days = [TODAY - timedelta(days=days) for days in back]
            return [factories.infusion(session, patient, day, **given).id for day in days]

    return on


def faults(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.json
    return {(error["pointer"], error["code"]) for error in answer.json["errors"]}


def test_a_price_is_stored_once_corrected_by_version_and_removed(ask, infuse):
    (given,) = infuse(3)
    where = f"costs/{given}"
    first, again = (ask("PUT", where, PARTLY) for _ in range(2))
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    assert ask("PUT", where, PARTLY | {"price": 36000}).status_code == 428
    assert ask("PUT", where, PARTLY | {"price": 36000}, version=1).json["version"] == 2
    assert ask("DELETE", where, version=2).status_code == 204
    assert ask("GET", where).status_code == 410
    assert ask("GET", "costs").json["without_price_count"] == 1
    assert ask("PUT", f"costs/{uuid4()}", PARTLY).status_code == 404


def test_the_price_of_a_removed_infusion_is_not_shown(ask, infuse):
    (given,) = infuse(3)
    ask("PUT", f"costs/{given}", PARTLY)
    assert ask("DELETE", f"infusions/{given}", version=1).status_code == 204
    assert [ask(how, f"costs/{given}").status_code for how in ("GET", "DELETE")] == [410, 410]
    assert ask("PUT", f"costs/{given}", PARTLY | {"price": 1}, version=1).status_code == 410
    assert ask("GET", "costs").json["items"] == []


def test_amounts_paid_upfront_and_reimbursed_are_shown_with_the_patient_share(ask, infuse):
    (first, second) = infuse(6, 3)
    ask(
        "PUT",
        f"costs/{first}",
        {"currency": "EUR", "price": 45000, "coverage": "reimbursed", "covered": 12000},
    )
    ask("PUT", f"costs/{second}", PARTLY)
    result = ask("GET", "costs").json
    names = ("price", "covered", "paid_upfront", "reimbursed", "patient_share")
    assert [[line[name] for name in names] for line in (*result["items"], *result["totals"])] == [
        [45000, 12000, 45000, 12000, 33000],
        [35000, 12000, 23000, 0, 23000],
        [80000, 24000, 68000, 12000, 56000],
    ]
    page = ask("GET", "costs", Accept="text/html").text
    heads, (reimbursed, *_) = (
        re.findall("<th[^>]*>(.*?)</th>", page),
        re.findall("<tbody[^>]*><tr[^>]*>(.*?)</tr>", page),
    )
    assert "" not in heads
    assert heads[4:9] == ["Price", "Covered", "Patient pays", "Reimbursed", "Left to the patient"]
    assert re.findall("[0-9]+[.][0-9]+", reimbursed) == ["450.00", "120.00", "450.00", "120.00", "330.00"]


def test_a_missing_annual_estimate_states_what_it_waits_for(ask, infuse):
    def page() -> str:
        return str(ask("GET", "costs", Accept="text/html").text)

    assert "A year is estimated in maintenance, once an infusion given has a price." in page()
    for given in infuse(40, 37, 33, 30, 26, 23):
        ask("PUT", f"costs/{given}", PARTLY)
    assert "The interval between the last two infusions is shown once maintenance has two." in page()
    infuse(2)
    assert "is shown once" not in page()


def test_an_invalid_charge_is_refused_with_its_field(ask, infuse):
    (given,) = infuse(3)
    for changed, fault in (
        ({"price": -1}, ("#/price", "out_of_range")),
        ({"price": 350.5}, ("#/price", "not_whole")),
        ({"price": "350.00"}, ("#/price", "not_whole")),
        ({"covered": -1}, ("#/covered", "out_of_range")),
        ({"covered": 35001}, ("#/covered", "above_price")),
        ({"covered": 35000}, ("#/covered", "not_partly")),
        ({"covered": 0}, ("#/covered", "required")),
        ({"coverage": "none"}, ("#/covered", "not_covered")),
        ({"coverage": "somehow"}, ("#/coverage", "unknown_coverage")),
        ({"currency": "EUX"}, ("#/currency", "unknown_currency")),
        ({"currency": "eur"}, ("#/currency", "unknown_currency")),
    ):
        assert faults(ask("PUT", f"costs/{given}", PARTLY | changed)) == {fault}, changed
    assert ask("GET", "costs").json["items"] == []
    whole = PARTLY | {"coverage": "reimbursed", "covered": 35000}
    assert ask("PUT", f"costs/{given}", whole).status_code == 201


def test_a_patient_reads_totals_and_an_annual_estimate_at_three_intervals(ask, infuse, people):
    induction = infuse(80, 77, 73, 70, 66, 63)
    (second, last) = infuse(42, 21)
    (booked,) = infuse(0, status="scheduled")
    for given in (*induction, second):
        ask("PUT", f"costs/{given}", PARTLY)
    ask("PUT", f"costs/{last}", {"currency": "EUR", "price": 40000, "coverage": "none"})
    ask("PUT", f"costs/{booked}", {"currency": "CHF", "price": 40000, "coverage": "none"})
    result = ask("GET", "costs", who=people.patient).json
    assert result["totals"] == [
        {"currency": "EUR", "infusion_count": 8, "price": 285000, "covered": 84000}
        | {"paid_upfront": 201000, "reimbursed": 0, "patient_share": 201000}
    ]
    assert [line["given"] for line in result["items"]] == [True] * 8 + [False]
    assert result["annual_estimate"]["infusion_id"] == str(last)
    intervals = [
        (year["interval"], year["interval_days"], year["patient_share"])
        for year in result["annual_estimate"]["scenarios"]
    ]
    assert intervals == [
        ("present_interval", 21, 695238),
        ("shortest_interval", 14, 1042857),
        ("longest_interval", 35, 417143),
    ]


def test_without_maintenance_or_a_price_there_is_no_annual_estimate(ask, infuse):
    (given,) = infuse(3)
    assert "annual_estimate" not in ask("GET", "costs").json
    ask("PUT", f"costs/{given}", PARTLY)
    assert "annual_estimate" not in ask("GET", "costs").json


def test_the_printed_statement_has_the_clinics_name_and_address(ask, people, client):
    before = ask("GET", "costs", Accept="text/html").text
    assert "<address>Harbour Clinic</address>" in before
    settings = f"/v1/clinics/{people.clinic_id}/settings"
    assert "address" not in client.get(settings, headers=people.clinician.headers).json
    headers = people.admin.headers | {"If-Match": '"v1"'}
    for wrong, code in (
        ("", "wrong_length"),
        ("  ", "nothing_written"),
        ("x" * 501, "wrong_length"),
        (7, "not_text"),
    ):
        refused = client.patch(settings, json={"address": wrong}, headers=headers)
        assert ("#/address", code) in faults(refused)
    changed = client.patch(settings, json={"address": "12 Quay <Street>\nHarbour"}, headers=headers)
    assert (changed.status_code, changed.json["address"]) == (200, "12 Quay <Street>\nHarbour")
    page = ask("GET", "costs", who=people.patient, Accept="text/html").text
    assert "<address>Harbour Clinic\n12 Quay &lt;Street&gt;\nHarbour</address>" in page
    assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in page


def test_the_statement_comes_as_csv_and_as_a_page_without_script(ask, infuse, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.display_name = "<b>Wren</b> & Co"
    for given in infuse(80, 77, 73, 70, 66, 63, 21):
        ask("PUT", f"costs/{given}", PARTLY)
    rows = list(csv.DictReader(io.StringIO(ask("GET", "costs", Accept="text/csv").text)))
    assert len(rows) == 7
    assert (rows[0]["price"], rows[0]["price_decimal"], rows[0]["patient_share_decimal"]) == (
        "35000",
        "350.00",
        "230.00",
    )
    page = ask("GET", "costs", who=people.patient, Accept="text/html")
    assert page.mimetype == "text/html"
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "&lt;b&gt;Wren&lt;/b&gt; &amp; Co" in page.text
    assert "1,610.00" in page.text
    spanish = ask("GET", "costs", **{"Accept": "text/html", "Accept-Language": "es"}).text
    assert "1610,00" in spanish
    assert "A fecha de 2026-" in spanish
    assert "<script" not in page.text
    assert ask("GET", "costs", Accept="image/png").status_code == 406
