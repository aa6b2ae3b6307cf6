"""Plain functions that make rows, each whole and flushed; what a test cares about, it passes by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from clinical.canonical_text import record_number_key
from clinical.outlook import ENGINE_VERSION
from models.accounts import Account, Invitation, SignIn
from models.api_clients import ApiClient
from models.base import Base
from models.baselines import Baseline
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.consents import Consent
from models.consultations import Consultation
from models.costs import InfusionCost
from models.events import Event
from models.half_benefit_recalls import HalfBenefitRecall
from models.infusion_sessions import (
    DischargeCheck,
    InfusionSession,
    SessionSettings,
    VitalSigns,
)
from models.infusions import Infusion
from models.medical_history import MedicalHistoryEntry
from models.outlooks import CachedOutlook
from models.password_resets import PasswordReset
from models.patients import Patient
from models.post_infusion_moods import PostInfusionMood
from models.priors import EstimatedPrior
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from models.recalibrations import EstimatedRecalibration
from models.response_reviews import ResponseReview
from models.safety import SafetyAlert, SafetyAlertAnswer, SafetySettings
from models.scores import Score
from models.treatment_courses import TreatmentCourse
from services.access import Part, Role, Scope
from services.tokens import secret_hash

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOON = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""Noon in ZONE, for tests that count days from today: see `fixed_day`."""
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LONG_AHEAD = datetime(2126, 1, 5, 9, 0, tzinfo=UTC)
ZONE = "America/Chicago"

PASSWORD = "lantern-quartz-otter-7"
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What tests hash passwords with: with the parameters of production it takes a tenth of their time."""
PASSWORD_HASH = (
    "$argon2id$v=19$m=8,t=1,p=1$kskDQ6YrD0jOsK1mcd8W7Q$6tgN+icSGmRaSPoYJjK2DiqBKEkR2jlkL8ykbkHL4ec"
)
CLIENT_SECRET = "T3st0nlyZk5yVw8bXr2mQe7nLc4dHs9gJf6aPi1uYo0"
INVITATION_CODE = "0123456789ABCDEFGHJKMNPQRS"

NUMBERS = count(1)

Row = TypeVar("Row", bound=Base)


def clinic(session: Session, **given: Any) -> Clinic:
    """A clinic with the protocol most clinics follow: six infusions in three weeks, then 14 to 35 days."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "name": "Harbour Clinic",
        "time_zone": ZONE,
        "backfill_days": 14,
        "induction_infusion_count": 6,
        "induction_days": 21,
        "min_interval_days": 14,
        "max_interval_days": 35,
        "new_course_gap_days": 84,
        "review_after_days": 7,
        "outlook_mode": "shown",
        "outlook_prior": "published-1",
        "outlook_recalibration": "none",
        "refuse_unsuitable": False,
        "invitation_hours": 24,
        "version": 1,
        "settings_since": LONG_AGO,
        "created_at": LONG_AGO,
    }
    return _stored(session, Clinic(**usual | given))


def account(session: Session, clinic_id: UUID, role: Role = Role.CLINICIAN, **given: Any) -> Account:
    """Somebody who accepted their invitation, and signs in with PASSWORD."""
    email = f"{role}.{next(NUMBERS)}@clinic.test"
    usual: dict[str, Any] = {
        "id": uuid4(),
        "clinic_id": clinic_id,
        "roles": str(role),
        "patient_id": None,
        "display_name": "Robin Vale",
        "invited_email": email,
        "email": email,
        "password_hash": PASSWORD_HASH,
        "disabled_at": None,
        "version": 1,
        "created_at": LONG_AGO,
    }
    return _stored(session, Account(**usual | given))


def invitation(session: Session, account_id: UUID, code: str = INVITATION_CODE, **given: Any) -> Invitation:
    """A code that its account has not used."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "account_id": account_id,
        "code_hash": secret_hash(code),
        "created_at": LONG_AGO,
        "expires_at": LONG_AHEAD,
        "accepted_at": None,
        "revoked_at": None,
    }
    return _stored(session, Invitation(**usual | given))


def password_reset(
    session: Session, account_id: UUID, code: str = INVITATION_CODE, **given: Any
) -> PasswordReset:
    """A code for a new password that was mailed half an hour ago."""
    now = datetime.now(UTC)
    usual: dict[str, Any] = {
        "id": uuid4(),
        "email": "somebody@clinic.test",
        "requested_at": now - timedelta(minutes=30),
        "due_at": None,
        "attempt_count": 1,
        "account_id": account_id,
        "code_hash": secret_hash(code),
        "expires_at": now + timedelta(minutes=30),
    }
    return _stored(session, PasswordReset(**usual | given))


def sign_in(session: Session, account_id: UUID, **given: Any) -> SignIn:
    """A device on which an account is signed in."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "account_id": account_id,
        "device_id": f"device-{next(NUMBERS)}",
        "device_name": "Pocket phone",
        "generation": 1,
        "rotated_at": LONG_AGO,
        "created_at": LONG_AGO,
        "expires_at": LONG_AHEAD,
        "revoked_at": None,
    }
    return _stored(session, SignIn(**usual | given))


def api_client(
    session: Session, clinic_id: UUID, *scopes: Scope, secret: str = CLIENT_SECRET, **given: Any
) -> ApiClient:
    """A system of the clinic's that asks for tokens with CLIENT_SECRET; with every scope, unless named."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "clinic_id": clinic_id,
        "name": "Record system",
        "secret_hash": secret_hash(secret),
        "scopes": " ".join(sorted(scopes or Scope)),
        "version": 1,
        "created_at": LONG_AGO,
        "expires_at": LONG_AHEAD,
        "revoked_at": None,
    }
    return _stored(session, ApiClient(**usual | given))


def patient(session: Session, **given: Any) -> Patient:
    """A patient of the session's clinic, with an account that signs in with PASSWORD."""
    number = next(NUMBERS)
    usual: dict[str, Any] = {
        "id": uuid4(),
        "clinic_id": session.info["clinic_id"],
        "account_id": uuid4(),
        "record_number": f"R-{number:04}",
        "display_name": "Wren Alder",
        "time_zone": ZONE,
        "day_start_hour": 4,
        "change_seq": 0,
        "version": 1,
        "enrolled_at": LONG_AGO,
        "discharged_at": None,
        "telephone": None,
        "emergency_contact_name": None,
        "emergency_contact_relation": None,
        "emergency_contact_telephone": None,
        "born_on": None,
        "language": None,
    }
    number_key = record_number_key((usual | given)["record_number"])
    made = Patient(**{"record_number_key": number_key} | usual | given)
    account(
        session,
        made.clinic_id,
        Role.PATIENT,
        id=made.account_id,
        patient_id=made.id,
        display_name=made.display_name,
    )
    return _stored(session, made)


def consent(session: Session, of: Patient, account_id: UUID, *parts: Part, **given: Any) -> Consent:
    """What a patient lets somebody read, until it is revoked; every part, unless named."""
    usual: dict[str, Any] = {
        "patient_id": of.id,
        "id": uuid4(),
        "version": 1,
        "account_id": account_id,
        "name": "My sister",
        "relation": "family",
        "parts": " ".join(sorted(parts or Part)),
        "until": None,
        "revoked": False,
        "recorded_by": of.account_id,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, Consent(**usual | given))


def check_in(session: Session, of: Patient, local_date: date, **given: Any) -> CheckIn:
    """A day's first answers, given live at nine in the evening."""
    evening = _local(local_date, time(21), of.time_zone)
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "local_date": local_date,
        "version": 1,
        "mood": 6,
        "enjoyment": 5,
        "anxiety": 3,
        "side_effects": [],
        "note": None,
        "benefit_left": None,
        "ratings": None,
        "time_zone": of.time_zone,
        "recorded_at": evening,
        "received_at": evening + timedelta(seconds=2),
        "entry_mode": "live",
        "clock_suspect": False,
        "reported_by": "patient",
        "removed": False,
        "recorded_by": of.account_id,
        "device_id": "device-0",
        "change_seq": _next_change(of),
        "known_from": evening + timedelta(seconds=2),
        "known_until": None,
    }
    return _stored(session, CheckIn(**usual | given))


def infusion(session: Session, of: Patient, local_date: date, **given: Any) -> Infusion:
    """An infusion as it usually goes: completed, ten in the morning, forty minutes, half a mg a kg."""
    start = _local(local_date, time(10), of.time_zone)
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "id": uuid4(),
        "version": 1,
        "started_at": start,
        "ended_at": start + timedelta(minutes=40),
        "time_zone": of.time_zone,
        "local_date": local_date,
        "dose_mg": 35.0,
        "weight_kg": 70.0,
        "route": "intravenous",
        "status": "completed",
        "reason": "scheduled",
        "dose_limits_exceeded": [],
        "overridden_holds": [],
        "removed": False,
        "recorded_by": None,
        "change_seq": _next_change(of),
        "known_from": start + timedelta(hours=1),
        "known_until": None,
    }
    return _stored(session, Infusion(**usual | given))


def protocol(session: Session, of: Patient, **given: Any) -> Protocol:
    """A plan of the patient's own that changes nothing of the clinic's."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "version": 1,
        "induction_infusion_count": None,
        "induction_days": None,
        "min_interval_days": None,
        "max_interval_days": None,
        "paused_on": None,
        "resumes_on": None,
        "ended_on": None,
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, Protocol(**usual | given))


def treatment_course(session: Session, of: Patient, began_on: date, **given: Any) -> TreatmentCourse:
    """A second course of the patient's, as planned for everybody."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "id": uuid4(),
        "version": 1,
        "kind": "re_induction",
        "began_on": began_on,
        "removed": False,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, TreatmentCourse(**usual | given))


def response_review(session: Session, of: Patient, reviewed_on: date, **given: Any) -> ResponseReview:
    """A response review that continues to maintenance."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "id": uuid4(),
        "version": 1,
        "reviewed_on": reviewed_on,
        "decision": "continue_maintenance",
        "removed": False,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, ResponseReview(**usual | given))


def cost(session: Session, of: Patient, infusion_id: UUID, **given: Any) -> InfusionCost:
    """A price of 350.00 EUR, of which 120.00 are covered."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "infusion_id": infusion_id,
        "version": 1,
        "currency": "EUR",
        "price": 35000,
        "coverage": "partly",
        "covered": 12000,
        "removed": False,
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, InfusionCost(**usual | given))


def event(session: Session, of: Patient, local_date: date, **given: Any) -> Event:
    """A life event that the patient reported in the evening."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "id": uuid4(),
        "version": 1,
        "local_date": local_date,
        "kind": "life_event",
        "note": "Moved house.",
        "visibility": "patient",
        "reported_by": "patient",
        "removed": False,
        "recorded_by": of.account_id,
        "known_from": _local(local_date, time(21), of.time_zone),
        "known_until": None,
    }
    return _stored(session, Event(**usual | given))


def medical_history_entry(session: Session, of: Patient, **given: Any) -> MedicalHistoryEntry:
    """An allergy since nobody knows when."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "list_name": "allergies",
        "id": uuid4(),
        "version": 1,
        "name": "Penicillin",
        "began_on": None,
        "ended_on": None,
        "dosage": None,
        "note": None,
        "removed": False,
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, MedicalHistoryEntry(**usual | given))


def score(session: Session, of: Patient, local_date: date, **given: Any) -> Score:
    """A PHQ-9 total of 14, entered at noon of its day."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "instrument": "phq-9",
        "local_date": local_date,
        "version": 1,
        "total": 14,
        "source": "entered",
        "removed": False,
        "recorded_by": None,
        "change_seq": _next_change(of),
        "known_from": _local(local_date, time(12), of.time_zone),
        "known_until": None,
    }
    return _stored(session, Score(**usual | given))


def form(session: Session, of: Patient, local_date: date, **given: Any) -> QuestionnaireResponse:
    """A whole PHQ-9 with a total of 8, item 9 answered with 0, answered at noon of its day."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "id": uuid4(),
        "version": 1,
        "instrument": "phq-9",
        "instrument_version": "1",
        "local_date": local_date,
        "time_zone": of.time_zone,
        "recorded_at": _local(local_date, time(12), of.time_zone),
        "received_at": _local(local_date, time(12), of.time_zone),
        "reported_by": "patient",
        "answers": {**dict.fromkeys("12345678", 1), "9": 0},
        "total": 8,
        "removed": False,
        "recorded_by": None,
        "change_seq": _next_change(of),
        "known_from": _local(local_date, time(12), of.time_zone),
        "known_until": None,
    }
    return _stored(session, QuestionnaireResponse(**usual | given))


def schedule(session: Session, of: Patient, **given: Any) -> QuestionnaireSchedule:
    """A PHQ-9 every week, arranged on the day the patient enrolled."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "instrument": "phq-9",
        "version": 1,
        "weekly": True,
        "before_infusion": False,
        "days_after_infusion": [],
        "window_days": 2,
        "on_mood_drop": False,
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, QuestionnaireSchedule(**usual | given))


def baseline(session: Session, of: Patient, **given: Any) -> Baseline:
    """A baseline judged on the day the patient enrolled: low mood, much anxiety."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "version": 1,
        "assessed_on": LONG_AGO.date(),
        "mood": 3,
        "anxiety": 7,
        "removed": False,
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, Baseline(**usual | given))


def consultation(session: Session, of: Patient, **given: Any) -> Consultation:
    """A consultation on the day the patient enrolled: nothing decided, everything still to review."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "version": 1,
        "seen_on": LONG_AGO.date(),
        "answers": [],
        "indication": None,
        "decision": None,
        "reasons": None,
        "decided_by": None,
        "decided_at": None,
        "consent_given_on": None,
        "consent_recorded_by": None,
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, Consultation(**usual | given))


def suitable(session: Session, of: Patient, **given: Any) -> Consultation:
    """A consultation that found treatment suitable, with the patient's consent."""
    decided: dict[str, Any] = {
        "indication": "major_depression",
        "decision": "suitable",
        "reasons": "Nothing speaks against it.",
        "decided_by": of.account_id,
        "decided_at": LONG_AGO,
        "consent_given_on": LONG_AGO.date(),
        "consent_recorded_by": of.account_id,
    }
    return consultation(session, of, **decided | given)


def session_settings(session: Session, **given: Any) -> SessionSettings:
    """The session's clinic set nothing for sessions but what holds anyway: a stay of two hours."""
    usual: dict[str, Any] = {
        "clinic_id": session.info["clinic_id"],
        "version": 1,
        "minimum_monitoring_minutes": 120,
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, SessionSettings(**usual | given))


def post_infusion_mood(session: Session, after: Infusion, **given: Any) -> PostInfusionMood:
    """A mood four hours after the start of an infusion."""
    usual: dict[str, Any] = {
        "clinic_id": after.clinic_id,
        "patient_id": after.patient_id,
        "infusion_id": after.id,
        "version": 1,
        "mood": 6,
        "recorded_at": after.started_at + timedelta(hours=4),
        "removed": False,
        "recorded_by": None,
        "known_from": after.started_at + timedelta(hours=4),
        "known_until": None,
    }
    return _stored(session, PostInfusionMood(**usual | given))


def half_benefit_recall(session: Session, asked_at: Infusion, **given: Any) -> HalfBenefitRecall:
    """Ten days, answered half an hour before an infusion, about the one before it."""
    answered_at = asked_at.started_at - timedelta(minutes=30)
    usual: dict[str, Any] = {
        "clinic_id": asked_at.clinic_id,
        "patient_id": asked_at.patient_id,
        "infusion_id": asked_at.id,
        "version": 1,
        "answer": "days",
        "days": 10,
        "answered_at": answered_at,
        "removed": False,
        "recorded_by": None,
        "known_from": answered_at,
        "known_until": None,
    }
    return _stored(session, HalfBenefitRecall(**usual | given))


def infusion_session(session: Session, around: Infusion, **given: Any) -> InfusionSession:
    """A session in which somebody arrived half an hour before the start, and nobody recorded more."""
    usual: dict[str, Any] = {
        "clinic_id": around.clinic_id,
        "patient_id": around.patient_id,
        "infusion_id": around.id,
        "version": 1,
        "arrived_at": around.started_at - timedelta(minutes=30),
        "systolic": None,
        "diastolic": None,
        "fasting": "unknown",
        "escort": "unknown",
        "urinary_symptoms": "unknown",
        "medication_changed": "unknown",
        "safety_asked": "unknown",
        "above_hold": [],
        "rate_changes": [],
        "side_effects": [],
        "interventions": [],
        "recorded_by": None,
        "known_from": around.known_from,
        "known_until": None,
    }
    return _stored(session, InfusionSession(**usual | given))


def vital_signs(session: Session, around: Infusion, **given: Any) -> VitalSigns:
    """A reading taken by hand ten minutes after the start."""
    usual: dict[str, Any] = {
        "clinic_id": around.clinic_id,
        "patient_id": around.patient_id,
        "id": uuid4(),
        "infusion_id": around.id,
        "measured_at": around.started_at + timedelta(minutes=10),
        "heart_rate": 82,
        "systolic": 136,
        "diastolic": 84,
        "spo2": 97,
        "source": "hand",
        "limits_exceeded": [],
        "recorded_by": None,
        "received_at": around.known_from,
        "marked_in_error_at": None,
        "marked_in_error_by": None,
    }
    return _stored(session, VitalSigns(**usual | given))


def discharge_check(session: Session, after: Infusion, **given: Any) -> DischargeCheck:
    """Somebody left with a companion two hours and a half after the start."""
    usual: dict[str, Any] = {
        "clinic_id": after.clinic_id,
        "patient_id": after.patient_id,
        "infusion_id": after.id,
        "version": 1,
        "left_at": after.started_at + timedelta(minutes=165),
        "accompanied_by": "companion",
        "oriented": "yes",
        "steady_gait": "yes",
        "blood_pressure_near_start": "yes",
        "nausea_controlled": "yes",
        "safety_asked": "yes",
        "minimum_monitoring_minutes": 120,
        "recorded_by": None,
        "known_from": after.known_from,
        "known_until": None,
    }
    return _stored(session, DischargeCheck(**usual | given))


def cached_outlook(session: Session, of: Patient, **given: Any) -> CachedOutlook:
    """A snapshot computed long ago, which must not be read as the current one."""
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "patient_id": of.id,
        "change_seq": of.change_seq,
        "settings_version": 1,
        "engine_version": "0",
        "today": LONG_AGO.date(),
        "fresh_from": LONG_AGO,
        "fresh_until": LONG_AGO,
        "status": "too_early",
        "attention_level": 0,
        "attention_since": LONG_AGO.date(),
        "due_on": LONG_AGO.date(),
        "not_booked": False,
        "attention": {},
        "summary": {},
        "outlook": {},
    }
    return _stored(session, CachedOutlook(**usual | given))


def estimated_prior(session: Session, **given: Any) -> EstimatedPrior:
    """A prior fitted to the session's clinic, and that nobody has put to use yet."""
    usual: dict[str, Any] = {
        "clinic_id": session.info["clinic_id"],
        "number": 1,
        "name": "learnt-1",
        "proposed_at": LONG_AGO,
        "engine_version": "0",
        "median_days": 33.0,
        "spread": 0.4,
        "patient_count": 12,
        "cycle_count": 40,
        "evidence": {"bias": "none_seen"},
        "accepted_at": None,
        "accepted_by": None,
    }
    return _stored(session, EstimatedPrior(**usual | given))


def estimated_recalibration(session: Session, **given: Any) -> EstimatedRecalibration:
    """A recalibration of the session's clinic by which half is lost later, and that nobody applies yet."""
    usual: dict[str, Any] = {
        "clinic_id": session.info["clinic_id"],
        "number": 1,
        "name": "recalibration-1",
        "proposed_at": LONG_AGO,
        "engine_version": ENGINE_VERSION,
        "location": 0.5,
        "location_se": 0.1,
        "scale_factor": 1.2,
        "scale_factor_se": 0.1,
        "prior_version": "published-1",
        "patient_count": 30,
        "cycle_count": 90,
        "loss_count": 30,
        "evidence": {"patient_count": 0},
        "accepted_at": None,
        "accepted_by": None,
    }
    return _stored(session, EstimatedRecalibration(**usual | given))


def safety_settings(session: Session, **given: Any) -> SafetySettings:
    """The session's clinic asks the daily question, and has the on-call notified after half an hour."""
    usual: dict[str, Any] = {
        "clinic_id": session.info["clinic_id"],
        "version": 1,
        "country": "US",
        "crisis_contacts": [],
        "safety_question": True,
        "escalate_after_minutes": 30,
        "on_call_email": None,
        "on_call_webhook": "https://pager.clinic.test/afterglow",
        "recorded_by": None,
        "known_from": LONG_AGO,
        "known_until": None,
    }
    return _stored(session, SafetySettings(**usual | given))


def alert(session: Session, of: Patient, local_date: date, **given: Any) -> SafetyAlert:
    """An alert of one daily answer of 2, given at nine in the evening, that nobody has acknowledged."""
    of.change_seq += 1
    opened_at = given.get("opened_at", _local(local_date, time(21), of.time_zone))
    usual: dict[str, Any] = {
        "clinic_id": of.clinic_id,
        "id": uuid4(),
        "patient_id": of.id,
        "source": "daily_answer",
        "local_date": local_date,
        "answer": 2,
        "priority": "endorsed",
        "rank": 1,
        "opened_at": opened_at,
        "answer_count": 1,
        "latest_answer_at": opened_at,
        "waiting_since": None if given.get("escalated_at") else opened_at,
        "escalated_at": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "acknowledge_note": None,
        "closed_at": None,
        "closed_by": None,
        "action": None,
        "close_note": None,
    }
    stored = _stored(session, SafetyAlert(**usual | given))
    answer = SafetyAlertAnswer(
        clinic_id=of.clinic_id,
        alert_id=stored.id,
        number=1,
        patient_id=of.id,
        record_id=str(local_date),
        local_date=local_date,
        answer=stored.answer,
        received_at=opened_at,
    )
    _stored(session, answer)
    return stored


def _local(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone))


def _next_change(of: Patient) -> int:
    of.change_seq += 1
    return of.change_seq


def _stored(session: Session, row: Row) -> Row:
    session.add(row)
    # At once: no relationship tells the session which table's rows the others refer to.
    session.flush()
    return row
