"""A diary's file becomes check-ins, or says line by line why not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.diaries.csv_file import COLUMNS, Unreadable, read
from clinical.check_in import CheckInDraft, Severity, SideEffect

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOCS = Path(__file__).parents[3] / "docs"
DAYLIO = "full_date,date,weekday,time,mood,activities,note_title,note\n"


def diary(text, zone="Europe/Amsterdam"):
    return read(text.encode() if isinstance(text, str) else text, zone, NOW)


def reasons(text):
    return [(line.line, error.pointer, error.code) for line in diary(text).refused for error in line.errors]


def test_a_whole_line_becomes_a_check_in():
    text = (
        "date,time,mood,anxiety,enjoyment,note,time_zone,side_effects,benefit_left\n"
        '2026-07-01,21:54,7,2,6,"Fine, all in all",America/New_York,nausea:mild;dizziness:severe,85\n'
    )
    (entry,) = diary(text).entries
    effects = (SideEffect("nausea", Severity.MILD), SideEffect("dizziness", Severity.SEVERE))
    moment = datetime(2026, 7, 2, 1, 54, tzinfo=UTC)
    assert entry.line == 2
    assert entry.local_date == date(2026, 7, 1)
    shown = (7, 2, 6, effects, "Fine, all in all", 85)
    assert entry.draft == CheckInDraft("America/New_York", moment, *shown)


def test_extra_ratings_are_read_and_those_that_cannot_be_are_named():
    (entry,) = diary("date,mood,ratings\n2026-07-01,4,craving:3; Sleep:10\n").entries
    assert entry.draft.ratings == {"craving": 3, "sleep": 10}
    lines = "2026-07-01,4,thirst:3\n2026-07-02,4,craving:11\n2026-07-03,4,craving:1;craving:1\n"
    assert reasons(f"date,mood,ratings\n{lines}") == [
        (2, "ratings", "unknown_code"),
        (3, "ratings", "out_of_range"),
        (4, "ratings", "named_twice"),
    ]


def test_an_empty_cell_is_not_answered():
    (entry,) = diary("mood,date\n4,2026-07-01\n").entries
    moment = datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert entry.draft == CheckInDraft("Europe/Amsterdam", moment, 4, None, None, None, None)


@pytest.mark.parametrize("column", sorted(COLUMNS - {"date", "mood"}))
def test_an_empty_cell_is_as_no_column(column):
    assert diary(f"date,mood,{column}\n2026-07-01,4,\n") == diary("date,mood\n2026-07-01,4\n")


def test_no_side_effects_is_an_answer():
    (entry,) = diary("date,mood,side_effects\n2026-07-01,4,none\n").entries
    assert entry.draft.side_effects == ()


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdate,mood\n2026-07-01,4\n",
        "date;mood\n2026-07-01;4\n",
        "date,mood\r\n2026-07-01,4\r\n",
        "Date, Mood \n2026-07-01, 4.0\n\n",
        '"date","mood"\n"2026-07-01","4"',
    ],
)
def test_every_encoding_and_delimiter_is_read_alike(text):
    assert diary(text) == diary("date,mood\n2026-07-01,4\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "no date and no mood"),
        ("date,anxiety\n", "no mood"),
        ("2026-07-01,4\n", "no date and no mood"),
        ("date,mood,anxeity\n", "Column 3"),
        ("date,mood,date\n", "Column 3"),
        ("date,mood,\n", "Column 3"),
        ("date,mood\n2026-07-01,4\n" + '2026-07-02,"4\n', "from line 3 on"),
        (b"date,mood\n2026-07-01,\xff\n", "UTF-8"),
        ("date,mood\n".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(text, shown):
    with pytest.raises(Unreadable, match=shown):
        diary(text)


@pytest.mark.parametrize("zone", ["Europe/../etc/passwd", "Factory", "localtime"])
def test_the_time_zone_asked_for_must_be_one(zone):
    with pytest.raises(Unreadable, match="time zone"):
        diary("date,mood\n", zone)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("mood", "11", "out_of_range"),
        ("mood", "-1", "out_of_range"),
        ("mood", "3.5", "not_whole"),
        ("mood", "٣", "not_whole"),
        ("mood", "good", "not_whole"),
        ("anxiety", "1e1", "not_whole"),
        ("enjoyment", "nan", "not_whole"),
        ("enjoyment", "100", "out_of_range"),
        ("benefit_left", "101", "out_of_range"),
        ("benefit_left", "-1", "out_of_range"),
        ("benefit_left", "85 %", "not_whole"),
        ("benefit_left", "0.85", "not_whole"),
        ("date", "01/07/2026", "not_a_date"),
        ("date", "2026-W27-3", "not_a_date"),
        ("date", "2026-02-30", "not_a_date"),
        ("date", "0001-01-01", "beyond_calendar"),
        ("date", "2026-11-23", "in_the_future"),
        ("time", "25:00", "not_a_time"),
        ("time", "9 pm", "not_a_time"),
        ("time_zone", "Amsterdam", "unknown_time_zone"),
        ("time_zone", "Factory", "unknown_time_zone"),
        ("time_zone", "localtime", "unknown_time_zone"),
        ("side_effects", "flying:mild", "unknown_code"),
        ("side_effects", "nausea", "unknown_severity"),
        ("side_effects", "nausea:mild;", "unknown_code"),
        ("side_effects", "nausea:mild;nausea:severe", "named_twice"),
        ("note", "x" * 2001, "wrong_length"),
        ("note", "\0", "unstorable_text"),
    ],
)
def test_an_invalid_cell_is_named_without_its_content(column, cell, code):
    values = {"date": "2026-07-01", "time": "01:00", "mood": "4", "time_zone": "Asia/Tokyo"} | {column: cell}
    text = f"{','.join(values)}\n{','.join(values.values())}\n"
    assert reasons(text) == [(2, column, code)]
    (refused,) = diary(text).refused
    assert all(len(cell) < 3 or cell not in error.detail for error in refused.errors)


def test_every_column_at_fault_is_named_and_the_other_lines_are_read():
    text = "date,mood,note\n,12,\n2026-07-01,4,\n2026-07-02\n2026-07-03,,x\n"
    assert reasons(text) == [
        (2, "date", "required"),
        (2, "mood", "out_of_range"),
        (4, "line", "wrong_columns"),
        (5, "mood", "required"),
    ]
    assert [entry.line for entry in diary(text).entries] == [3]


def test_line_numbers_are_those_of_an_editor():
    text = 'date,mood,note\n2026-07-01,4,"two\nlines"\n\n2026-07-02,eleven,\n'
    assert reasons(text) == [(5, "mood", "not_whole")]


def test_a_day_that_is_repeated_is_refused_after_its_first_line():
    text = "date,mood\n2026-07-02,4\n2026-07-01,5\n2026-07-02,4\n"
    found = diary(text)
    assert [entry.line for entry in found.entries] == [3, 2]
    assert reasons(text) == [(4, "date", "day_repeated")]


def test_the_sample_is_read_whole():
    found = read((DOCS / "samples" / "diary.csv").read_bytes(), "Europe/Lisbon", NOW)
    assert len(found.entries) == 6
    assert not found.refused


def test_the_documentation_names_every_column():
    text = (DOCS / "import.md").read_text(encoding="utf-8")
    assert all(f"| `{column}` |" in text for column in COLUMNS)


def test_a_daylio_export_is_known_by_its_header():
    text = (
        DAYLIO + "2026-07-03,3 July,Friday,9:54 PM,rad,walking | friends,A title,A note\n"
        "2026-07-02,2 July,Thursday,21:10,good,,,\n"
        "2026-07-01,1 July,Wednesday,12:05 am,awful,,,Only a note\n"
    )
    found = diary(text, "UTC")
    assert [(entry.local_date.day, entry.draft.mood) for entry in found.entries] == [(1, 1), (2, 7), (3, 9)]
    assert [entry.draft.recorded_at.hour for entry in found.entries] == [0, 21, 21]
    assert [entry.draft.note for entry in found.entries] == ["Only a note", None, "A title\nA note"]
    assert {entry.draft.anxiety for entry in found.entries} == {None}


def test_of_several_daylio_entries_of_a_day_the_last_is_taken():
    text = (
        DAYLIO + "2026-07-01,1 July,Wednesday,20:00,meh,,,\n"
        "2026-07-01,1 July,Wednesday,21:00,good,,,\n"
        "2026-07-01,1 July,Wednesday,21:00,bad,,,\n"
        "2026-07-01,1 July,Wednesday,23:00,my own word,,,\n"
    )
    found = diary(text)
    assert [entry.line for entry in found.entries] == [3]
    assert found.set_aside == (2, 4)
    assert reasons(text) == [(5, "mood", "unknown_mood")]


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: ("date,mood,note\n" + text).encode()))
def test_any_file_at_all_is_read_or_refused(content):
    try:
        found = read(content, "UTC", NOW)
    except Unreadable:
        return
    assert all(0 <= entry.draft.mood <= 10 for entry in found.entries)
