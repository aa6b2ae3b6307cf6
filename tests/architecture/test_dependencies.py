"""What is installed with the server is locked by version and hash, and the list of it is complete."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

SHA_256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(name: str) -> dict[str, str]:
    """The packages that a file locks, each with its line, the lines that go on with it included."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.lstrip().startswith("#"))
    return {re.split(r"[=\[; ]", line)[0]: line for line in lines}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_locked_by_version_and_hash(name):
    packages = locked(name)
    assert len(packages) > 30
    for package, line in packages.items():
        assert re.match(rf"{re.escape(package)}(\[[\w,-]+\])?==\d", line), package
        assert SHA_256.search(line), package


@pytest.mark.slow
def test_the_list_of_components_has_every_locked_package_with_its_hashes(tmp_path):
    file = tmp_path / "sbom.json"
    recipe = re.search(r"-m (cyclonedx_py .*?requirements\.txt)", (ROOT / "Makefile").read_text(), re.DOTALL)
    assert recipe is not None
    arguments = recipe[1].replace("\\\n", " ").replace("build/sbom.json", str(file)).split()
    # Not validated here: that the tool writes CycloneDX is its own claim, and takes it ten times as long.
    command = [sys.executable, "-W", "ignore::UserWarning", "-m", *arguments, "--no-validate"]
    subprocess.run(command, cwd=ROOT, check=True)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["bomFormat"], found["metadata"]["component"]["name"]) == ("CycloneDX", "afterglow")
    components = {each["name"]: each for each in found["components"]}
    packages = locked("requirements.txt")
    assert components.keys() == packages.keys()
    for name, each in components.items():
        assert f"=={each['version']}" in packages[name].split(";")[0]
        hashes = {one["content"] for source in each["externalReferences"] for one in source["hashes"]}
        assert hashes == set(re.findall(r"sha256:(\w+)", packages[name]))
