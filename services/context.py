"""What every use case runs in: one transaction, one actor, one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.patients import Patient
from services import access
from services.access import Actor


@dataclass(frozen=True, slots=True)
class Context:
    """The transaction's session, the actor whose token was checked, and the instant of the request in UTC.

    `address` is the network address that the request came from; empty for a command.
    """

    session: Session
    actor: Actor
    now: datetime
    address: str = ""

    def load_patient(self, patient_id: UUID | None, *, lock: bool = False) -> Patient:
        """Return the patient with that id, or the actor's own for None ("me"), locked if asked for.

        Raises NotFound for any patient whom the actor may not know of.
        """
        return access.load_patient(self.session, self.actor, patient_id, lock=lock)
