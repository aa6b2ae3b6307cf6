from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clinical.statistics import MIN_GROUP_SIZE
from clinical.statistics.cell_suppression import NOBODY, Count, Shown, shown

counts = st.integers(0, 30).flatmap(
    lambda of: st.integers(0, of).map(lambda people: Count(people, of)) if of else st.just(Count(0, 1))
)
tables = st.dictionaries(st.sampled_from("abcdefg"), counts, min_size=1)


def test_a_group_is_small_by_those_counted_or_by_those_left_over():
    assert [Count(people, 20).small for people in (0, 4, 5, 15, 16, 20)] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]


def test_where_every_group_is_large_all_are_shown():
    assert shown({"a": Count(5, 10), "b": Count(20, 40)}).groups == {"a", "b"}


def test_one_hidden_group_takes_the_smallest_other_with_it():
    table = {"a": Count(2, 9), "b": Count(9, 20), "c": Count(30, 60)}
    found = shown(table)
    assert found == Shown(frozenset("c"), total=True)


def test_a_small_group_without_neighbours_hides_the_total():
    found = shown({"a": Count(2, 9), "b": Count(9, 20)})
    assert found == Shown(frozenset(), total=True)
    found = shown({"a": Count(30, 60)})
    assert found == Shown(frozenset("a"), total=True)
    assert not shown({"a": Count(2, 60)}).total


@given(tables)
def test_nothing_small_is_shown_or_left_by_subtraction(table):
    found = shown(table)
    assert not any(table[group].small for group in found.groups)
    if found.total:
        assert not sum(table.values(), NOBODY).small
        hidden = [count for group, count in table.items() if group not in found.groups]
        left = sum(hidden, NOBODY)
        assert len(hidden) != 1
        assert not hidden or min(left.numerator, left.denominator - left.numerator) >= MIN_GROUP_SIZE
