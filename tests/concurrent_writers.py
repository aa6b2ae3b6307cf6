"""Somebody who writes this and that about one patient, in any order, for tests of what must always hold."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.baseline import AssessedBaseline
from clinical.check_in import CheckInDraft
from clinical.half_benefit_recall import RecallAnswer
from clinical.infusion import InfusionReason, InfusionStatus
from clinical.instruments.response import FormDraft
from clinical.score import Instrument
from models.base import Base
from models.baselines import Baseline
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.database import Database
from models.half_benefit_recalls import HalfBenefitRecall
from models.infusions import Infusion
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse
from models.scores import Score
from services import baselines, check_ins, clinics, half_benefit_recalls, infusions, protocols, scores
from services.access import Actor, Role
from services.context import Context
from services.errors import ServiceError
from services.questionnaires import responses
from tests import factories


class Writer:
    """One step a few hours after another: most are check-ins, many of them edits, and some are refused."""

    def __init__(
        self, database: Database, clinic_id: UUID, patient_id: UUID, begin: datetime, seed: int
    ) -> None:
        self.now = begin
        self._database, self._clinic_id, self._patient_id = database, clinic_id, patient_id
        self._chance = Random(seed)  # noqa: S311  no secret is drawn
        self._clinician = Actor(uuid4(), clinic_id, frozenset({Role.CLINICIAN}))
        self._infusions = [uuid4() for _ in range(8)]
        self._forms = [uuid4() for _ in range(6)]
        rare = [self._forget_a_day, self._score, self._fill_in, self._judge, self._plan, self._settle]
        rare.append(self._recall)
        self._writes = [self._check_in] * 14 + [self._infuse] * 3 + rare

    def step(self) -> None:
        """Do one write, whole or not at all."""
        self.now += timedelta(hours=self._chance.randint(1, 12))
        with suppress(ServiceError), self._database.write(self._clinic_id) as session:
            self._chance.choice(self._writes)(session)

    def _ctx(self, session: Session) -> Context:
        return Context(session, self._clinician, self.now)

    def _a_day(self) -> date:
        return self.now.date() - timedelta(days=self._chance.randint(1, 20))

    def _rating(self) -> int:
        return self._chance.randint(0, 10)

    def _version(self, session: Session, model: type[Base], **which: object) -> int | None:
        query = select(model).filter_by(patient_id=self._patient_id, known_until=None, **which)
        row = session.scalars(query).one_or_none()
        return None if row is None else row.version  # type: ignore[attr-defined]

    def _check_in(self, session: Session) -> None:
        day, result = self._a_day(), self._chance.choice([None, None, 10 * self._rating()])
        mood = min(max(self._level(session, day) + self._chance.randint(-1, 1), 0), 10)
        draft = CheckInDraft(factories.ZONE, self.now, mood, 10 - mood, self._rating(), benefit_left=result)
        version = self._version(session, CheckIn, local_date=day)
        check_ins.put(self._ctx(session), self._patient_id, day, draft, version)

    def _level(self, session: Session, day: date) -> int:
        """What an infusion of the fortnight before would do to a mood of 2."""
        given = session.scalars(
            select(Infusion.local_date).where(
                Infusion.patient_id == self._patient_id, Infusion.known_until.is_(None)
            )
        )
        return 8 if any(timedelta() <= day - when < timedelta(days=14) for when in given) else 2

    def _forget_a_day(self, session: Session) -> None:
        day = self._a_day()
        version = self._version(session, CheckIn, local_date=day)
        check_ins.remove(self._ctx(session), self._patient_id, day, version)

    def _infuse(self, session: Session) -> None:
        which = self._chance.choice(self._infusions)
        start = self.now - timedelta(days=self._chance.randint(1, 40))
        reason = self._chance.choice(list(InfusionReason))
        dose = (35.0, 70.0, "intravenous")
        draft = infusions.InfusionDraft(start, None, factories.ZONE, *dose, InfusionStatus.COMPLETED, reason)
        version = self._version(session, Infusion, id=which)
        infusions.put(self._ctx(session), self._patient_id, which, draft, version)

    def _score(self, session: Session) -> None:
        occasion, total = scores.Occasion(Instrument.PHQ_9, self._a_day()), self._chance.randint(0, 27)
        version = self._version(session, Score, local_date=occasion.local_date)
        entry = scores.Entry(total)
        scores.put(self._ctx(session), self._patient_id, occasion, entry, version)

    def _fill_in(self, session: Session) -> None:
        which = self._chance.choice(self._forms)
        items = [str(number) for number in range(1, self._chance.choice((4, 10, 10)))]
        given = {item: self._chance.randint(0, 3) for item in items}
        draft = FormDraft("phq-9", "1", self._a_day(), factories.ZONE, self.now, given)
        version = self._version(session, QuestionnaireResponse, id=which)
        responses.put(self._ctx(session), self._patient_id, which, draft, version)

    def _recall(self, session: Session) -> None:
        which, answer = self._chance.choice(self._infusions), self._chance.choice(list(RecallAnswer))
        days = self._chance.randint(1, 12) if answer is RecallAnswer.DAYS else None
        draft = half_benefit_recalls.RecallDraft(answer, days, self.now)
        version = self._version(session, HalfBenefitRecall, infusion_id=which)
        half_benefit_recalls.put(self._ctx(session), self._patient_id, which, draft, version)

    def _judge(self, session: Session) -> None:
        judged = AssessedBaseline(self.now.date() - timedelta(days=60), self._rating())
        version = self._version(session, Baseline)
        baselines.put(self._ctx(session), self._patient_id, judged, version)

    def _plan(self, session: Session) -> None:
        draft = protocols.ProtocolDraft(
            induction_infusion_count=2, min_interval_days=self._chance.randint(7, 20)
        )
        version = self._version(session, Protocol)
        protocols.put(self._ctx(session), self._patient_id, draft, version)

    def _settle(self, session: Session) -> None:
        admin = Actor(uuid4(), self._clinic_id, frozenset({Role.ADMIN}))
        version = session.get_one(Clinic, self._clinic_id).version
        wanted = clinics.ClinicSettings(max_interval_days=self._chance.randint(21, 84))
        clinics.change_settings(Context(session, admin, self.now), self._clinic_id, wanted, version)
