"""Copies what the processes write to their log files to the terminal, each line with its process's name."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from .output import say
from .places import Place


class Follower:
    """Follows logs from where they end now; the files are read, so a process never waits for the terminal."""

    def __init__(self, place: Place, names: Iterable[str]) -> None:
        self._place = place
        self._positions = {name: size(place.log(name)) for name in names}
        self._rest = dict.fromkeys(self._positions, b"")
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Show what is left to show, then end."""
        self._finished.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        while not self._finished.wait(0.1):
            self._show_new()
        self._show_new()

    def _show_new(self) -> None:
        for name, position in self._positions.items():
            path = self._place.log(name)
            now = size(path)
            if now < position:  # A fresh file took its place.
                position = 0
            if now > position:
                with open(path, "rb") as file:
                    file.seek(position)
                    lines = (self._rest[name] + file.read(now - position)).split(b"\n")
                self._rest[name] = lines.pop()
                for line in lines:
                    if line.strip():
                        say(line.decode(errors="replace").rstrip(), name)
            self._positions[name] = now


def size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
