"""The virtual environments: made from nothing, filled from a lock with hashes checked, renewed when that changes."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import locking
from .output import Trouble, is_terminal, prefixed, say, told
from .places import ROOT, main_place
from .servers import install


@dataclass(frozen=True)
class Environment:
    """A virtual environment in a folder, and the lock that says what is in it."""

    folder: Path
    lock: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / "kehu-lock"

    @property
    def unfinished(self) -> Path:
        return self.folder / "kehu-unfinished"

    def ensure(self) -> None:
        """Do nothing, quickly, when it is what the lock says; one at a time when several ask."""
        with one_at_a_time(str(self.folder.relative_to(ROOT)), main_place().run / f"{self.lock.stem}.lock"):
            wanted = hashlib.sha256(self.lock.read_bytes()).hexdigest()
            if self.unfinished.exists() or not self.works():
                self.make()
            if not self.stamp.exists() or self.stamp.read_text() != wanted:
                self.unfinished.touch()
                self.install_lock()
                self.stamp.write_text(wanted)
                self.unfinished.unlink()

    def works(self) -> bool:
        """An environment whose Python was upgraded or removed under it is of no use."""
        if not self.python.exists():
            return False
        done = subprocess.run([self.python, "-c", "import pip"], capture_output=True, check=False)
        return done.returncode == 0

    def make(self) -> None:
        if importlib.util.find_spec("ensurepip") is None:
            # Debian's python3 comes without what venv needs.
            package = f"python3.{sys.version_info.minor}-venv"
            install([package], package)
        with told(f"making the virtual environment {self.folder.relative_to(ROOT)}"):
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            self.unfinished.touch()
            made = subprocess.run(
                [sys.executable, "-m", "venv", str(self.folder)], capture_output=True, text=True, check=False
            )
        if made.returncode != 0:
            last = (made.stdout + made.stderr).strip().splitlines()[-1:]
            raise Trouble(f"python3 -m venv failed (apt-get install python3-venv?): {''.join(last)}")

    def install_lock(self) -> None:
        """Show how far pip is: on a fresh machine this is the longest step."""
        total = sum("==" in line for line in self.lock.read_text().splitlines())
        log = main_place().log(f"pip-{self.lock.stem}")
        command = [
            str(self.python),
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--no-deps",
            "--progress-bar=off",
            "--no-compile",  # Half of it is never imported; Python compiles the rest when it is.
        ]
        command += ["--no-warn-script-location", "--disable-pip-version-check", "-r", str(self.lock)]
        seen = 0
        with (
            told(f"installing {total} packages from {self.lock.name} (log: {log})", every=20),
            open(log, "w") as output,
        ):
            pip = subprocess.Popen(
                command,
                cwd=ROOT,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for line in pip.stdout or ():
                output.write(line)
                if line.startswith(("Collecting ", "Requirement already satisfied: ", "Ignoring ")):
                    seen += 1
                    show_progress(seen, total, line.partition("==")[0].split()[-1])
                elif line.startswith("Installing collected"):
                    show_progress(total, total, "unpacking")
            code = pip.wait()
        if code != 0:
            lines = [line for line in log.read_text().splitlines() if line.startswith("ERROR")]
            reason = (lines or ["no reason given"])[0]
            raise Trouble(f"pip could not install {self.lock.name}: {reason} (see {log})")


OURS = Environment(ROOT / ".venv", locking.DEVELOPMENT)
STRANGERS = Environment(ROOT / ".local" / "conformance" / "venv", locking.CONFORMANCE)
"""The tools and client libraries that `tests/conformance` judges us by: what they ask for is not ours to agree with."""

NODE = Environment(ROOT / ".local" / "console" / "venv", locking.CONSOLE)
"""The Node that builds the console, as a package of Python's: one that every Debian can install."""


def ensure_environment() -> None:
    """Make sure of the one that everything of ours runs in."""
    OURS.ensure()
    put_our_packages_on_the_path()


@contextmanager
def one_at_a_time(what: str, path: Path) -> Iterator[None]:
    """Hold a lock while the block runs, and say so when somebody else has it."""
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with told(f"waiting for another make that prepares {what}"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def show_progress(done: int, total: int, what: str) -> None:
    if is_terminal():
        end = "\n" if done == total and what == "unpacking" else "\r"
        print(f"{prefixed('kehu', f'  {done} of {total}: {what}'):<100}", end=end, flush=True)
    elif done % 20 == 0:
        say(f"  {done} of {total}: {what}")


def put_our_packages_on_the_path() -> None:
    """A path file instead of an editable install: no build, no network, and a moved checkout mends itself."""
    folders = [ROOT / "libs" / "servicekit", *sorted((ROOT / "services").glob("*/")), ROOT / "gateway"]
    text = "".join(f"{folder}\n" for folder in folders if (folder / "pyproject.toml").exists())
    for site_packages in OURS.folder.glob("lib/python3*/site-packages"):
        path_file = site_packages / "kehu.pth"
        if not path_file.exists() or path_file.read_text() != text:
            scratch = Path(f"{path_file}.{os.getpid()}")
            scratch.write_text(text)
            scratch.replace(path_file)
