"""Data that the benchmark passes to the floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bench.speed.sql_recorder import SqlRecording

ENVIRONMENT: Final = "AFTERGLOW_FLOOR"
"""Environment variable that names the file with the pickled setup."""


@dataclass(frozen=True, slots=True)
class FloorSetup:
    """The key, the recorded statements of each kind of request, and the response bodies."""

    database_url: str
    key: str
    issuer: str
    audience: str
    recordings: dict[str, SqlRecording]
    put_answer: bytes
    summaries: dict[str, tuple[str, bytes]]
    worklist: bytes
