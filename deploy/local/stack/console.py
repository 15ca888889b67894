"""The console: npm's packages from their lock, then the build; each step only after a change of what it is made of.

What is made lies in `.local/console`, for all platforms of this checkout. A console that cannot be built is said in one
sentence and stops nobody: the API does without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from .bootstrap import NODE, OURS, one_at_a_time
from .node import Node
from .output import Trouble, say, told
from .places import ROOT, SERVICES, Place, digest

BUILD_TOOLS, ALL_TOOLS = "what builds", "what builds and checks"
"""What npm has installed of the packages in the lock."""


@dataclass(frozen=True)
class Console:
    """Sources in a folder, and the folder for what is made of them."""

    sources: Path
    home: Path

    @property
    def built(self) -> Path:
        """What the gateway serves."""
        return self.home / "dist"

    def build(self, place: Place) -> Path:
        """Return the folder of the built console, made anew where something it is made of has changed.

        Args:
            place: whose processes build it.

        Raises:
            Trouble: it could not be built; what an earlier build has made is left as it was.
        """
        with self._alone():
            wanted = digest([*self._read_by_the_build(), *contracts(), NODE.lock])
            if not self._is_stamped("built", wanted) or not self.built.is_dir():
                node = Node(place, self.sources)
                self._install(node, BUILD_TOOLS)
                with told("building the console", every=20):
                    self._generate(node)
                    made = self.home / "next"
                    vite = [node.program, "node_modules/vite/bin/vite.js", "build", "--outDir", str(made)]
                    node.run("vite build", [*vite, "--emptyOutDir"])
                    self._put_in_place(made)
                self._stamp("built", wanted)
            return self.built

    def install(self, place: Place) -> None:
        """Have npm's packages there, also those that only check.

        Raises:
            Trouble: they could not be installed.
        """
        with self._alone():
            self._install(Node(place, self.sources), ALL_TOOLS)

    def check(self, place: Place) -> None:
        """Lint the console, check its types and run its unit tests; what they say is shown as it is said.

        Raises:
            Trouble: one of them found something.
        """
        with self._alone():
            node = Node(place, self.sources)
            self._install(node, ALL_TOOLS)
            self._generate(node)
            command = node.npm("run", "check")
            done = subprocess.run(command, cwd=self.sources, env=node.environment(), check=False)
        if done.returncode != 0:
            raise Trouble("the console does not pass its checks: see above")

    def _alone(self) -> AbstractContextManager[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        return one_at_a_time("the console", self.home / "lock")

    def _install(self, node: Node, what: str) -> None:
        """Install npm's packages, unless those of this lock are there already."""
        wanted = digest([self.sources / "package-lock.json", self.sources / ".npmrc", NODE.lock])
        enough = any(self._is_stamped("installed", f"{wanted} {each}") for each in (what, ALL_TOOLS))
        if enough and (self.sources / "node_modules").is_dir():
            return
        (self.home / "installed").unlink(missing_ok=True)
        left_out = ["--omit=dev"] if what == BUILD_TOOLS else []
        # Without a registry to be reached that is known soon, and not after minutes of trying.
        command = node.npm("ci", *left_out, "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
        with told("installing the npm packages of the console", every=20):
            node.run("npm ci", command)
        self._stamp("installed", f"{wanted} {what}")

    def _generate(self, node: Node) -> None:
        """Write the types and the metadata that the sources import, from the document that the gateway publishes."""
        program = self.sources / "scripts" / "api.mjs"
        wanted = digest([*contracts(), program, self.sources / "package-lock.json"])
        if self._is_stamped("generated", wanted) and self._generated.is_dir():
            return
        document = self.home / "openapi.json"
        # Settings of a gateway that runs are not those of one that says what it publishes.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
        with open(document, "wb") as output, open(node.log, "ab") as log:
            said = subprocess.run(
                [OURS.python, "-m", "gateway", "openapi"],
                cwd=ROOT / "gateway",
                env=environment,
                stdout=output,
                stderr=log,
                check=False,
            )
        if said.returncode != 0:
            raise Trouble(f"python -m gateway openapi ended with {said.returncode} (log: {node.log})")
        node.run("api.mjs", [node.program, "scripts/api.mjs", str(document)])
        self._stamp("generated", wanted)

    @property
    def _generated(self) -> Path:
        return self.sources / "src" / "api" / "generated"

    def _read_by_the_build(self) -> list[Path]:
        """The sources, without what tools install or write among them."""
        found: list[Path] = []
        for folder, below, names in os.walk(self.sources):
            below[:] = [name for name in below if name not in ("node_modules", "dist", "generated")]
            found += [Path(folder) / name for name in names]
        return sorted(found)

    def _put_in_place(self, made: Path) -> None:
        """Replace the former build by one that is whole."""
        former = self.home / "former"
        shutil.rmtree(former, ignore_errors=True)
        if self.built.exists():
            self.built.rename(former)
        made.rename(self.built)
        shutil.rmtree(former, ignore_errors=True)

    def _is_stamped(self, name: str, wanted: str) -> bool:
        path = self.home / name
        return path.exists() and path.read_text() == wanted

    def _stamp(self, name: str, what: str) -> None:
        (self.home / name).write_text(what)


CONSOLE = Console(ROOT / "console", ROOT / ".local" / "console")


def contracts() -> list[Path]:
    """What the merged document is made of: the services' contracts, and the gateway's own code."""
    published = [ROOT / "services" / name / "api" / "openapi.json" for name in SERVICES]
    return [*published, *sorted((ROOT / "gateway" / "gateway").rglob("*.py"))]


def begin(place: Place) -> Future[Path]:
    """Begin to build while other things go on, in a thread that keeps nobody from leaving."""
    building: Future[Path] = Future()

    def work() -> None:
        try:
            building.set_result(CONSOLE.build(place))
        except Exception as error:
            building.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return building


def outcome(building: Future[Path]) -> Path | None:
    """Wait for the console, and say it where there will be none."""
    try:
        return building.result()
    except Exception as error:
        say(f"the console could not be built, and the API runs without it: {error}")
        return None
