"""Finds PostgreSQL, RabbitMQ and a browser, or installs them, and leaves the machine's own servers alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import TypedDict

from .output import Trouble, say, told
from .places import main_place

POLICY = Path("/usr/sbin/policy-rc.d")
INSTALLING = threading.Lock()
"""One installation at a time: the second would do without the file that keeps servers off when the first is done."""
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")


class BrowserOptions(TypedDict):
    """Of Playwright's ``launch``."""

    executable_path: Path
    args: list[str]


def postgres_bin(major: str | None = None) -> Path | None:
    """The directory with initdb and postgres: the newest, or the one of the version that made the data."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_of, reverse=True)
    in_path = shutil.which("pg_ctl")
    if in_path:
        candidates.append(Path(in_path).resolve().parent)
    for candidate in candidates:
        complete = (candidate / "initdb").exists() and (candidate / "postgres").exists()
        if complete and (major is None or postgres_major(candidate) == major):
            return candidate
    return None


def version_of(directory: Path) -> float:
    try:
        return float(directory.parent.name)
    except ValueError:
        return 0


def postgres_major(directory: Path) -> str:
    said = subprocess.run(
        [directory / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)", said)
    return found.group(1) if found else ""


def rabbitmq_program() -> Path | None:
    """The server's own start script: the one Debian puts in /usr/sbin changes the account, ours must not."""
    candidates = [Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), Path("/usr/local/sbin/rabbitmq-server")]
    in_path = shutil.which("rabbitmq-server")
    if in_path:
        candidates.append(Path(in_path))
    return next((candidate for candidate in candidates if candidate.exists()), None)


def install(packages: list[str], purpose: str) -> None:
    """Install Debian packages as root, without letting the servers among them start."""
    if not packages:
        return
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(f"{purpose} missing: install it as root with: apt-get install {names}")
    log = main_place().log("apt")
    telling = told(f"installing {names} with apt-get (log: {log})")
    with INSTALLING, telling, servers_stay_off(), open(log, "ab") as output:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # Another installation on this machine, an automatic upgrade for one, is waited for and not a failure.
        apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
        update, installation = [*apt, "update"], [*apt, "-y", "--no-install-recommends", "install", *packages]
        for command in (update, installation):
            done = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                umask=0o022,  # What packages write is for everybody.
            )
            if done.returncode != 0 and command is installation:
                last = log.read_text(errors="replace").strip().splitlines()[-1:]
                raise Trouble(f"apt-get could not install {names}: {''.join(last)} (see {log})")
    say(f"installed {names}")


@contextmanager
def servers_stay_off() -> Iterator[None]:
    """Debian starts a server as it installs it, unless this file says no; somebody else's file is left as it is."""
    ours = False
    if not POLICY.exists():
        POLICY.write_text(
            "#!/bin/sh\n# Placed by Kehu's make up while it installs; removed afterwards.\nexit 101\n"
        )
        POLICY.chmod(0o755)
        ours = True
    elif "Placed by Kehu" in POLICY.read_text(errors="replace"):
        ours = True  # Left by an installation that was killed.
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def ensure_servers(postgres: bool, rabbitmq: bool) -> None:
    """Have the programs of the servers that are to be private."""
    missing = []
    if postgres and postgres_bin() is None:
        missing.append("postgresql")
    if rabbitmq and rabbitmq_program() is None:
        missing.append("rabbitmq-server")
    install(missing, " and ".join(missing))
    if postgres and postgres_bin() is None:
        raise Trouble("PostgreSQL is missing: no pg_ctl in PATH or /usr/lib/postgresql/*/bin")
    if rabbitmq and rabbitmq_program() is None:
        raise Trouble("RabbitMQ is missing: no rabbitmq-server in PATH or /usr/lib/rabbitmq/bin")


def ensure_browser() -> BrowserOptions:
    """Have Chromium, without windows, which takes a third less of the processor; return how Playwright launches it."""
    missing = [] if browser_program() else ["chromium-headless-shell", "fonts-noto-cjk"]
    # What drives it is a Node that comes with its package, all but this library.
    missing += [] if find_library("atomic") else ["libatomic1"]
    install(missing, "a browser for the tests")
    found = browser_program()
    if found is None:
        raise Trouble(f"Chromium is missing: none of {', '.join(BROWSERS)} in PATH")
    # As root there is no sandbox to be had, and a container's shared memory is small.
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": found, "args": arguments}


def browser_program() -> Path | None:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None
