"""The whole platform as processes: infrastructure, migrations, six services and the gateway, each startable alone.

`make up` supervises one of these; the system tests and the drills use their own, and stop and kill services at will.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import processes
from .infrastructure import Infrastructure, stop_leftovers
from .output import Trouble, told
from .places import ROOT, SERVICES, VENV_PYTHON, Place, digest, new_key, write_private
from .ports import choose, remember, remembered

GATEWAY = "gateway"
PARTS = (*SERVICES, GATEWAY)


class Platform:
    """One platform in a place; `port` is the gateway's, any free one if not given."""

    def __init__(
        self,
        place: Place,
        given: Mapping[str, str] | None = None,
        port: int | None = None,
        for_tests: bool = False,
        database_prefix: str = "kehu_",
        fresh_databases: bool = False,
    ) -> None:
        self.place = place
        self.infrastructure = Infrastructure(place, given or {}, for_tests)
        self.admin_password = place.secret("admin-password")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.extra_environment: dict[str, str] = {}
        self.console: Path | None = None
        """The folder of the built console, which the gateway serves; without it the API is alone."""
        self._given_port = port
        self._database_prefix = database_prefix
        self._fresh_databases = fresh_databases

    @property
    def port(self) -> int:
        return remembered(self.place)[GATEWAY]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Everything, from nothing to ready."""
        self.start_infrastructure()
        self.migrate()
        self.start_all()
        self.wait_until_ready()

    def start_infrastructure(self) -> None:
        self.infrastructure.start()
        choose(self.place, [GATEWAY, *(f"health-{name}" for name in SERVICES)])
        if self._given_port is not None:
            remember(self.place, {**remembered(self.place), GATEWAY: self._given_port})
        self._tell_prometheus()

    def _tell_prometheus(self) -> None:
        """Write where each process has its metrics, for deploy/observability/prometheus.yml."""
        ports = remembered(self.place)
        listening = {GATEWAY: ports[GATEWAY], **{name: ports[f"health-{name}"] for name in SERVICES}}
        targets = [
            {"targets": [f"127.0.0.1:{port}"], "labels": {"platform": "kehu", "job": name}}
            for name, port in listening.items()
        ]
        (self.place.run / "prometheus.json").write_text(json.dumps(targets, indent=1) + "\n")

    def migrate(self) -> bool:
        """Make the databases that are missing and migrate all, where this code has not done it to servers of ours.

        Returns:
            Whether there was something to do.
        """
        done, wanted = self._migrated()
        if done is not None and done.exists() and done.read_text() == wanted:
            return False
        with told("migrating six databases and declaring the bus topology"):
            fresh = ["--fresh"] if self._fresh_databases else []
            each = {name: self.environment(name) for name in SERVICES}
            environment = {**self.environment(""), "KEHU_ENVIRONMENTS": json.dumps(each)}
            found_in = [str(Path(__file__).parents[1]), environment.get("PYTHONPATH", "")]
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, found_in))
            self._run_to_end("migrate", ["-m", "stack.migrating", *fresh], environment)
        if done is not None:
            done.write_text(wanted)
        return True

    def _migrated(self) -> tuple[Path | None, str]:
        """Where it is noted what has migrated our own servers, and what would do so now.

        It lies with the broker's data and names the database's, so that it holds for no others; and the settings that
        queues are declared with.
        """
        broker, database = self.infrastructure.rabbitmq, self.infrastructure.postgres
        if broker is None or database is None:
            return None, ""
        code = [path for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py")]
        made = (database.data / "PG_VERSION").stat().st_mtime_ns
        queues = sorted(
            item for item in self.environment("").items() if item[0].startswith(("EVENT_", "FEED_"))
        )
        return broker.home / "migrated", f"{self._database_prefix} {made} {digest(sorted(code))} {queues}"

    def start_all(self) -> None:
        for name in PARTS:
            self.start(name)

    def start(self, name: str) -> None:
        """Start a service or the gateway, without waiting; one that runs already is left alone."""
        if not self.is_running(name):
            self.running[name] = processes.start(
                self.place, name, self._command(name), self.environment(name)
            )

    def stop(self, name: str) -> None:
        """Stop it politely: what it has begun it may finish."""
        processes.end(self.place, name)
        self._forget(name)

    def kill(self, name: str) -> None:
        """Kill -9, with whatever it was doing."""
        pid = processes.pid_of(self.place, name)
        if pid is not None:
            processes.send(self.place, pid, signal.SIGKILL)
        self._forget(name)

    def stop_all(self) -> None:
        """The processes of Kehu first, all at once, then the servers they use."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.stop, PARTS))
        self.infrastructure.stop()
        stop_leftovers(self.place)

    def is_running(self, name: str) -> bool:
        process = self.running.get(name)
        return process is not None and process.poll() is None

    def is_ready(self, name: str = GATEWAY) -> bool:
        """Whether it says so itself."""
        return answers(health_url(self.place, name))

    def wait_until_ready(self, name: str = GATEWAY, within: float = 120) -> None:
        until = time.monotonic() + within
        while not self.is_ready(name):
            if time.monotonic() > until:
                raise Trouble(f"{name} was not ready within {within:.0f} s, see {self.place.log(name)}")
            time.sleep(0.1)

    def log(self, name: str, lines: int = 100) -> str:
        """The end of a process's log."""
        return tail(self.place.log(name), lines)

    def environment(self, name: str) -> dict[str, str]:
        """The settings of docs/architecture.md, section 6, on top of what the person set."""
        environment = {
            **os.environ,
            **self.infrastructure.urls_of(name),
            **self.extra_environment,
            "MALLOC_MMAP_THRESHOLD_": "131072",  # As in the Dockerfile, which says why.
            "LOG_FORMAT": "console",
            "PYTHONUNBUFFERED": "1",
        }
        ports = remembered(self.place)
        if name in SERVICES:
            environment["HEALTH_PORT"] = str(ports[f"health-{name}"])
            environment["DATABASE_NAME"] = self._database(name)
        if name == GATEWAY:
            environment["KEHU_PORT"] = str(ports[GATEWAY])
            environment["PROMETHEUS_MULTIPROC_DIR"] = str(self.place.run / "gateway-metrics")
            if self.console is not None:
                environment["GATEWAY_CONSOLE_DIR"] = str(self.console)
        if name in (GATEWAY, "identity"):
            environment.setdefault("KEHU_ISSUER", f"http://127.0.0.1:{ports[GATEWAY]}")
        environment["CALLER_KEYS"] = self._caller_keys()
        if name == "identity":
            environment["KEHU_SECRETS_DIR"] = str(self._identity_secrets())
        return environment

    def _caller_keys(self) -> str:
        """What every service verifies callers with; the private half is in a file that only identity is pointed to."""
        public = self.place.directory / "caller-keys.json"
        if not public.exists():
            made = subprocess.run(
                [python(), "-W", "ignore", "-m", "servicekit", "caller-key"],
                capture_output=True, text=True, check=True, cwd=ROOT,
            )  # fmt: skip
            private, keys = made.stdout.splitlines()
            write_private(self._secrets_folder() / "caller_signing_key", lambda: private)
            public.write_text(keys)
        return public.read_text()

    def _secrets_folder(self) -> Path:
        folder = self.place.directory / "identity-secrets"
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder

    def _identity_secrets(self) -> Path:
        """What identity reads from files and no process has in its environment: made once, and kept with the data."""
        folder = self._secrets_folder()
        write_private(folder / "identity_admin_password", lambda: self.admin_password)
        write_private(folder / "encryption_keys", new_key)
        return folder

    def _database(self, name: str) -> str:
        return self._database_prefix + name.replace("-", "_")

    def _command(self, name: str) -> list[str]:
        if name in SERVICES:
            return [python(), "-m", "servicekit", "run", name]
        configuration = str(ROOT / "gateway/gateway/gunicorn_conf.py")
        # Gunicorn's control socket lies in the home directory, where two platforms would fight over it.
        options = [
            "-k",
            "asgi",
            "-c",
            configuration,
            "--bind",
            f"127.0.0.1:{self.port}",
            "--no-control-socket",
        ]
        return [python(), "-m", "gunicorn", *options, "gateway.app:app"]

    def _run_to_end(self, name: str, arguments: list[str], environment: dict[str, str]) -> None:
        process = processes.start(self.place, name, [python(), *arguments], environment)
        code = process.wait()
        (self.place.run / f"{name}.pid").unlink(missing_ok=True)
        if code != 0:
            raise Trouble(f"{name} failed (all of it: {self.place.log(name)})\n{self.log(name, 15)}")

    def _forget(self, name: str) -> None:
        process = self.running.pop(name, None)
        if process is not None:
            process.wait()
        (self.place.run / f"{name}.pid").unlink(missing_ok=True)


def python() -> str:
    """The virtual environment's Python; where tests run in another one, that."""
    return str(VENV_PYTHON) if VENV_PYTHON.exists() else sys.executable


def health_url(place: Place, name: str) -> str:
    ports = remembered(place)
    if name == GATEWAY:
        return f"http://127.0.0.1:{ports.get(GATEWAY, 0)}/health/ready"
    return f"http://127.0.0.1:{ports.get(f'health-{name}', 0)}/readyz"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - always http on loopback
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def tail(path: Path, lines: int, since: int = 0) -> str:
    """The last lines of a log, of what was written after that many bytes."""
    try:
        with open(path, "rb") as file:
            file.seek(since)
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
