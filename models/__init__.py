"""The tables; importing this package makes every one of them known to the metadata."""

from models import (
    accounts,
    baselines,
    check_ins,
    clinics,
    infusions,
    integrations,
    outlooks,
    patients,
    priors,
    protocols,
    reports,
    scores,
)

__all__ = [
    "accounts",
    "baselines",
    "check_ins",
    "clinics",
    "infusions",
    "integrations",
    "outlooks",
    "patients",
    "priors",
    "protocols",
    "reports",
    "scores",
]
