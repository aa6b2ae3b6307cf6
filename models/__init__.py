"""The tables; importing this package makes every one of them known to the metadata."""

from models import (
    accounts,
    alerts,
    baselines,
    check_ins,
    clinics,
    consultations,
    infusions,
    integrations,
    outbox,
    outlooks,
    patients,
    priors,
    protocols,
    questionnaires,
    reports,
    scores,
)

__all__ = [
    "accounts",
    "alerts",
    "baselines",
    "check_ins",
    "clinics",
    "consultations",
    "infusions",
    "integrations",
    "outbox",
    "outlooks",
    "patients",
    "priors",
    "protocols",
    "questionnaires",
    "reports",
    "scores",
]
