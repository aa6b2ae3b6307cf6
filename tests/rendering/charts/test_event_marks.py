from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from clinical.events import DatedEvent, EventKind
from rendering import charts
from tests.rendering.charts.scenes import SVG, parsed, responder


def texts(picture: charts.Picture) -> list[str | None]:
    return [found.text for found in parsed(charts.svg(picture, 720)).iter(f"{SVG}text")]


def test_each_kind_has_a_letter_that_the_legend_and_the_description_explain():
    picture = responder()
    days = [picture.today - timedelta(days=back) for back in (30, 20, 10)]
    kinds = (EventKind.PSYCHOTHERAPY, EventKind.MEDICATION_CHANGE, EventKind.PSYCHOTHERAPY)
    marked = replace(picture, events=tuple(map(DatedEvent, days, kinds)))
    drawn = texts(marked)
    assert (drawn.count("P"), drawn.count("M"), drawn.count("L")) == (3, 2, 0)
    assert {"psychotherapy session", "medication change"} <= set(drawn)
    assert "2 psychotherapy sessions on" in charts.svg(marked, 720)


def test_letters_that_would_touch_stand_together_and_each_once():
    picture = responder()
    kinds = (EventKind.LIFE_EVENT, EventKind.ANNOTATION, EventKind.LIFE_EVENT)
    marked = replace(picture, events=tuple(DatedEvent(picture.today, kind) for kind in kinds))
    assert "LN" in texts(marked)


def test_without_events_the_picture_is_what_it_was():
    picture = responder()
    before = replace(
        picture, events=(DatedEvent(picture.today - timedelta(days=4000), EventKind.LIFE_EVENT),)
    )
    assert charts.svg(before, 720) == charts.svg(picture, 720)
