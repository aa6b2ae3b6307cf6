"""Ids of the demo clinic, its staff and its API client: the same in every demo."""

from __future__ import annotations

from random import Random
from typing import Final
from uuid import UUID

SEED: Final = "Lantern Bay"
"""Seed of everything that is drawn for the demo."""


def uuid_from(rng: Random) -> UUID:
    """Return an id that is the same in every demo."""
    return UUID(int=rng.getrandbits(128), version=4)


_IDS = Random(SEED)  # noqa: S311  simulated data, reproducible by its seed
CLINIC_ID: Final = uuid_from(_IDS)
CLINICIAN_ID: Final = uuid_from(_IDS)
ADMIN_ID: Final = uuid_from(_IDS)
CLIENT_ID: Final = uuid_from(_IDS)
DELEGATE_ID: Final = uuid_from(_IDS)
NURSE_ID: Final = uuid_from(_IDS)
FRONT_DESK_ID: Final = uuid_from(_IDS)
BILLING_ID: Final = uuid_from(_IDS)
