"""Where a running platform keeps its things: one directory each, so that several can run side by side."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import secrets
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .output import Trouble

ROOT = Path(__file__).resolve().parents[3]
SERVICES = ("identity", "customer", "sales", "contract", "finance", "service-desk")
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class Place:
    """`.local` for `make up`, `.local/test` and others for tests: data, passwords, ports, logs and process ids."""

    directory: Path

    def __post_init__(self) -> None:
        for folder in (self.directory, self.run, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def run(self) -> Path:
        return self.directory / "run"

    @property
    def logs(self) -> Path:
        return self.directory / "log"

    @property
    def digest(self) -> str:
        """A short name for this directory that no other checkout on the machine has."""
        return hashlib.sha256(str(self.directory).encode()).hexdigest()[:10]

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def secret(self, name: str) -> str:
        """A password of this place's own: generated when first asked for, readable by its owner only."""
        path = self.directory / name
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            text = path.read_text().strip()
            if text:
                return text
            handle = os.open(path, os.O_WRONLY)
        text = secrets.token_urlsafe(18)
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
        return text

    def write_exports(self, name: str, values: Mapping[str, str]) -> Path:
        """Write settings that hold passwords as lines for a shell, readable by their owner only."""
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text("".join(f"export {key}={shlex.quote(value)}\n" for key, value in values.items()))
        return path

    @contextmanager
    def lock(self, name: str, taken: str) -> Iterator[None]:
        """Hold the lock while the block runs; it ends with its holder, however that one ended."""
        with open(self.run / f"{name}.lock", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(taken) from None
            yield

    def is_locked(self, name: str) -> bool:
        path = self.run / f"{name}.lock"
        if not path.exists():
            return False
        with open(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def digest(files: Iterable[Path]) -> str:
    """Return a digest of files with their names."""
    found = hashlib.sha256()
    for path in files:
        found.update(f"{path}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def new_key() -> str:
    """A key for secrets at rest: what ``python -m servicekit new-key`` makes, with nothing but the standard library."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_private(path: Path, make: Callable[[], str]) -> None:
    """Write a file that only its owner reads, unless it is there."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(make() + "\n")


def main_place() -> Place:
    return Place(ROOT / ".local")
