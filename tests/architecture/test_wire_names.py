"""Every name, type, enum and description of openapi.json holds to the rules of tests/architecture/wire.py."""

from __future__ import annotations

import pytest

from tests.architecture.wire import DATES, FREE_TEXT, INSTANTS, OF_STANDARDS, committed

WIRE = committed()


@pytest.mark.parametrize("rule", WIRE.rules)
def test_no_name_of_the_wire_breaks_a_rule(rule):
    check, total = WIRE.rules[rule]
    assert list(check()) == []
    assert total > 0


def test_nothing_is_excepted_that_the_wire_does_not_have():
    owners = {each.owner for each in WIRE.properties}
    names = {each.name for each in [*WIRE.properties, *WIRE.parameters]}
    places = {each.place for each in WIRE.properties}
    assert owners >= set(OF_STANDARDS)
    assert names | places >= {*DATES, *INSTANTS, *FREE_TEXT}
