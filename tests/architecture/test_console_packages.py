"""The console's packages: each of one version, pinned by its content, from whatever registry a machine uses.

(W-1), issue 10, line 1.
"""

from __future__ import annotations

import json
import re

from stack.places import ROOT

CONSOLE = ROOT / "console"
EXACT = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")


def test_the_lock_names_no_registry() -> None:
    packages = json.loads((CONSOLE / "package-lock.json").read_text())["packages"]
    assert len(packages) > 50
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_package_in_the_lock_is_pinned_by_its_content() -> None:
    packages = json.loads((CONSOLE / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_every_version_is_exact() -> None:
    package = json.loads((CONSOLE / "package.json").read_text())
    asked = {**package["dependencies"], **package["devDependencies"]}
    loose = [name for name, version in asked.items() if not EXACT.fullmatch(version.rpartition("@")[2])]
    assert loose == []


def test_what_keeps_it_so_stands_in_the_project_and_not_in_somebodys_home() -> None:
    settings = (CONSOLE / ".npmrc").read_text().split()
    for line in ("omit-lockfile-registry-resolved=true", "save-exact=true", "ignore-scripts=true"):
        assert line in settings
    assert not [line for line in settings if line.startswith("registry=")]


def test_the_build_needs_nothing_of_what_only_tests_and_lints() -> None:
    """`make up` installs `dependencies` only."""
    package = json.loads((CONSOLE / "package.json").read_text())
    assert {"vite", "@vitejs/plugin-react", "openapi-typescript", "typescript"} <= package[
        "dependencies"
    ].keys()
    assert {"vitest", "@biomejs/biome", "axe-core"} <= package["devDependencies"].keys()
