"""The catalogue over HTTP: every item with its licence, every version for ever."""

from __future__ import annotations

import pytest

from clinical.instruments.catalogue import CATALOGUE


@pytest.fixture
def kind() -> str:
    """One database will do: no row is looked at."""
    return "sqlite"


def test_the_catalogue_lists_what_is_asked_here_with_its_licence(client):
    answer = client.get("/v1/questionnaires")
    assert [item["code"] for item in answer.json["items"]] == [found.code for found in CATALOGUE]
    assert all(item["licence"] for item in answer.json["items"])
    again = client.get("/v1/questionnaires", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("instrument", CATALOGUE, ids=lambda instrument: instrument.code)
def test_a_version_is_returned_whole_and_may_be_cached_for_ever(client, instrument):
    path = f"/v1/questionnaires/{instrument.code}/versions/{instrument.version}"
    answer = client.get(path)
    result = answer.json
    assert "immutable" in answer.headers["Cache-Control"]
    assert [item["text"] for item in result["items"]] == [item.text for item in instrument.items]
    assert result["licence"] == instrument.licence
    assert result["citation"] == instrument.source
    assert (result["lowest"], result["highest"]) == (0, instrument.highest)
    assert len(result["bands"]) == len(instrument.bands)
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_phq_9_comes_with_the_codes_of_its_items_and_answers(client):
    result = client.get("/v1/questionnaires/phq-9/versions/1").json
    assert (result["loinc_panel"], result["loinc_total"]) == ("44249-1", "44261-6")
    ninth = result["items"][8]
    assert (ninth["code"], ninth["loinc"]) == ("9", "44260-8")
    assert [option.get("loinc") for option in ninth["options"]] == [
        *("LA6568-5", "LA6569-3"),
        *("LA6570-1", "LA6571-9"),
    ]
    assert not any("loinc" in option for option in result["items"][9]["options"])


@pytest.mark.parametrize("path", ["phq-9/versions/0", "phq9/versions/1", "madrs/versions/1"])
def test_what_is_not_asked_here_is_not_found(client, path):
    assert client.get(f"/v1/questionnaires/{path}").status_code == 404
