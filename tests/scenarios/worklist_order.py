"""Twenty patients on one morning's worklist, in the order of attention, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from clinical.attention import Attention
from clinical.booking import BookingCode, BookingFinding
from clinical.check_in import Reading
from clinical.formatting import count, on
from clinical.history import History
from clinical.holds import HoldCode, HoldReason
from clinical.infusion import GivenInfusion
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.protocol import Protocol
from clinical.score import Instrument, Score
from clinical.sentences import Sentence
from services.worklist_attention import Organisation, attention_facts, urgency
from tests.clinical.courses import course

TODAY: Final = date(2026, 11, 27)
HOLD: Final = HoldReason(
    HoldCode.URINARY_SYMPTOMS,
    Sentence(
        "Urinary symptoms on {days} of the last {of} days, last on {last}.",
        days=3,
        of=28,
        last=on(date(2026, 11, 25)),
    ),
    {},
)


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient of the list: who they are in a few words, their history, and what else is known."""

    who: str
    history: History
    mode: Mode = Mode.SHOWN
    organisation: Organisation = field(default_factory=Organisation)


@dataclass(frozen=True, slots=True)
class Place:
    """A patient's place on the list."""

    who: str
    attention: Attention
    headline: str


def days(number: int) -> date:
    """A day counted from today."""
    return TODAY + timedelta(days=number)


def booked(ahead: int) -> Organisation:
    """A booking so many days ahead."""
    return Organisation(booked_on=days(ahead))


def until_today(history: History, last: date | None = None) -> History:
    """The same history, moved so that its last reading, or `last`, falls on today."""
    by = TODAY - (last or history.readings[-1].day)
    return replace(
        history,
        readings=tuple(replace(reading, day=reading.day + by) for reading in history.readings),
        infusions=tuple(replace(infusion, day=infusion.day + by) for infusion in history.infusions),
        scores=tuple(replace(score, day=score.day + by) for score in history.scores),
    )


def responder(until: int, *, intervals: tuple[int, ...] = (24, 25, 23), half: float = 20.0) -> History:
    """A responder with finished cycles, so many days after the last infusion."""
    return until_today(course(intervals=intervals, until=until, half=half, seed=2))


def silent_for(history: History, silent: int) -> History:
    """The same history with the last days unanswered."""
    remaining = [reading for reading in history.readings if reading.day <= TODAY - timedelta(days=silent)]
    return replace(history, readings=tuple(remaining))


def every_ten_days(history: History) -> History:
    """The same history of somebody who answers every ten days, the last time nine days ago."""
    remaining = [reading for reading in history.readings if (TODAY - reading.day).days % 10 == 9]
    return replace(history, readings=tuple(remaining))


def collapsed(history: History, low: int = 5) -> History:
    """The same history with a mood of 2 on the last days."""
    changed = [
        replace(reading, mood=2.0, anxiety=8.0) if (TODAY - reading.day).days < low else reading
        for reading in history.readings
    ]
    return replace(history, readings=tuple(changed))


def induction(given: tuple[int, ...], today: int) -> History:
    """An induction whose infusions were given on these days, counted from the first, on a later day."""
    first = days(-today)
    readings = tuple(Reading(days(-ago), 4.0, 6.0) for ago in range(today + 14, -1, -1))
    return History(readings, tuple(GivenInfusion(first + timedelta(days=day)) for day in given), Protocol())


def scored(history: History, before: int, now: int) -> History:
    """The same history with a PHQ-9 before treatment and one two days ago."""
    first = history.infusions[0].day
    totals = (
        Score(first - timedelta(days=3), Instrument.PHQ_9, before),
        Score(days(-2), Instrument.PHQ_9, now),
    )
    return replace(history, scores=totals)


def patients() -> Iterator[Patient]:
    """Yield the twenty, in no order."""
    yield Patient("not due, booked", responder(8), organisation=booked(10))
    yield Patient("not due, nothing booked yet", responder(6))
    yield Patient("planned day in four days, booked", responder(17), organisation=booked(4))
    yield Patient("due today, booked for tomorrow", responder(21), organisation=booked(1))
    yield Patient("due, nothing booked", responder(20))
    yield Patient("half of the benefit has probably gone", responder(27))
    yield Patient("38 days since the last infusion", scored(responder(38), 15, 7))
    yield Patient(
        "silent 41 days, 34 days past the plan, forecast not shown",
        silent_for(responder(62), 41),
        Mode.SILENT,
    )
    yield Patient("a regular who fell silent nine days ago", silent_for(responder(12), 9))
    yield Patient("answers every ten days, silent nine days", every_ten_days(responder(12)))
    yield Patient(
        "collapsed on day 12, forecast not shown", collapsed(responder(12)), Mode.SILENT, booked(10)
    )
    yield Patient("PHQ-9 from 10 to 17", scored(responder(10), 10, 17), organisation=booked(8))
    yield Patient(
        "an open safety alert, not due",
        responder(8),
        organisation=Organisation(alert_count=1, alert_since=days(-1), booked_on=days(9)),
    )
    yield Patient("induction on pace", induction((0, 4, 8), 9))
    yield Patient("induction, 3 of 6 on day 20", induction((0, 4, 8), 20))
    yield Patient("induction, 3 of 6, 208 days since", induction((0, 4, 8), 216))
    yield Patient(
        "booked with urinary symptoms",
        responder(10),
        organisation=Organisation(booked_on=days(6), holds=(HOLD,)),
    )
    yield Patient(
        "booked before the plan's earliest day",
        responder(9),
        organisation=Organisation(
            booked_on=days(2),
            booking_conflict=BookingFinding(
                BookingCode.BEFORE_WINDOW,
                days(2),
                Sentence(
                    "Booked for {day}, {days} before the plan's earliest day, {earliest}.",
                    day=on(days(2)),
                    days=count(3, "day"),
                    earliest=on(days(5)),
                ),
            ),
        ),
    )
    yield Patient(
        "paused", replace(responder(40), protocol=Protocol(paused_on=days(-20))), organisation=Organisation()
    )
    yield Patient("course completed", replace(responder(40), protocol=Protocol(ended_on=days(-5))))


def places(found: Callable[[], Iterator[Patient]] = patients) -> list[Place]:
    """Return the list in order: by level, by the day since which the leading finding holds, by name."""
    result = []
    for patient in found():
        visible = shown(patient.history, TODAY, patient.mode)
        facts = attention_facts(patient.history, visible, patient.organisation)
        found_urgency = urgency(patient.history, facts)
        result.append(Place(patient.who, found_urgency.attention, found_urgency.headline))
    return sorted(result, key=lambda place: (place.attention.level, place.attention.since, place.who))


def table() -> str:
    """Return the list as a table in Markdown."""
    lines = ["| Place | Patient | Urgency, since | Reasons | Headline |", "|---|---|---|---|---|"]
    for number, place in enumerate(places(), 1):
        since = place.attention.since
        urgency = place.attention.level.name.lower()
        urgency += f", {since:%d %b %Y}" if place.attention.findings else ""
        reasons = ", ".join(f"`{finding.code}`" for finding in place.attention.findings) or "none"
        lines.append(f"| {number} | {place.who} | {urgency} | {reasons} | {place.headline} |")
    return "\n".join(lines)


HEAD: Final = """# Attention: the order of the worklist

The worklist shows first whom somebody should look at first, with the reasons. It decides nothing. One rule,
in `clinical/attention.py`, gives each finding a level; a patient has the highest level of any finding.

| Level | Findings |
|---|---|
| `immediate` | a safety alert that nobody has acknowledged |
| `acknowledged` | one that a clinician has acknowledged, and nobody has closed |
| `worsening` | a sharp drop of mood; a questionnaire or the target measure worse than before treatment |
| `overdue` | past the plan's latest day; half of the benefit probably lost, from the plan's earliest day on |
| `due` | the planned day has come; half of the benefit probably lost before the plan's earliest day |
| | no benefit; unusual silence; a lapsed induction; a review due; booked against a consultation |
| `organise` | a review that decided to stop or refer, while the course goes on |
| | a booking that does not fit, or with another reason to hold; treated against a consultation |
| | nothing booked; an induction behind its plan |
| `soon` | the planned day is near |
| `none` | nothing of this |

- **Past the plan, silence, a drop of mood and a lapsed induction need no forecast**: they are found where
  forecasts run silently or are switched off, too. The probability that half of the benefit is lost counts
  only where forecasts are shown.
- **Silence is judged by the patient's own habit**: twice the usual gap between answers (the 90th percentile
  of the last eight weeks), and at least seven days. Somebody who answers daily is missed after a week,
  somebody who answers every ten days after three.
- **The planned day** is the outlook's recommended day, or the plan's latest day where no forecast is shown.
  `overdue` by the outlook is more than five days after the recommended day, which may lie before the plan's
  latest day.
- **A row of the list** names the first two reasons; the summary and the table below have all.
- **Nothing booked** is a finding from a week before the planned day on, without a forecast before the plan's
  latest day.
- **Within a level** the patient comes first whose leading finding has lasted longest, whatever their name or
  forecast: two patients of the same level and the same day are in the order of their ids, which stays the
  same from page to page and for every clinician who looks.
- After the course is completed only alerts and bookings that do not fit count; during a pause also worsening.

The thresholds are in [thresholds.md](thresholds.md).

## Twenty patients on one morning

The list of 27 November 2026, computed from simulated histories by `tests/scenarios/worklist_order.py`; a
test compares it. `make patients` writes it again.

"""


TEAM: Final = """
## Two clinicians on one list

The order is the same for everybody who looks. It depends neither on who asks nor on who has taken a patient.

- **Equal levels.** The rule does not say which of two patients of one level is worse off. The one whose
  leading reason has lasted longest is first, because they have waited longest; either may be taken first.
- **Equal levels and days.** {tied}.
  Here the patients' ids decide, which mean nothing clinically: with them two clinicians see one order, and
  no patient is missing between two pages.
- **Two who take one patient at once.** `PUT /v1/patients/{{id}}/worklist-entry` with `assignee_id`: the first
  is stored. The second one gets 428, or 412 with an older version in `If-Match`, and `current.assigned_to`
  names who was first. Nothing is overwritten; they take the next patient, or hand over with that version
  (`GET /v1/clinics/{{id}}/care-team` names the colleagues).
- **Each entry is stored whole**: `assignee_id` left out means that nobody has the patient, also of one who is
  snoozed or handled; send it again to leave them with whoever had them.
- **Who has taken whom** is in each row; `mine=true` lists one's own. A taken patient stays on the list for
  everybody, since somebody may be ill. Whoever leaves the care team has nobody assigned any more.

## Snoozed and handled

| State | Left out of the list | On it again |
|---|---|---|
| `open` | no, taken or not | |
| `snoozed` | until `snoozed_until_on`, with a reason | on that day; before, once the urgency rises |
| `handled` | until the reasons for attention change | a new reason; a higher level; one that began again |

- **An open safety alert always shows**: a patient with one can be neither snoozed nor handled (409
  `alert_open`), and a new alert ends either for good, also once it is closed.
- The reasons that were visible are recorded (`seen_reasons`). `outlook_id` names the summary that was looked
  at: where it has changed since, the answer is 409 `superseded`, and nothing is stored.
- **Began again** is not the same as a later day. The planned day, the probable loss of the benefit and
  "nothing booked" move along from day to day: they begin again with the next cycle, and "nothing booked" also
  when a booking was made and cancelled. A drop of mood, silence or a lack of benefit begins again on a later
  day that is not before the mark. A booking that does not fit is another one on another day, or for another
  cause; a reason to hold likewise. `clinical/worklist_entry.py` has each.
- **Nobody is lost.** The list by urgency leaves snoozed and handled patients out, and `hidden_count` is how
  many match its other filters. A search with `q`, and the orders by name and record number, have everybody;
  `state=all`, `state=snoozed` and `state=handled` list them by urgency. `hidden` and `returned_because` are
  in each row. The days are the patient's: the list is compared anew when their day turns.
"""


def tied() -> str:
    """Return which places of the table tie, in words."""
    found = places()
    numbers = [
        number
        for number, place in enumerate(found, 1)
        if sum(
            (each.attention.level, each.attention.since) == (place.attention.level, place.attention.since)
            for each in found
        )
        > 1
    ]
    return f"Above, places {numbers[0]} to {numbers[-1]}, which need nothing"


def page() -> str:
    """Return the page docs/clinical/attention.md."""
    return f"{HEAD}{table()}\n{TEAM.format(tied=tied())}"
