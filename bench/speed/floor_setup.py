"""What the bench tells the floor before the race."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bench.speed.sql_recorder import Tape

ENVIRONMENT: Final = "AFTERGLOW_FLOOR"
"""The variable that names the file it is told in."""


@dataclass(frozen=True, slots=True)
class FloorSetup:
    """The key, the statements of each kind of request, and the answers."""

    database_url: str
    key: str
    issuer: str
    audience: str
    tapes: dict[str, Tape]
    put_answer: bytes
    summaries: dict[str, tuple[str, bytes]]
    morning_list: bytes
