"""The fields every schema shares take what they are meant for, and nothing that only looks like it."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, date, datetime

import pytest
from marshmallow import ValidationError

from schemas.base import (
    AsOf,
    DaysQuery,
    DecimalNumber,
    EmailAddress,
    Flag,
    Instant,
    Line,
    LocalDate,
    QueryNumber,
    Rating,
    Text,
    TimeZone,
)
from schemas.safety import AlertsQuery
from schemas.sync import DigestQuery
from schemas.trends import TrendQuery


def refused(field, value) -> bool:
    try:
        field.deserialize(value)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(("value", "read"), [(0, 0), (10, 10), (3.0, 3), (-0.0, 0)])
def test_a_whole_number_may_be_written_with_a_point(value, read):
    found = Rating().deserialize(value)
    assert (found, type(found)) == (read, int)


@pytest.mark.parametrize(
    "value",
    [3.9, "7", "٣", True, False, None, [7], {}, 11, -1, 2**31, 2**63, 10**30, 1e308, math.inf, math.nan],
)
def test_what_is_no_whole_number_in_range_is_no_rating(value):
    assert refused(Rating(), value)


@pytest.mark.parametrize(
    "value", ["", "-1", "+1", " 1", "1e2", "1.0", "٣", "²", "0x1", "1" * 11, "201", "0", 5, True]
)
def test_a_number_in_a_query_is_written_in_plain_digits(value):
    assert refused(QueryNumber(1, 200), value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, True, "35", None, -0.1, 2000.1])
def test_an_amount_is_a_finite_number_in_range(value):
    assert refused(DecimalNumber(0, 2000), value)


@pytest.mark.parametrize("value", [1, 0, "true", "yes", "", [], None])
def test_only_true_and_false_are_flags(value):
    assert refused(Flag(), value)
    assert Flag().deserialize(True) is True  # noqa: FBT003  a value, not an option


@pytest.mark.parametrize(
    "value", ["20261121", "2026-W47-6", "2026-325", "2026-11-21T00:00", "2026-02-30", "٢", 7]
)
def test_a_date_is_written_one_way(value):
    assert refused(LocalDate(), value)
    assert LocalDate().deserialize("2026-11-21") == date(2026, 11, 21)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21T21:14:05",
        "now",
        "",
        1,
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1899-12-31T00:00:00Z",
    ],
)
def test_an_instant_has_its_offset_and_lies_within_reach(value):
    assert refused(Instant(), value)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-27 08:00:00Z",
        "2026-11-27T08:00Z",
        "2026-11-27T08Z",
        "20261127T080000Z",
        "2026-W48-5T08:00:00Z",
        "2026-11-27T08:00:00+0000",
        "2026-11-27T08:00:00+00:00:30",
        "2026-11-27T08:00:00,5Z",
        "2026-11-27T24:00:00Z",
        "2026-11-27T08:00:00+24:00",
        "2026-11-27T08:00:00\N{ARABIC-INDIC DIGIT ZERO}Z",
        "2026-11-27T08:00:00Z\n",
    ],
)
def test_an_instant_in_another_form_than_rfc_3339_is_invalid(value):
    assert refused(Instant(), value)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-27T08:00:00Z",
        "2026-11-27t08:00:00z",
        "2026-11-27T08:00:00.000Z",
        "2026-11-27T08:00:00.0000000001Z",
        "2026-11-27T10:00:00+02:00",
        "2026-11-27T08:00:00-00:00",
    ],
)
def test_an_instant_is_read_as_rfc_3339_has_it(value):
    assert Instant().deserialize(value) == datetime(2026, 11, 27, 8, tzinfo=UTC)


def test_a_leap_second_is_refused_with_what_to_send():
    with pytest.raises(ValidationError, match=r"not_an_instant: .*leap second"):
        Instant().deserialize("2016-12-31T23:59:60Z")


def test_as_of_with_an_unencoded_plus_is_refused_with_what_to_send():
    for value in ("2026-11-27T10:00:00 02:00", "2026-W48-5", "2026-02-30", "2026-11-27T10:00:00"):
        with pytest.raises(ValidationError, match=r"not_an_instant: .*%2B"):
            AsOf().deserialize(value)


def test_an_instant_is_converted_to_utc():
    moment = Instant().deserialize("2026-11-21T21:14:05-05:00")
    assert (moment, moment.tzinfo) == (datetime(2026, 11, 22, 2, 14, 5, tzinfo=UTC), UTC)


@pytest.mark.parametrize("value", ["", "x" * 11, None, 7, ["x"]])
def test_text_is_neither_empty_nor_too_long(value):
    assert refused(Text(10), value)


UNREADABLE = [
    " ",
    "   ",
    "\t\n",
    "\u200b",
    "\u00a0\u2003",
    "\u2060\ufeff",
    "\u3164",
    "\u0301",
    "\u202e\u202c",
]


@pytest.mark.parametrize("value", UNREADABLE)
def test_text_in_which_nothing_can_be_read_is_none_unless_it_may_be_blank(value):
    with pytest.raises(ValidationError, match="nothing_written"):
        Text(10).deserialize(value)
    assert Text(10, blank=True).deserialize(value) == value


@pytest.mark.parametrize("value", [".", " a\nb ", "é", "e\u0301", "日", "👋🏽", "م\u200dن", "a\u200b"])
def test_text_with_something_to_read_is_taken_as_it_is(value):
    assert Text(10).deserialize(value) == value


@pytest.mark.parametrize(
    "value",
    ["Fern\nHollow", "Fern\r", "a\tb", "a\x1b[2Jb", "a\x85b", "a\u2028b", "LB\u202e1001", "\u2066LB", " "],
)
def test_a_name_is_one_line_that_reads_as_it_is_written(value):
    assert refused(Line(20), value)


@pytest.mark.parametrize("value", ["Fern Hollow", "Zoë Çelik", "دن\u200cبر", "שלם", "LB-1001"])
def test_a_name_of_any_script_is_taken(value):
    assert Line(20).deserialize(value) == value


@pytest.mark.parametrize(
    ("value", "stored"),
    [("\u200fשלם", "שלם"), ("Zoe\u0308\u00a0\u00a0C\u0327elik ", "Zoë Çelik"), ("\u3000日本", "日本")],
)
def test_a_name_is_stored_in_one_form(value, stored):
    assert Line(20).deserialize(value) == unicodedata.normalize("NFC", stored)


@pytest.mark.parametrize("value", ["x", "a@b", "ß" * 200 + "@clinic.test", "x" * 250 + "@clinic.test", None])
def test_an_address_is_one_that_can_be_stored(value):
    assert refused(EmailAddress(), value)
    assert EmailAddress().deserialize("wren@clinic.test") == "wren@clinic.test"


@pytest.mark.parametrize("value", ["Mars/Olympus", "europe/paris", "../../etc/passwd", "", 0, ["UTC"], None])
def test_a_time_zone_is_one_that_is_known(value):
    assert refused(TimeZone(), value)


@pytest.mark.parametrize("query", [DaysQuery, AlertsQuery, DigestQuery, TrendQuery])
def test_a_period_in_reverse_is_named_along_with_other_invalid_fields(query):
    sent = {"from": "2026-11-21", "to": "2026-11-20", "unknown": "x"}
    with pytest.raises(ValidationError) as refused:
        query().load(sent)
    assert set(refused.value.messages) == {"to", "unknown"}
    with pytest.raises(ValidationError) as refused:
        query().load(sent | {"from": "soon"})
    assert set(refused.value.messages) == {"from", "unknown"}
