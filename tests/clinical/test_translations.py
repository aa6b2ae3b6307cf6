from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from api.safety import STATE_MESSAGES
from clinical import daily_ratings, formatting, safety, side_effects
from clinical.outlook import Outlook, outlook
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.questions import EVERY_QUESTION, HALF_BENEFIT_RECALL, POST_INFUSION_MOOD
from clinical.sentences import Sentence, both, listed
from clinical.target_measure import TargetMeasure, name, was, was_answered
from clinical.translations import LANGUAGES, TABLES, in_every_language, stored_sentence, translated
from services.worklist_attention import attention_facts, urgency
from tests.scenarios.patients import KINDS
from tests.scenarios.worklist_order import patients

ROOT = Path(__file__).parents[2]
CODE = ("api", "cli", "clinical", "imports", "rendering", "schemas", "services")
ERROR_CODE = re.compile(r"^(\{code\}|[a-z_0-9]+): ")
NEEDS_NONE = re.compile(r"[^a-zA-Z]*")
NAMES = re.compile(r"[A-Z][A-Z]+(-[A-Z0-9]+)*|[^a-zA-Z]*")


def patients_texts() -> set[str]:
    """Every text that a schema gives to a patient in their language."""
    texts = {safety.DAILY_QUESTION, safety.NOBODY_WATCHES, safety.NOBODY_WATCHES_ALONE}
    texts |= {*safety.DAILY_OPTIONS, *STATE_MESSAGES.values()}
    texts |= {kind.label for kind in side_effects.CATALOGUE}
    texts |= {rating.label for rating in daily_ratings.CATALOGUE}
    for question in (*EVERY_QUESTION, POST_INFUSION_MOOD):
        texts |= {question.question, question.low_anchor, question.high_anchor}
    return texts | {HALF_BENEFIT_RECALL.question, *(label for _, label in HALF_BENEFIT_RECALL.answers)}


def literals(node: ast.expr, place: str) -> Iterator[str]:
    """Yield the texts that an expression can be; fails for one that is not written out."""
    if isinstance(node, ast.IfExp):
        yield from literals(node.body, place)
        yield from literals(node.orelse, place)
    else:
        assert isinstance(node, ast.Constant), f"{place}: the template of a sentence is a literal"
        yield str(node.value)


@cache
def templates() -> frozenset[str]:
    """Return every template of a sentence in the code that has words."""
    found = {template for pair in formatting.TEMPLATES.values() for template in pair}
    for path in (path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))):
        if path.name in {"formatting.py", "sentences.py"}:
            # These make sentences from templates that they are given.
            found |= {each.template for each in formatting.MONTHS}
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                # A schema's message begins with the code of its problem, which is no text.
                found |= {ERROR_CODE.sub("", each) for each in literals(node.args[0], place)}
    return frozenset(each for each in found if NEEDS_NONE.fullmatch(without_fields(each)) is None)


def without_fields(template: str) -> str:
    """Return a template without its placeholders."""
    return "".join(text for text, *_ in string.Formatter().parse(template))


def placeholders(template: str) -> list[tuple[str, str]]:
    """Return the placeholders of a template with their formats, sorted."""
    parsed = string.Formatter().parse(template)
    return sorted((name, spec or "") for _, name, spec, _ in parsed if name is not None)


MESSAGE = re.compile(r"[a-z_0-9]*: [A-Z].*[.]", re.DOTALL)


def test_every_message_of_a_schema_is_a_sentence():
    for path in sorted((ROOT / "schemas").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        made = [
            node
            for node in nodes
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Sentence"
        ]
        of_sentences = {id(part) for call in made for part in ast.walk(call)}
        for node in nodes:
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in of_sentences
            ):
                assert MESSAGE.fullmatch(node.value) is None, f"{path.name}:{node.lineno}: {node.value}"


IN_FORMATTING = {
    *("{day} {month}", "{day} {month} {year}", "{low} to {high}", "{left} and {right}"),
    *("{number} in {of}", "less than {number} in {of}", "more than {number} in {of}"),
}


@pytest.mark.parametrize("language", TABLES)
def test_every_text_is_translated_and_no_other(language):
    assert set(TABLES[language]) == patients_texts() | templates() | IN_FORMATTING


@pytest.mark.parametrize("language", TABLES)
def test_a_translation_is_another_text_of_about_that_length_with_the_same_values(language):
    for text, other in TABLES[language].items():
        assert (other[:1] == " ") == (text[:1] == " "), text
        assert other != text or text == "no"
        assert len(other) <= 3 * len(text) + 10
        ends = (".", "?", "}") if text.endswith("}") else (text[-1],) if text[-1] in ".?" else ()
        assert not ends or other.endswith(ends), text
        assert placeholders(other) == placeholders(text), text


def test_effects_that_differ_in_english_differ_in_every_language():
    for language in LANGUAGES:
        labels = [translated(kind.label, language) for kind in side_effects.CATALOGUE]
        assert len(set(labels)) == len(labels)


def test_what_is_not_translated_stays_english():
    assert translated("Anything else", "es") == "Anything else"
    assert translated(safety.DAILY_QUESTION, "en") == safety.DAILY_QUESTION
    assert translated(safety.DAILY_QUESTION, "fr") == safety.DAILY_QUESTION


def test_a_sentence_is_written_with_its_parts_in_each_language():
    days = formatting.count(2, "day")
    sentence = Sentence("{days} past the plan's latest day, {day}.", days=days, day=formatting.on(MAY))
    assert sentence == "2 days past the plan's latest day, 12 May."
    assert translated(sentence, "es") == "2 días de retraso sobre el último día del plan, el 12 de mayo."
    joined = both([Sentence("{days}", days=days), listed([Sentence("Nausea"), Sentence("Dizziness")])])
    assert (joined, translated(joined, "es")) == ("2 days and Nausea, Dizziness", "2 días y Náuseas, Mareo")
    assert translated(Sentence("craving").capitalized(), "es") == "El deseo de consumir"


def test_words_of_people_are_not_translated_even_where_a_translation_has_them():
    sentence = Sentence("Allergies: {names}.", names="May, none")
    assert translated(sentence, "es") == "Alergias: May, none."


def test_a_stored_sentence_is_read_in_every_language_and_an_older_one_in_english():
    stored = in_every_language(Sentence("Nothing booked."))
    assert stored == {"en": "Nothing booked.", "es": "Sin cita."}
    again = stored_sentence(stored)
    assert (again, translated(again, "es"), translated(again, "fr")) == (
        "Nothing booked.",
        "Sin cita.",
        "Nothing booked.",
    )
    assert translated(stored_sentence("From before."), "es") == "From before."


MAY = date(2026, 5, 12)


def parts(sentence: object) -> Iterator[object]:
    """Yield a sentence and every value in it."""
    yield sentence
    if isinstance(sentence, Sentence):
        for value in sentence.values.values():
            yield from parts(value)


def of_outlook(found: Outlook) -> Iterator[Sentence]:
    """Yield every sentence of an outlook."""
    for reason in found.reasons:
        yield from (reason.text, reason.would_change)
    yield from (*found.missing, *found.disclaimers)


def of_everybody() -> Iterator[Sentence]:
    """Yield every sentence about the patients of the worklist and about one patient of each kind."""
    for patient in patients():
        for mode in Mode:
            visible = shown(patient.history, TODAY, mode)
            yield from of_outlook(visible)
            facts = attention_facts(patient.history, visible, patient.organisation)
            found = urgency(patient.history, facts)
            yield from (
                found.headline,
                found.outlook_headline,
                *(each.text for each in found.attention.findings),
            )
    for kind in KINDS:
        history, today, *_ = kind.result()
        yield from of_outlook(outlook(history, today))


TODAY = date(2026, 11, 27)


def test_no_sentence_about_a_patient_has_a_word_that_no_translation_knows():
    for sentence in set(of_everybody()):
        for part in parts(sentence):
            if isinstance(part, Sentence):
                for table in TABLES.values():
                    assert part.template in table or NEEDS_NONE.fullmatch(without_fields(part.template)), part
            elif isinstance(part, str):
                assert NAMES.fullmatch(part), f"{part!r} in {sentence!r} is the same in every language"


def test_each_measure_has_its_words():
    for measure in TargetMeasure:
        found = (name(measure), was(measure), was_answered(measure))
        assert len({translated(each, "es") for each in found}) == len(found)
