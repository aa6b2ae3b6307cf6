"""Patients whom treatment does not help: what the outlook finds, and the headline word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clinical.history import History
from clinical.outlook import NoForecastReason, Outlook, ReasonCode, Status
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.score import Instrument, Score
from services.worklist_attention import Organisation, attention_facts, urgency
from tests.clinical.courses import course
from tests.scenarios.worklist_order import TODAY, until_today

HIDDEN = (Mode.SILENT, Mode.OFF)


def scored(history: History, *totals: tuple[int, int], instrument: Instrument = Instrument.PHQ_9) -> History:
    """The same history with totals: days from the first infusion, negative before it, and the total."""
    first = history.infusions[0].day
    more = (Score(first + timedelta(days=day), instrument, total) for day, total in totals)
    return replace(history, scores=tuple(sorted((*history.scores, *more))))


def did_not_respond() -> History:
    """Six infusions and two more change neither wellbeing nor PHQ-9; day 12 of the cycle."""
    flat = until_today(course(intervals=(21, 21), until=12, gain=0.0, seed=5))
    return scored(flat, (-3, 15), (20, 16), (48, 14))


def worsened() -> History:
    """PHQ-9 rose from 10 to 17, and wellbeing did not rise; day 12 of the cycle."""
    flat = until_today(course(intervals=(21, 21), until=12, gain=0.0, seed=5))
    return scored(flat, (-3, 10), (20, 16), (50, 17))


def mood_and_questionnaire_disagree() -> History:
    """Daily ratings show a benefit, PHQ-9 none at all."""
    responder = until_today(course(intervals=(24, 25), until=14, seed=2))
    return scored(responder, (-3, 15), (30, 15), (60, 15))


def headline(history: History, mode: Mode = Mode.SHOWN) -> str:
    visible = shown(history, TODAY, mode)
    facts = attention_facts(history, visible, Organisation())
    return urgency(history, facts).headline


def reason(found: Outlook, code: ReasonCode) -> str:
    return next(each.text for each in found.reasons if each.code is code)


def leading(history: History, mode: Mode) -> tuple[str, str]:
    visible = shown(history, TODAY, mode)
    facts = attention_facts(history, visible, Organisation())
    found = urgency(history, facts).attention
    return str(found.findings[0].code), found.level.name


class TestDidNotRespond:
    @pytest.mark.parametrize("mode", Mode)
    def test_no_benefit_is_the_status_in_every_mode(self, mode):
        found = shown(did_not_respond(), TODAY, mode)
        assert found.status is Status.NO_BENEFIT
        assert found.no_benefit_since_on == did_not_respond().infusions[0].day
        assert found.recommended_on is None

    def test_the_headline(self):
        assert headline(did_not_respond()) == (
            "No measurable benefit since treatment began on 17 September: wellbeing 3.3 in the days after "
            "the last infusions, was 3.2; PHQ-9 14 on 4 November, was 15. 12 days since the last infusion; "
            "the plan's latest day is 13 December. Nothing booked."
        )

    def test_the_headline_says_the_same_where_forecasts_are_not_shown(self):
        assert headline(did_not_respond(), Mode.SILENT) == headline(did_not_respond())

    def test_it_asks_for_attention(self):
        assert leading(did_not_respond(), Mode.SILENT) == ("no_benefit", "DUE")


class TestWorsened:
    @pytest.mark.parametrize("mode", Mode)
    def test_worse_is_the_status_in_every_mode(self, mode):
        found = shown(worsened(), TODAY, mode)
        assert (found.status, found.recommended_on) == (Status.WORSE, None)
        assert found.no_benefit_since_on == worsened().scores[1].day

    def test_the_headline(self):
        assert headline(worsened()) == (
            "Worse than before treatment, since 7 October: PHQ-9 17 on 6 November, was 10. 12 days since the "
            "last infusion; the plan's latest day is 13 December. Nothing booked."
        )

    @pytest.mark.parametrize("mode", Mode)
    def test_it_is_among_the_first_on_the_list(self, mode):
        assert leading(worsened(), mode) == ("reliable_worsening", "WORSENING")

    def test_without_one_check_in_the_questionnaire_is_enough(self):
        found = shown(replace(worsened(), readings=()), TODAY, Mode.SHOWN)
        assert (found.status, found.no_forecast_reason) == (
            Status.WORSE,
            NoForecastReason.INSUFFICIENT_BASELINE,
        )


class TestDisagreement:
    def test_the_forecast_stays_and_the_summary_names_measures_that_disagree(self):
        found = shown(mood_and_questionnaire_disagree(), TODAY, Mode.SHOWN)
        assert found.recommended_on is not None
        assert headline(mood_and_questionnaire_disagree()) == (
            "Due soon. Measures disagree: PHQ-9 (15 on 7 November, before the last infusion, was 15) "
            "shows no benefit, while by daily wellbeing 63 % of the benefit is left. 14 days since the last "
            "infusion; the plan's latest day is 11 December. Nothing booked."
        )

    @pytest.mark.parametrize("mode", HIDDEN)
    def test_where_forecasts_are_not_shown_only_averages_are_compared(self, mode):
        text = reason(shown(mood_and_questionnaire_disagree(), TODAY, mode), ReasonCode.MEASURES_DISAGREE)
        assert text == (
            "Measures disagree: PHQ-9 (15 on 7 November, before the last infusion, was 15) shows no "
            "benefit, while wellbeing was 7.0 in the days after the last infusions and 3.6 before treatment."
        )

    def test_a_benefit_that_wore_off_is_no_disagreement(self):
        history = until_today(course(intervals=(24, 25), until=40, seed=2))
        wore_off = scored(
            history, (-3, 15), (30, 6), (TODAY.toordinal() - history.infusions[0].day.toordinal() - 2, 15)
        )
        found = shown(wore_off, TODAY, Mode.SHOWN)
        assert found.status is Status.OVERDUE
        assert ReasonCode.MEASURES_DISAGREE not in {each.code for each in found.reasons}
