"""When an answer was given or an infusion began, where what is stored tells it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from clinical.answer_timing import UNTIMED
from clinical.check_in import EntryMode
from clinical.local_day import is_ahead, is_too_long_ago
from models.check_ins import CheckIn
from models.infusions import Infusion
from models.questionnaires import QuestionnaireResponse

INFUSION_TIMES: Final = (Infusion.started_at, Infusion.ended_at, Infusion.time_zone)
CHECK_IN_TIMES: Final = (
    CheckIn.recorded_at,
    CheckIn.time_zone,
    CheckIn.entry_mode,
    CheckIn.clock_suspect,
    CheckIn.reported_by,
    CheckIn.patient_version,
)
FORM_TIMES: Final = (
    QuestionnaireResponse.recorded_at,
    QuestionnaireResponse.time_zone,
    QuestionnaireResponse.received_at,
)


def known_start(started_at: datetime, ended_at: datetime | None, time_zone: str) -> datetime | None:
    """Return when an infusion began; None for one that an import may have stored without a time."""
    untimed = ended_at is None and started_at.astimezone(ZoneInfo(time_zone)).time() == UNTIMED
    return None if untimed else started_at


class CheckInTimes(NamedTuple):
    """What is stored of the time of a day's answers, in the order of CHECK_IN_TIMES."""

    recorded_at: datetime
    time_zone: str
    entry_mode: str
    clock_suspect: bool
    reported_by: str
    patient_version: int | None

    @property
    def answered_at(self) -> datetime | None:
        """When the answers were given.

        None for a day filled in later, by a phone whose clock is wrong, by a clinician over the patient's
        answers, or by an import that may have had no time.
        """
        if self.entry_mode != EntryMode.LIVE or self.clock_suspect or self.patient_version is not None:
            return None
        untimed = self.recorded_at.astimezone(ZoneInfo(self.time_zone)).time() == UNTIMED
        return None if self.reported_by == "import" and untimed else self.recorded_at


class FormTimes(NamedTuple):
    """What is stored of the time of a questionnaire response, in the order of FORM_TIMES."""

    recorded_at: datetime
    time_zone: str
    received_at: datetime

    def answered_at(self, local_date: date) -> datetime | None:
        """Return when the response was given.

        None where that was on another day than its own, the phone's clock is wrong, or it came too late to
        be believed.
        """
        on_its_day = self.recorded_at.astimezone(ZoneInfo(self.time_zone)).date() == local_date
        believed = not is_ahead(self.recorded_at, self.received_at) and not is_too_long_ago(
            self.recorded_at, self.received_at
        )
        return self.recorded_at if on_its_day and believed else None
