from __future__ import annotations

from datetime import timedelta

from rendering import charts
from tests.clinical.courses import course, running_day, without
from tests.rendering.charts.examples import SVG, WIDE, chart_of, parsed


def rows(chart: charts.TrendChart) -> list[list[str]]:
    root = parsed(charts.trend_svg(chart, WIDE))
    (table,) = [each for each in root if each.get("role") == "table"]
    assert all(row.get("role") == "row" for row in table)
    return [[cell.text or "" for cell in row] for row in table]


def test_each_week_has_a_row_with_means_answers_and_infusions():
    history = course(intervals=(21,), until=6)
    today = running_day(history)
    monday = today - timedelta(days=today.weekday())
    table = rows(chart_of(without(history, monday, monday + timedelta(days=1)), today, staff=False))
    assert table[0] == ["Week", "Mood, mean", "Anxiety, mean", "Infusions"]
    assert all(len(row) == 4 for row in table)
    of = today.weekday() + 1
    assert table[-1][1].endswith(f"{of - 2} of {of} days")
    answers = [reading.mood for reading in history.readings if monday + timedelta(days=1) < reading.day]
    assert table[-1][1].startswith(f"{sum(answers) / len(answers):.1f}, ")


def test_a_week_without_an_answer_is_labelled():
    history = course(until=30)
    chart = chart_of(history, running_day(history) + timedelta(days=14), staff=False)
    assert rows(chart)[-2][1:] == ["no answer in 7 days", "no answer in 7 days", "none"]


def test_one_day_is_written_in_the_singular():
    history = course(until=30)
    today = running_day(history)
    monday = today - timedelta(days=today.weekday())
    assert rows(chart_of(history, monday, staff=False))[-1][1].endswith(", 1 of 1 day")
    unanswered = without(history, monday, today)
    assert rows(chart_of(unanswered, monday, staff=False))[-1][1] == "no answer in 1 day"


def test_the_table_is_outside_the_image_whose_content_screen_readers_skip():
    history = course()
    root = parsed(charts.trend_svg(chart_of(history, running_day(history)), WIDE))
    (image,) = [each for each in root.iter(f"{SVG}g") if each.get("role") == "img"]
    assert not any(each.get("role") == "table" for each in image.iter())
    assert root.get("role") == "group"
