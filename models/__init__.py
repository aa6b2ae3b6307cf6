"""The tables; importing this package makes every one of them known to the metadata."""

from models import accounts, check_ins, clinics, infusions, integrations, outlooks, patients, protocols

__all__ = [
    "accounts",
    "check_ins",
    "clinics",
    "infusions",
    "integrations",
    "outlooks",
    "patients",
    "protocols",
]
