"""All that the outlook may know about one patient at one instant."""

from __future__ import annotations

from dataclasses import dataclass

from clinical.check_in import Reading
from clinical.infusion import GivenInfusion
from clinical.protocol import Protocol


@dataclass(frozen=True, slots=True)
class History:
    """A patient's readings and given infusions, each in order of day, and the plan in force.

    At most one reading a day; two infusions may share a day. Days after "today" may be present and are to
    be ignored by whoever asks about today.
    """

    readings: tuple[Reading, ...]
    infusions: tuple[GivenInfusion, ...]
    protocol: Protocol
