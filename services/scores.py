"""Enter, correct and remove totals of questionnaires; list them with those answered here; erase nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Integer, case, cast, literal, null, select, union_all

from clinical.custom_instrument import CustomInstrument, is_custom
from clinical.score import KINDS, MAX, STEPS, Instrument, Rater, ScoreSource
from clinical.sentences import Sentence
from models.questionnaires import QuestionnaireResponse
from models.scores import Score
from services import custom_instruments
from services.access import Role
from services.context import Context
from services.dates import validate_local_date
from services.errors import FieldError, Forbidden, Invalid, NotFound
from services.revisions import Page, PageRequest, Revisions, WriteResult, after_position, cut, in_force

NEVER_SHARED: Final = frozenset({Instrument.C_SSRS})
"""Scales of thoughts of suicide, no delegate's to read, as item 9 and the daily safety answer are not."""


NO_SUCH_INSTRUMENT: Final = Sentence(
    "The clinic has no instrument of this code: GET /v1/clinics/{{clinic_id}}/custom-instruments lists its "
    "own."
)
NO_RESPONSE: Final = UUID(int=0)
"""In the place of a response's id, for totals that no response has."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One questionnaire, on the local day on which it was answered."""

    instrument: str
    local_date: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A total as it was entered; its range where the catalogue knows none, and who rated, where given."""

    total: int
    lowest: int | None = None
    highest: int | None = None
    rater: Rater | None = None


@dataclass(frozen=True, slots=True)
class ListedScore:
    """A total of a list, wherever it comes from; `record_id` is unique among the patient's totals.

    `record_id` is that of the questionnaire's response, or instrument and day of an entry, as in its address.
    `highest` is None where the catalogue has the range.
    """

    local_date: date
    instrument: str
    source: ScoreSource
    record_id: str
    total: int
    version: int
    lowest: int | None
    highest: int | None
    rater: str | None


class _Scores(Revisions[Score, Entry]):
    table = Score
    draft = Entry
    key = ("instrument", "local_date")
    order = ("local_date", "instrument")
    source = ScoreSource.ENTERED
    custom: CustomInstrument | None = None

    @classmethod
    def lock(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Self:
        """Lock the patient and load the total; raises NotFound for an instrument that the clinic has not."""
        found = super().lock(ctx, patient_id, *key)
        if is_custom(key[0]):
            found.custom = custom_instruments.find(ctx.session, key[0])
            if found.custom is None:
                raise NotFound(NO_SUCH_INSTRUMENT)
        return found

    def extra_columns(self, draft: Entry) -> dict[str, Any]:  # noqa: ARG002  it does not depend on the draft
        """Return where the total comes from."""
        return {"source": str(self.source)}

    def validate(self, draft: Entry) -> None:
        """Refuse a day that cannot be, and a total or range that is not the questionnaire's."""
        instrument, local_date = self.key_values
        validate_local_date(local_date, self.ctx.now)
        if self.custom is None:
            _validate_total(instrument, draft)
        else:
            _validate_custom(self.custom, draft)


def put(
    ctx: Context, patient_id: UUID | None, occasion: Occasion, entry: Entry, expected_version: int | None
) -> WriteResult[Score]:
    """Store a total, or recognise that it is stored already.

    Raises VersionRequired, Stale or Gone as check-ins do, and Invalid for a day that has not begun, one too
    long past, a total that the questionnaire cannot give, or a range that is missing or not its own.
    """
    score = _Scores.lock(ctx, patient_id, *_key(occasion))
    return score.append(_with_range(occasion.instrument, score.custom, entry), expected_version)


def put_imported(ctx: Context, patient_id: UUID, occasion: Occasion, entry: Entry) -> WriteResult[Score]:
    """Store a total of a file; raises as `put` does where another total is stored."""
    score = _Scores.lock(ctx, patient_id, *_key(occasion))
    score.source = ScoreSource.IMPORTED
    return score.append(_with_range(occasion.instrument, score.custom, entry), None)


def remove(
    ctx: Context, patient_id: UUID | None, occasion: Occasion, expected_version: int | None
) -> WriteResult[Score]:
    """Append a tombstone to a total. Idempotent."""
    return _Scores.lock(ctx, patient_id, *_key(occasion)).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, occasion: Occasion) -> Score:
    """Return one total; raises Gone for a removed one, and Forbidden for one that is never shared."""
    if ctx.actor.has(Role.DELEGATE) and occasion.instrument in NEVER_SHARED:
        raise Forbidden(Sentence("A delegate is never shown the totals of this questionnaire."))
    return _Scores.read(ctx, patient_id, *_key(occasion))


def page(
    ctx: Context, patient_id: UUID | None, wanted: PageRequest, instrument: str | None = None
) -> Page[ListedScore]:
    """Return a page of the totals of one questionnaire or of all, in order of day, instrument, source and id.

    Those of questionnaires answered here, entered by hand and imported. Of several of one instrument and day,
    the last questionnaire answered here counts in trends and outcomes.
    """
    patient = ctx.load_patient(patient_id)
    hidden = [str(each) for each in NEVER_SHARED] if ctx.actor.has(Role.DELEGATE) else []
    listed = union_all(_entered(patient.id), _answered(patient.id)).subquery("listed")
    query = select(listed).where(listed.c.instrument.not_in(hidden))
    if instrument is not None:
        query = query.where(listed.c.instrument == instrument)
    if wanted.first is not None:
        query = query.where(listed.c.local_date >= wanted.first)
    if wanted.last is not None:
        query = query.where(listed.c.local_date <= wanted.last)
    order = [listed.c[name] for name in ("local_date", "instrument", "source", "response_id")]
    found = cut(list(ctx.session.execute(after_position(query, order, wanted))), order, wanted)
    return Page([_listed(row) for row in found.items], found.next_position)


def revisions(ctx: Context, patient_id: UUID | None, occasion: Occasion, wanted: PageRequest) -> Page[Score]:
    """Return a page of the revisions of a total, in order."""
    return _Scores.revisions(ctx, patient_id, *_key(occasion), wanted=wanted)


def listed_score(row: Any) -> ListedScore:
    """Return a stored total, entered or of a whole questionnaire, as a list shows it."""
    day, instrument, version = row.local_date, row.instrument, row.version
    if isinstance(row, Score):
        source, key = ScoreSource(row.source), record_id_of(instrument, day)
        known = row.lowest, row.highest, row.rater
        return ListedScore(day, instrument, source, key, row.total, version, *known)
    if row.total is None:
        raise ValueError("a questionnaire that is not complete has no total")
    source, rater = ScoreSource.QUESTIONNAIRE, _rater(row.reported_by)
    return ListedScore(day, instrument, source, str(row.id), row.total, version, None, None, rater)


def _entered(patient_id: UUID) -> Any:
    columns = Score.local_date, Score.instrument, Score.source, literal(NO_RESPONSE).label("response_id")
    known = Score.total, Score.version, Score.lowest, Score.highest, Score.rater
    stored = Score.patient_id == patient_id, Score.removed.is_(False), in_force(Score)
    return select(*columns, *known).where(*stored)


def _answered(patient_id: UUID) -> Any:
    form = QuestionnaireResponse
    source = literal(str(ScoreSource.QUESTIONNAIRE)).label("source")
    by_patient = case((form.reported_by == "patient", str(Rater.SELF))).label("rater")
    absent = [cast(null(), Integer).label(name) for name in ("lowest", "highest")]
    columns = form.local_date, form.instrument, source, form.id.label("response_id")
    stored = form.patient_id == patient_id, form.removed.is_(False), in_force(form), form.total.is_not(None)
    return select(*columns, form.total, form.version, *absent, by_patient).where(*stored)


def _listed(row: Any) -> ListedScore:
    is_entry = row.response_id == NO_RESPONSE
    key = record_id_of(row.instrument, row.local_date) if is_entry else str(row.response_id)
    known = row.total, row.version, row.lowest, row.highest, row.rater
    return ListedScore(row.local_date, row.instrument, ScoreSource(row.source), key, *known)


def record_id_of(instrument: str, day: date) -> str:
    """Return the record_id of a total that was entered or imported, as in its address."""
    return f"{instrument}/{day}"


def _rater(reported_by: str) -> str | None:
    return str(Rater.SELF) if reported_by == "patient" else None


def _key(occasion: Occasion) -> tuple[str, date]:
    return str(occasion.instrument), occasion.local_date


def _validate_custom(instrument: CustomInstrument, entry: Entry) -> None:
    lowest, highest = instrument.lowest, instrument.highest
    found = []
    if instrument.retired:
        found.append(
            FieldError(
                "/total", "retired", Sentence("The clinic has retired this instrument: no new totals.")
            )
        )
    elif (entry.lowest, entry.highest) != (lowest, highest):
        sentence = Sentence(
            "The range of this instrument is {lowest} to {highest}: leave it out.",
            lowest=lowest,
            highest=highest,
        )
        found.append(FieldError("/highest", "another_range", sentence))
    elif not lowest <= entry.total <= highest:
        sentence = Sentence(
            "A total of this instrument lies from {lowest} to {highest}.", lowest=lowest, highest=highest
        )
        found.append(FieldError("/total", "off_scale", sentence))
    if found:
        raise Invalid(*found)


def _with_range(instrument: str, custom: CustomInstrument | None, entry: Entry) -> Entry:
    """Leave out a range that the catalogue knows, and state that of a custom instrument as it is now.

    With the known range or without, it is the same entry.
    """
    if custom is not None:
        lowest = custom.lowest if entry.lowest is None else entry.lowest
        highest = custom.highest if entry.highest is None else entry.highest
        return replace(entry, lowest=lowest, highest=highest)
    known = KINDS[Instrument(instrument)].highest
    is_known = known is not None and (entry.lowest or 0, entry.highest or known) == (0, known)
    return replace(entry, lowest=None, highest=None) if is_known else entry


def _validate_total(name: str, entry: Entry) -> None:
    instrument = Instrument(name)
    known = KINDS[instrument].highest
    found = []
    if known is not None:
        if entry.lowest or entry.highest:
            sentence = Sentence("The range of this questionnaire is 0 to {known}: leave it out.", known=known)
            found.append(FieldError("/highest", "another_range", sentence))
    elif entry.lowest is None or entry.highest is None:
        sentence = Sentence(
            "Say between which totals yours lies: of this questionnaire no range is known here."
        )
        missing = [name for name in ("lowest", "highest") if getattr(entry, name) is None]
        found += [FieldError(f"/{name}", "required", sentence) for name in missing]
    elif entry.lowest >= entry.highest:
        found.append(
            FieldError("/highest", "out_of_range", Sentence("The highest total is above the lowest."))
        )
    lowest, highest = (0, known) if known is not None else (entry.lowest or 0, entry.highest or MAX)
    if not found and not lowest <= entry.total <= highest:
        sentence = Sentence(
            "A total of this questionnaire lies from {lowest} to {highest}.", lowest=lowest, highest=highest
        )
        found.append(FieldError("/total", "off_scale", sentence))
    elif not found and entry.total % (step := STEPS.get(instrument, 1)):
        sentence = Sentence(
            "A total of this questionnaire is a multiple of {step}: send {step} times the sum of its items.",
            step=step,
        )
        found.append(FieldError("/total", "off_scale", sentence))
    if found:
        raise Invalid(*found)
