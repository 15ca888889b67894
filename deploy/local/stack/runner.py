"""`make up`: from nothing to a running platform with sample data, watched over until it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from types import FrameType

from . import console
from .bootstrap import ensure_environment
from .following import Follower
from .infrastructure import side_by_side, stop_leftovers
from .output import Trouble, say, told
from .places import ROOT, Place
from .platform import PARTS, Platform, python
from .ports import is_free, remembered
from .postgres import Postgres
from .rabbitmq import RabbitMQ

FIRST_PAUSE, LONGEST_PAUSE, GOOD_LIFE = 0.5, 10.0, 30.0


class Told(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal: reaches through everything, like KeyboardInterrupt."""


@dataclass
class Restart:
    """When a part that died comes back: soon after a long life, later and later if it keeps dying."""

    started: float
    pause: float = FIRST_PAUSE
    due: float | None = None


def up(place: Place) -> None:
    port = wanted_port()
    if place.is_locked("runner"):
        say(
            f"already running at http://127.0.0.1:{remembered(place).get('gateway', port)} (make down stops it)"
        )
        return
    with place.lock("runner", "another make up is starting in this checkout"):
        (place.run / "runner.pid").write_text(f"{os.getpid()}\n")
        only_one_signal_counts()
        platform = None
        try:
            stop_leftovers(place)
            if not is_free(port):
                raise Trouble(
                    f"port {port} is taken by another program: free it, or choose one: make up KEHU_PORT=8081"
                )
            platform = Platform(place, os.environ, port)
            run(platform)
        except Told:
            pass
        finally:
            if platform is not None:
                with told("stopping"):
                    platform.stop_all()
            (place.run / "runner.pid").unlink(missing_ok=True)
        say("stopped")


def run(platform: Platform) -> None:
    """Returns never: it ends by being told to."""
    place = platform.place
    side_by_side([ensure_environment, platform.start_infrastructure])
    building = console.begin(place)
    # What `./kehu` finds the servers by.
    place.write_exports("connections.env", platform.infrastructure.urls)
    platform.migrate()
    platform.console = console.outcome(building)
    watched = Follower(place, [*PARTS, "sample-data", "postgres", "rabbitmq"])
    watched.start()
    try:
        supervision = Supervision(platform)
        with told("starting six services and the gateway"):
            supervision.until_ready()
        load_sample_data(platform)
        announce(platform)
        while True:
            supervision.look()
            time.sleep(0.2)
    finally:
        watched.stop()


class Supervision:
    """Starts the parts, and starts them and the private servers again when they die."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._servers = platform.infrastructure.private
        self._revivals: dict[str, threading.Thread] = {}
        for name in PARTS:
            platform.start(name)
        self._restarts = {name: Restart(time.monotonic()) for name in (*PARTS, *self._servers)}

    def look(self) -> None:
        """Called a few times a second: notices who died, and starts those whose pause is over."""
        now = time.monotonic()
        for name, restart in self._restarts.items():
            process = self._process(name)
            if process is None or process.poll() is None:
                continue
            if restart.due is None:
                if now - restart.started > GOOD_LIFE:
                    restart.pause = FIRST_PAUSE
                restart.due = now + restart.pause
                say(f"{name} {ended(process)}; it is started again in {restart.pause:g} s", name)
                restart.pause = min(restart.pause * 2, LONGEST_PAUSE)
            elif now >= restart.due:
                restart.started, restart.due = now, None
                self._start(name)

    def until_ready(self, within: float = 180) -> None:
        until = time.monotonic() + within
        while not self._platform.is_ready():
            self.look()
            if time.monotonic() > until:
                names = [name for name in PARTS if not self._platform.is_ready(name)]
                raise Trouble(
                    f"not ready after {within:.0f} s: {', '.join(names)} (logs: {self._platform.place.logs})"
                )
            time.sleep(0.1)

    def _process(self, name: str) -> subprocess.Popen[bytes] | None:
        """The process to look at; none while a server is being started, which takes seconds and a thread of its own."""
        if name not in self._servers:
            return self._platform.running[name]
        starting = self._revivals.get(name)
        return None if starting is not None and starting.is_alive() else self._servers[name].process

    def _start(self, name: str) -> None:
        if name not in self._servers:
            self._platform.start(name)
            return
        self._revivals[name] = threading.Thread(target=revive, args=(name, self._servers[name]), daemon=True)
        self._revivals[name].start()


def revive(name: str, server: Postgres | RabbitMQ) -> None:
    try:
        server.start()
    except Trouble as trouble:
        say(str(trouble), name)


def ended(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"was ended by {signal.Signals(-code).name}" if code and code < 0 else f"ended with code {code}"


def load_sample_data(platform: Platform) -> None:
    """Once for each database server; a load that failed is tried again by the next start."""
    script = ROOT / "deploy/local/sample_data.py"
    loaded = platform.place.directory / "sample-data-loaded"
    server = (
        platform.infrastructure.database_url.rpartition("@")[2]
        if not platform.infrastructure.postgres
        else "own"
    )
    if not script.exists() or (loaded.exists() and loaded.read_text().strip() == server):
        return
    with told("loading sample data"), open(platform.place.log("sample-data"), "ab") as log:
        done = subprocess.run(
            [
                python(),
                str(script),
                "--url",
                platform.url,
                "--password-file",
                str(platform.place.directory / "admin-password"),
            ],
            cwd=ROOT,
            env=platform.environment(""),
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode == 0:
        loaded.write_text(f"{server}\n")
    else:
        say(
            f"the sample data did not load (see {platform.place.log('sample-data')}); the next make up tries again"
        )


def announce(platform: Platform) -> None:
    """Passwords are named by their files: what is said here may be kept as a log."""
    place = platform.place
    say(f"Kehu is ready: {platform.url}   (API pages: {platform.url}/docs)")
    if platform.console is None:
        say("          without the console, which could not be built: see above")
    say(f"accounts: admin, password in {place.directory / 'admin-password'}")
    accounts = place.directory / "sample-accounts"
    if accounts.exists():
        say(f"          and those of the sample data, in {accounts}")
    say("Ctrl-C stops it; make status shows its processes")


def wanted_port() -> int:
    text = os.environ.get("KEHU_PORT") or "8080"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"KEHU_PORT must be a port number, not {text!r}")
    return int(text)


def only_one_signal_counts() -> None:
    """The first one begins the stop; those that follow, from an impatient hand or from make, change nothing."""
    told_already = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal told_already
        if not told_already:
            told_already = True
            raise Told

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
