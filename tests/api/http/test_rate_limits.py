"""Dear reads are limited by account, and each response says what is left."""

from __future__ import annotations

import re
import threading

import pytest

from api.http import rate_limits
from api.http.rate_limits import MAX_CALLERS, WINDOW_S, TokenBuckets

LIMIT = re.compile(r'"dear-reads";r=(\d+);t=(\d+)')


@pytest.fixture
def most(app):
    rate_limits.install(app, 10)
    return 10


def left(answer):
    match = LIMIT.fullmatch(answer.headers["RateLimit"])
    assert match
    return int(match[1]), int(match[2])


def test_a_caller_is_limited_and_is_told_so_before_and_after(client, people, most):
    path = f"/v1/patients/{people.patient.patient_id}/summary"
    answers = [client.get(path, headers=people.integration.headers) for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [200] * most + [429]
    assert [left(answer)[0] for answer in answers] == [*range(most - 1, -1, -1), 0]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"dear-reads";q=10;w=60'}
    refused = answers[-1]
    assert (refused.json["code"], refused.headers["Content-Type"]) == (
        "rate_limited",
        "application/problem+json",
    )
    assert 1 <= int(refused.headers["Retry-After"]) <= WINDOW_S / most
    assert client.get(path, headers=people.clinician.headers).status_code == 200


@pytest.mark.parametrize(
    ("path", "tokens"),
    [("trends", 2), ("outlook", 1), ("response-curve", 2), ("side-effects", 2), ("check-ins", 1)],
)
def test_each_dear_read_takes_its_tokens(client, people, most, path, tokens):
    answer = client.get(f"/v1/patients/{people.patient.patient_id}/{path}", headers=people.clinician.headers)
    assert answer.status_code == 200
    assert left(answer)[0] == most - tokens


@pytest.mark.usefixtures("most")
def test_reports_charts_and_exports_are_limited(client, people):
    clinic, patient = f"/v1/clinics/{people.clinic_id}", f"/v1/patients/{people.patient.patient_id}"
    for path, accept in (
        (f"{clinic}/reports/outcomes", "application/json"),
        (f"{patient}/trends", "image/png"),
        (f"{patient}/check-ins", "text/csv"),
        (f"{clinic}/patients", "application/json"),
    ):
        answer = client.get(path, headers=people.clinician.headers | {"Accept": accept})
        assert "RateLimit" in answer.headers, path
    assert client.get(f"{patient}/trends", headers=people.clinician.headers).status_code == 429


@pytest.mark.usefixtures("most")
def test_what_is_not_dear_has_no_limit(client, people):
    for _ in range(20):
        answer = client.get("/v1/me", headers=people.patient.headers)
        assert (answer.status_code, "RateLimit" in answer.headers) == (200, False)


def test_tokens_come_back_evenly():
    buckets = TokenBuckets(6)
    assert [buckets.take("a", 1, 0.0).granted for _ in range(7)] == [True] * 6 + [False]
    assert buckets.take("a", 1, 0.0).retry_after_s == 10
    assert not buckets.take("a", 1, 9.9).granted
    assert buckets.take("a", 1, 10.0).granted
    assert buckets.take("a", 3, 40.0).granted
    assert not buckets.take("a", 1, 40.0).granted
    assert buckets.take("a", 1, 1_000.0).remaining == 5


def test_what_takes_more_than_there_can_be_takes_all():
    buckets = TokenBuckets(6)
    assert buckets.take("a", 10, 0.0).granted
    assert not buckets.take("a", 10, 59.0).granted
    assert buckets.take("a", 10, 60.0).granted


def test_callers_are_counted_apart_and_no_more_of_them_than_a_process_remembers():
    buckets = TokenBuckets(1)
    assert all(buckets.take(caller, 1, 0.0).granted for caller in range(2 * MAX_CALLERS))
    assert len(buckets._full_at) == MAX_CALLERS


def test_threads_share_one_bucket():
    buckets = TokenBuckets(50)
    granted: list[bool] = []

    def ask():
        granted.extend(buckets.take("a", 1, 0.0).granted for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert granted.count(True) == 50
