"""The virtual environment: made from nothing, filled from the lock with hashes checked, renewed when that changes."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .locking import DEVELOPMENT as LOCK
from .output import Trouble, is_terminal, prefixed, say, told
from .places import ROOT, VENV_PYTHON
from .servers import install

VENV = ROOT / ".venv"
STAMP = VENV / "kehu-lock"
UNFINISHED = VENV / "kehu-unfinished"


def ensure_environment() -> None:
    """Do nothing, quickly, when the environment is what the lock says; one at a time when several ask."""
    (ROOT / ".local").mkdir(exist_ok=True)
    with open(ROOT / ".local" / "environment.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with told("waiting for another make that prepares the virtual environment"):
                fcntl.flock(file, fcntl.LOCK_EX)
        wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
        if UNFINISHED.exists() or not works():
            make_environment()
        if not STAMP.exists() or STAMP.read_text() != wanted:
            UNFINISHED.touch()
            install_lock()
            STAMP.write_text(wanted)
            UNFINISHED.unlink()
        put_our_packages_on_the_path()


def works() -> bool:
    """An environment whose Python was upgraded or removed under it is of no use."""
    if not VENV_PYTHON.exists():
        return False
    done = subprocess.run([VENV_PYTHON, "-c", "import pip"], capture_output=True, check=False)
    return done.returncode == 0


def make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        # Debian's python3 comes without what venv needs.
        package = f"python3.{sys.version_info.minor}-venv"
        install([package], package)
    with told("making the virtual environment .venv"):
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        UNFINISHED.touch()
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
        )
    if made.returncode != 0:
        last = (made.stdout + made.stderr).strip().splitlines()[-1:]
        raise Trouble(f"python3 -m venv failed (apt-get install python3-venv?): {''.join(last)}")


def install_lock() -> None:
    """Show how far pip is: on a fresh machine this is the longest step."""
    total = sum("==" in line for line in LOCK.read_text().splitlines())
    log = ROOT / ".local" / "pip.log"
    command = [
        str(VENV_PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--progress-bar=off",
    ]
    command += ["--no-warn-script-location", "--disable-pip-version-check", "-r", str(LOCK)]
    seen = 0
    with (
        told(f"installing {total} packages from {LOCK.name} (log: {log})", every=20),
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
        raise Trouble(f"pip could not install {LOCK.name}: {(lines or ['no reason given'])[0]} (see {log})")


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
    for site_packages in VENV.glob("lib/python3*/site-packages"):
        path_file = site_packages / "kehu.pth"
        if not path_file.exists() or path_file.read_text() != text:
            scratch = Path(f"{path_file}.{os.getpid()}")
            scratch.write_text(text)
            scratch.replace(path_file)
