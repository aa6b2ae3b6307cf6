"""A diary's file becomes check-ins, or says line by line why not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.check_in import CheckInDraft, Severity, SideEffect
from imports.diaries import COLUMNS as SHAPE
from imports.diaries import DiarySettings, read
from imports.scales import OURS, Scale, parse_scale
from imports.table_file import Unreadable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs"
COLUMNS = SHAPE.required | SHAPE.optional
DAYLIO = "full_date,date,weekday,time,mood,activities,note_title,note\n"


def diary(text, zone="Europe/Amsterdam", scale: Scale | None = OURS, moods=(), now=NOW):
    settings = DiarySettings(zone, scale, tuple(moods))
    return read(text.encode() if isinstance(text, str) else text, settings, now)


def named(lines):
    return [(line.line, error.pointer, error.code) for line in lines for error in line.errors]


def reasons(text, **how):
    return named(diary(text, **how).refused)


def warnings(text, **how):
    return named(diary(text, **how).warnings)


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
    found = diary((DOCS / "samples" / "diary.csv").read_bytes(), "Europe/Lisbon", scale=None)
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
        "2026-07-01,1 July,Wednesday,19:00,my own word,,,\n"
    )
    found = diary(text)
    assert [entry.line for entry in found.entries] == [3]
    assert found.unused == (2, 4, 5)
    assert reasons(text) == []


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: ("date,mood,note\n" + text).encode()))
def test_any_file_at_all_is_read_or_refused(content):
    try:
        found = diary(content, "UTC")
    except Unreadable:
        return
    assert all(0 <= entry.draft.mood <= 10 for entry in found.entries)


def entries_of(found):
    return [(entry.line, entry.draft.mood) for entry in found.entries]


def test_a_day_whose_last_entry_is_refused_is_refused_whole_and_named():
    text = (
        DAYLIO + "2026-07-01,1 July,Wednesday,23:00,my own word,,,\n"
        "2026-07-01,1 July,Wednesday,8:00,good,,,\n"
        "2026-06-30,30 June,Tuesday,21:00,bad,,,\n"
    )
    assert entries_of(diary(text)) == [(4, 3)]
    assert reasons(text) == [(2, "mood", "unknown_mood"), (3, "date", "day_refused")]
    assert "Line 2" in diary(text).refused[1].errors[0].detail
    assert diary(text).unused == ()


def test_a_day_whose_first_line_is_refused_is_refused_whole_where_each_day_comes_once():
    text = "date,mood\n2026-07-01,77\n2026-07-01,4\n2026-07-02,6\n"
    assert entries_of(diary(text)) == [(4, 6)]
    assert reasons(text) == [(2, "mood", "out_of_range"), (3, "date", "day_refused")]


def test_a_line_without_a_day_takes_no_other_with_it():
    text = DAYLIO + ",1 July,Wednesday,23:00,good,,,\n2026-07-01,1 July,Wednesday,8:00,good,,,\n"
    assert entries_of(diary(text)) == [(3, 7)]
    assert reasons(text) == [(2, "date", "required")]


@pytest.mark.parametrize("ratings", ["4", "4\n2026-07-02,1", "5.0"])
def test_a_file_of_ratings_from_one_to_five_alone_is_refused_until_its_scale_is_stated(ratings):
    text = f"date,mood\n2026-07-01,{ratings}\n"
    with pytest.raises(Unreadable, match="from 1 to 5") as refused:
        diary(text, scale=None)
    assert refused.value.code == "scale_unstated"
    assert diary(text, scale=OURS).entries[0].draft.mood == int(float(ratings[0]))


def test_ratings_beyond_five_in_any_column_settle_the_scale():
    assert entries_of(diary("date,mood,anxiety\n2026-07-01,4,8\n", scale=None)) == [(2, 4)]


def test_a_stated_scale_is_converted_for_mood_enjoyment_and_anxiety():
    (entry,) = diary("date,mood,enjoyment,anxiety\n2026-07-01,4,2,5\n", scale=parse_scale("1-5")).entries
    assert (entry.draft.mood, entry.draft.enjoyment, entry.draft.anxiety) == (8, 2, 10)
    text = "date,mood,anxiety\n2026-07-01,6,2.5\n"
    assert reasons(text, scale=parse_scale("1-5")) == [
        (2, "mood", "out_of_range"),
        (2, "anxiety", "not_whole"),
    ]


@pytest.mark.parametrize(
    ("word", "mood", "assumed"),
    [
        ("Super", 9, False),
        ("Gut", 7, False),
        ("Ok", 5, False),
        ("Schlecht", 3, False),
        ("Lausig", 1, False),
        ("bien", 7, True),
        ("génial", 9, True),
        ("ruim", 3, True),
        ("orribile", 1, True),
        ("goed", 7, True),
    ],
)
def test_moods_in_other_languages_are_read_and_those_of_unknown_exports_warned_of(word, mood, assumed):
    text = f"{DAYLIO}2026-07-01,1,1,21:00,{word},,,\n"
    assert entries_of(diary(text, scale=None)) == [(2, mood)]
    assert warnings(text, scale=None) == ([(2, "mood", "assumed_words")] if assumed else [])


def test_five_stated_moods_replace_all_others():
    text = DAYLIO + "2026-07-01,1,1,21:00,Fine,,,\n2026-07-02,2,2,21:00,good,,,\n"
    moods = ("great", "fine", "so-so", "low", "awful")
    assert entries_of(diary(text, moods=moods)) == [(2, 7)]
    assert reasons(text, moods=moods) == [(3, "mood", "unknown_mood")]


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("21:54", 21),
        ("9:54 PM", 21),
        ("9:54\N{NARROW NO-BREAK SPACE}PM", 21),
        ("9:54 p. m.", 21),
        ("21h54", 21),
        ("21 h 54", 21),
        ("21.54", 21),
        ("21:54 Uhr", 21),
        ("12:05 am", 0),
    ],
)
def test_times_as_phones_write_them_are_read(written, hour):
    text = f"{DAYLIO}2026-07-01,1,1,{written},good,,,\n"
    (entry,) = diary(text, "UTC").entries
    assert entry.draft.recorded_at.hour == hour
    assert warnings(text) == []


def test_a_time_that_cannot_be_read_warns_and_the_order_of_the_file_decides():
    text = DAYLIO + "2026-07-01,1,1,下午9:54,bad,,,\n2026-07-01,1,1,23:00,good,,,\n"
    found = diary(text)
    assert entries_of(found) == [(2, 3)]
    assert found.unused == (3,)
    assert warnings(text) == [(2, "time", "unreadable_time")]
    assert not found.refused


@pytest.mark.parametrize("hour", [0, 5, 11])
def test_todays_untimed_line_is_taken_in_the_morning_too(hour):
    morning = datetime(2026, 11, 22, hour, tzinfo=UTC)
    (entry,) = diary("date,mood\n2026-11-22,7\n", "UTC", now=morning).entries
    assert entry.draft.recorded_at == morning
    assert reasons("date,mood\n2026-11-23,7\n", now=morning) == [(2, "date", "in_the_future")]


def test_of_a_moment_ahead_the_column_at_fault_is_named():
    text = "date,time,mood\n2026-11-22,23:00,7\n2026-11-23,01:00,7\n"
    assert reasons(text, zone="UTC") == [(2, "time", "in_the_future"), (3, "date", "in_the_future")]


def test_a_long_note_is_cut_with_a_warning_and_the_day_is_taken():
    text = f"date,mood,note\n2026-07-01,7,{'x' * 3000}\n"
    (entry,) = diary(text).entries
    assert entry.draft.note is not None
    assert len(entry.draft.note) == 2000
    assert warnings(text) == [(2, "note", "note_cut")]


def test_html_in_a_note_becomes_text_and_nothing_is_no_note():
    text = DAYLIO + "2026-07-01,1,1,21:00,good,,Title,<p>One</p>two\n2026-07-02,1,1,21:00,good,,,<br>\n"
    assert [entry.draft.note for entry in diary(text).entries] == ["Title\n\nOne\ntwo", None]


def test_an_export_of_ours_that_was_touched_is_named_by_its_column():
    header = "local_date,mood,side_effects,ratings,time_zone,recorded_at,entry_mode\n"
    text = header + "2026-07-01,7,nausea,x,UTC,yesterday,live\n"
    assert reasons(text) == [
        (2, "side_effects", "not_json"),
        (2, "ratings", "not_json"),
        (2, "recorded_at", "not_an_instant"),
    ]
