"""Version of the forecast engine; stored with each outlook, so that a new version makes cached ones stale."""

from __future__ import annotations

from typing import Final

ENGINE_VERSION: Final = "wear-off-4"
