"""The system's Chromium, and how the tests start it: quietly, and reaching nothing but us."""

from __future__ import annotations

import os
import shutil
from typing import Final, TypedDict

import pytest

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")

# A browser's own housekeeping looks up hosts on the internet, which a test has no business with.
QUIET: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class LaunchOptions(TypedDict):
    """What `playwright.chromium.launch(**launch_options())` is given; headless is its default."""

    executable_path: str
    args: list[str]


def find_chromium() -> str | None:
    """The path of a Chromium: $CHROMIUM, else the first known name on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch_options() -> LaunchOptions:
    """Ready to launch; without a browser the test fails in CI, and elsewhere says why it is skipped."""
    path = find_chromium()
    if path is None:
        message = "No Chromium found: run `make browser`, or point CHROMIUM at one."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Chromium's sandbox refuses to work for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "args": [*QUIET, *sandbox]}
