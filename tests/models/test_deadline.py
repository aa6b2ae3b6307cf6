from __future__ import annotations

import threading
import time

import pytest

from models import deadline


@pytest.fixture(autouse=True)
def _received():
    token = deadline.RECEIVED_AT.set(None)
    yield
    deadline.RECEIVED_AT.reset(token)


def wait(seconds: float) -> float:
    with deadline.waiting(10.0) as left:
        time.sleep(seconds)
    return left


def test_outside_a_request_a_wait_may_take_its_own_time():
    assert wait(0.0) == 10.0
    assert deadline.remaining(3.0) == 3.0


def test_the_waits_of_a_request_share_one_limit():
    with deadline.of_request():
        assert wait(0.3) == pytest.approx(deadline.REQUEST_WAIT_S)
        assert deadline.remaining(10.0) == pytest.approx(deadline.REQUEST_WAIT_S - 0.3, abs=0.2)
    assert deadline.remaining(10.0) == 10.0


def test_many_short_waits_are_progress():
    with deadline.limited(0.02):
        for _ in range(10):
            wait(0.005)
        assert deadline.remaining(1.0) == pytest.approx(0.02)


def test_a_request_that_was_queued_too_long_has_no_time_left():
    deadline.RECEIVED_AT.set(time.monotonic() - deadline.REQUEST_WAIT_S - 1)
    with deadline.of_request():
        assert deadline.remaining(1.0) < 0
        assert wait(0.0) == 0.0


def test_what_a_part_waited_counts_for_the_whole():
    with deadline.limited(1.0):
        with deadline.limited(0.4):
            wait(0.2)
            assert deadline.remaining(1.0) == pytest.approx(0.2, abs=0.1)
        assert deadline.remaining(1.0) == pytest.approx(0.8, abs=0.1)
        with deadline.limited(5.0):
            assert deadline.remaining(9.0) == pytest.approx(0.8, abs=0.1)


def test_threads_do_not_share_a_limit():
    found: list[float] = []
    with deadline.limited(0.1):
        thread = threading.Thread(target=lambda: found.append(deadline.remaining(7.0)))
        thread.start()
        thread.join()
    assert found == [7.0]
