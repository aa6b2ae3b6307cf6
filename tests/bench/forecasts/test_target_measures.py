from __future__ import annotations

from dataclasses import replace

from bench.forecasts.target_measures import BY_MOOD, BY_RATING, CALENDAR, clinics, replayed, tables
from clinical.target_measure import TargetMeasure

MEASURE = TargetMeasure.CRAVING


def test_a_rating_is_forecast_where_mood_gives_no_date():
    wanted = clinics(7, MEASURE)
    assert [clinic.measure for clinic in wanted] == [TargetMeasure.WELLBEING] * 2 + [MEASURE] * 4
    by_wellbeing, by_rating = wanted[0], wanted[2]
    found = replayed(by_rating, 1)
    dated = {
        name: sum(made.median is not None for one in cycles for made in one.record.predictions)
        for name, cycles in found.items()
    }
    assert dated[BY_RATING] > 2 * dated[BY_MOOD]
    text = tables({by_wellbeing: replayed(by_wellbeing, 0), by_rating: found})
    assert "Depression, by wellbeing" in text
    assert "craving, half-benefit days times 1.0" in text
    assert text.count(CALENDAR) == 2
    assert replace(by_rating, pace=1.6).title == "craving, half-benefit days times 1.6"
