"""How the console is built: only after a change, whole or not at all, and never in the way of the API.

(W-1), issue 10, line 1. The steps run as they do for the true console, on one with a builder of a few lines in it.
"""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import Future
from pathlib import Path

import pytest

from stack.console import Console, contracts, outcome
from stack.node import Node
from stack.output import Trouble
from stack.places import Place

BUILDER = """
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
const folder = process.argv[process.argv.indexOf("--outDir") + 1];
if (!existsSync("src/api/generated/meta.json")) throw new Error("nothing was generated");
mkdirSync(folder, { recursive: true });
copyFileSync("index.html", `${folder}/index.html`);
if (readFileSync("index.html", "utf8").includes("broken")) throw new Error("it is broken");
"""
GENERATOR = """
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const paths = Object.keys(JSON.parse(readFileSync(process.argv[2], "utf8")).paths);
mkdirSync("src/api/generated", { recursive: true });
writeFileSync("src/api/generated/meta.json", JSON.stringify(paths));
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "place")


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """A console whose only package lies beside it, so that npm has nothing to fetch."""
    vite = {"name": "vite", "version": "1.0.0", "type": "module"}
    package = {"name": "a-console", "version": "1.0.0", "dependencies": {"vite": "file:tools/vite"}}
    lock = {
        "name": "a-console",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {
            "": package,
            "node_modules/vite": {"resolved": "tools/vite", "link": True},
            "tools/vite": vite,
        },
    }
    sources = tmp_path / "console"
    for name, text in {
        "package.json": json.dumps(package),
        "package-lock.json": json.dumps(lock),
        ".npmrc": "audit=false\nfund=false\nupdate-notifier=false\n",
        "index.html": "the first page",
        "scripts/api.mjs": GENERATOR,
        "tools/vite/package.json": json.dumps(vite),
        "tools/vite/bin/vite.js": BUILDER,
    }.items():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text(text)
    return Console(sources, tmp_path / "made")


def test_it_is_built_once_and_again_after_a_change_and_a_failure_leaves_what_was_there(
    console: Console, place: Place
) -> None:
    page = console.sources / "index.html"
    built = console.build(place)
    assert (built / "index.html").read_text() == "the first page"
    assert "/v1/customers" in json.loads((console.sources / "src/api/generated/meta.json").read_text())

    made = built.stat().st_ino
    assert console.build(place).stat().st_ino == made

    page.write_text("the page is broken")
    with pytest.raises(Trouble, match=rf"^vite build ended with 1 \(log: {place.log('console')}\)$"):
        console.build(place)
    assert (built / "index.html").read_text() == "the first page"
    assert "it is broken" in place.log("console").read_text()

    page.write_text("the second page")
    assert (console.build(place) / "index.html").read_text() == "the second page"


def test_packages_that_are_not_what_the_lock_says_are_not_installed(console: Console, place: Place) -> None:
    (console.sources / "package-lock.json").write_text("{}")
    with pytest.raises(Trouble, match="npm ci ended with 1"):
        console.build(place)
    assert not console.built.exists()


def test_node_is_the_wheels_even_where_the_machine_has_one(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`npm` calls `node` by its name."""
    other = tmp_path / "bin" / "node"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\nexit 7\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{other.parent}:{os.environ['PATH']}")
    node = Node(place, tmp_path)
    (tmp_path / "package.json").write_text(json.dumps({"scripts": {"version": "node --version"}}))
    assert shutil.which("node", path=node.environment()["PATH"]) == node.program
    node.run("npm run", node.npm("run", "version"))
    assert "v24." in place.log("console").read_text()


def test_a_console_that_cannot_be_built_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    building: Future[Path] = Future()
    building.set_exception(Trouble("vite build ended with 1 (log: console.log)"))
    assert outcome(building) is None
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "the API runs without it: vite build ended with 1 (log: console.log)" in said


def test_a_change_of_any_contract_is_a_change_of_the_console() -> None:
    names = {f"{path.parents[1].name}/{path.name}" for path in contracts()}
    assert {"sales/openapi.json", "service-desk/openapi.json"} <= names
    assert {"gateway/signin.py", "views/customer_overview.py"} <= {
        f"{path.parent.name}/{path.name}" for path in contracts()
    }
