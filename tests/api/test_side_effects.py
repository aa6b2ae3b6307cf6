"""The catalogue of side effects."""

from __future__ import annotations

from clinical.side_effects import CODES


def test_the_catalogue_names_every_code_a_check_in_may_carry(client):
    answer = client.get("/v1/catalog/side-effects")
    assert {item["code"] for item in answer.json["items"]} == set(CODES)
    assert answer.json["severities"] == ["mild", "moderate", "severe"]
    assert all(item["label"] and item["group"] for item in answer.json["items"])


def test_a_client_that_has_the_catalogue_gets_304(client):
    answer = client.get("/v1/catalog/side-effects")
    tag = answer.headers["ETag"]
    same = client.get("/v1/catalog/side-effects", headers={"If-None-Match": f'W/{tag}, "other"'})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    assert same.headers["Cache-Control"] == answer.headers["Cache-Control"]
    assert client.get("/v1/catalog/side-effects", headers={"If-None-Match": '"other"'}).status_code == 200
