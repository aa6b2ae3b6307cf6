from __future__ import annotations

import pytest

from api.safety import STATE_MESSAGES
from clinical import daily_ratings, safety, side_effects
from clinical.questions import EVERY_QUESTION, POST_INFUSION_MOOD
from clinical.translations import LANGUAGES, TABLES, translated


def patients_texts() -> set[str]:
    """Every text that a schema gives to a patient in their language."""
    texts = {safety.DAILY_QUESTION, safety.NOBODY_WATCHES, safety.NOBODY_WATCHES_ALONE}
    texts |= {*safety.DAILY_OPTIONS, *STATE_MESSAGES.values()}
    texts |= {kind.label for kind in side_effects.CATALOGUE}
    texts |= {rating.label for rating in daily_ratings.CATALOGUE}
    for question in (*EVERY_QUESTION, POST_INFUSION_MOOD):
        texts |= {question.question, question.low_anchor, question.high_anchor}
    return texts


@pytest.mark.parametrize("language", TABLES)
def test_every_text_is_translated_and_no_other(language):
    assert set(TABLES[language]) == patients_texts()


@pytest.mark.parametrize("language", TABLES)
def test_a_translation_is_another_text_of_about_that_length(language):
    for text, other in TABLES[language].items():
        assert other.strip() == other != text
        assert len(other) <= 3 * len(text) + 10
        assert text.endswith((".", "?")) == other.endswith((".", "?"))


def test_effects_that_differ_in_english_differ_in_every_language():
    for language in LANGUAGES:
        labels = [translated(kind.label, language) for kind in side_effects.CATALOGUE]
        assert len(set(labels)) == len(labels)


def test_what_is_not_translated_stays_english():
    assert translated("Anything else", "es") == "Anything else"
    assert translated(safety.DAILY_QUESTION, "en") == safety.DAILY_QUESTION
    assert translated(safety.DAILY_QUESTION, "fr") == safety.DAILY_QUESTION
