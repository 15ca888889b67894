"""`make status`, `make down` and `make reset`: they work from what is on disk and in /proc, whoever started it."""

from __future__ import annotations

import os
import shutil
import signal
import time

from . import processes
from .infrastructure import stop_leftovers
from .output import Trouble, say, told
from .places import Place
from .platform import GATEWAY, PARTS, answers, health_url
from .ports import is_answering, remembered

KEPT = {
    "run", "log", "test", "test-stack", "test-stack.env", "system", "drills", "bench", "bench-smoke",
    "accounts", "asked", "encrypted", "conformance", "console",
}  # fmt: skip


def status(place: Place) -> int:
    """One line a process; the exit code says whether all of them are well."""
    well = True
    ports = remembered(place)
    print(f"{'process':<14}{'pid':>8}  {'health':<10}{'up for':>10}  address")
    for name in ("postgres", "rabbitmq", *PARTS):
        pid = processes.pid_of(place, name)
        if name in ("postgres", "rabbitmq"):
            if pid is None and os.environ.get({"postgres": "DATABASE_URL", "rabbitmq": "AMQP_URL"}[name]):
                print(f"{name:<14}{'-':>8}  {'elsewhere':<10}")
                continue
            address = f"127.0.0.1:{ports.get(name, 0)}"
            healthy = is_answering(ports.get(name, 0))
        else:
            address = (
                health_url(place, name) if name != GATEWAY else f"http://127.0.0.1:{ports.get(GATEWAY, 0)}"
            )
            healthy = answers(health_url(place, name))
        if pid is None:
            well = False
            print(f"{name:<14}{'-':>8}  {'stopped':<10}")
            continue
        well = well and healthy
        lived = duration(time.time() - processes.started_at(pid))
        print(f"{name:<14}{pid:>8}  {'ready' if healthy else 'not ready':<10}{lived:>10}  {address}")
    return 0 if well else 1


def duration(seconds: float) -> str:
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def down(place: Place) -> None:
    """Ask the runner to stop, if there is one; then end whatever is left without one."""
    if place.is_locked("runner"):
        with told("stopping the running platform"):
            try:
                os.kill(int((place.run / "runner.pid").read_text()), signal.SIGTERM)
            except (OSError, ValueError):
                pass
            until = time.monotonic() + 60
            while place.is_locked("runner"):
                if time.monotonic() > until:
                    raise Trouble("the runner did not stop within 60 s: see .local/run/runner.pid")
                time.sleep(0.1)
    elif processes.all_ours(place):
        with told("stopping what an earlier run left"):
            stop_leftovers(place)
    say("nothing is running")


def reset(place: Place) -> None:
    """Drop the private data and everything learnt from it. Servers that were given are not ours to clear."""
    down(place)
    drop_data(place)
    for log in place.logs.glob("*.log*"):
        log.unlink()
    say("dropped all private data; the next make up starts afresh")
    if os.environ.get("DATABASE_URL") or os.environ.get("AMQP_URL"):
        say(
            "DATABASE_URL and AMQP_URL name servers of your own: the databases kehu_* and the queues there were left"
        )


def drop_data(place: Place) -> None:
    """Everything a place has learnt, but not the places of the tests, which may be running, below it."""
    postgres = place.directory / "postgres"
    if postgres.is_symlink():
        shutil.rmtree(postgres.resolve(), ignore_errors=True)
    for entry in place.directory.iterdir():
        if entry.name in KEPT:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
