"""Starting, recognising and ending the processes of a place.

A process outlives the one that started it when that one is killed. So each carries the place's directory in its
environment, and whoever comes next finds it by that mark: a process id alone may long belong to somebody else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .places import ROOT, Place

MARK = "KEHU_LOCAL"
NAME = "KEHU_PROCESS"


def start(
    place: Place,
    name: str,
    command: list[str],
    environment: dict[str, str],
    cwd: Path = ROOT,
    account: dict[str, Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches the runner only and the runner chooses the order.

    It writes straight to its log file: were there a pipe to the runner, killing the runner would break its output.
    """
    keep_last_log(place.log(name))
    with open(place.log(name), "ab") as log:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**environment, MARK: str(place.directory), NAME: name},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **(account or {}),
        )
    (place.run / f"{name}.pid").write_text(f"{process.pid}\n")
    return process


def keep_last_log(path: Path, limit: int = 10_000_000) -> None:
    """Logs of earlier runs stay, up to one older file each."""
    if path.exists() and path.stat().st_size > limit:
        path.replace(path.with_suffix(".log.1"))


def pid_of(place: Place, name: str) -> int | None:
    """The id of that process if it is alive and still ours."""
    try:
        pid = int((place.run / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if is_ours(place, pid) else None


def is_ours(place: Place, pid: int) -> bool:
    return name_of(place, pid) is not None


def name_of(place: Place, pid: int) -> str | None:
    """What that process was started as for this place, or None if it was not."""
    if not is_alive(pid):
        return None
    try:
        raw = (Path("/proc") / str(pid) / "environ").read_bytes()
    except OSError:
        return None
    environment = dict(entry.partition("=")[::2] for entry in os.fsdecode(raw).split("\0"))
    if environment.get(MARK) == str(place.directory):
        return environment.get(NAME, "")
    # PostgreSQL paints its title over its environment, but it names itself in its data.
    return "postgres" if pid == postmaster(place) else None


def postmaster(place: Place) -> int | None:
    """The database server's id from its own file, if the process of that id stands in this place's data."""
    data = place.directory / "postgres" / "data"
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        standing = (Path("/proc") / str(pid) / "cwd").resolve()
    except (OSError, ValueError, IndexError):
        return None
    return pid if standing == data.resolve() else None


def is_alive(pid: int) -> bool:
    """Whether it runs; one that has ended and only waits to be reaped does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def started_at(pid: int) -> float:
    """When the process was started, in Unix time."""
    ticks = int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")


def all_ours(place: Place) -> dict[int, str]:
    """Every process of this place by id, also those whose id file was never written or is gone."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            name = name_of(place, int(entry.name))
            if name is not None:
                found[int(entry.name)] = name
    return found


def end(place: Place, name: str, polite: signal.Signals = signal.SIGTERM, grace: float = 10) -> None:
    """Ask one process to stop, and make it stop after the grace; nothing happens if it is not ours or not there."""
    pid = pid_of(place, name)
    if pid is not None:
        end_all(place, [pid], polite, grace)
    (place.run / f"{name}.pid").unlink(missing_ok=True)


def end_all(
    place: Place, pids: Iterable[int], polite: signal.Signals = signal.SIGTERM, grace: float = 10
) -> None:
    """End several at once, sharing one grace."""
    pids = list(pids)
    for pid in pids:
        send(place, pid, polite)
    until = time.monotonic() + grace
    while any(is_alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in pids:
        if is_alive(pid):
            send(place, pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while any(is_alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)


def send(place: Place, pid: int, what: signal.Signals) -> None:
    """Signal a process of ours; killing takes its whole session, so that no worker is left behind."""
    if not is_ours(place, pid):
        return
    try:
        if what == signal.SIGKILL and os.getpgid(pid) == pid:
            os.killpg(pid, what)
        else:
            os.kill(pid, what)
    except ProcessLookupError:
        pass
