"""A private PostgreSQL: its own data, port, password and account, and no socket outside loopback."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from . import processes, servers
from .output import Trouble
from .places import Place
from .ports import is_answering

# PostgreSQL refuses to run as root. Debian's package brings this account; elsewhere one is made.
ACCOUNTS = ("postgres", "kehu-db")
FAST_BUT_FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class Postgres:
    """One server in `<place>/postgres`; `for_tests` trades safety against a power cut for speed."""

    def __init__(self, place: Place, port: int, for_tests: bool = False) -> None:
        self.place = place
        self.port = port
        self.for_tests = for_tests
        self.home = place.directory / "postgres"
        self.account = own_account()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """By its real path: the server's account may not get through a link in a closed directory."""
        return self.home.resolve() / "data"

    @property
    def url(self) -> str:
        return f"postgresql://kehu:{self.place.secret('postgres-password')}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the data on the first start, start the server, and come back when it answers."""
        self._prepare_home()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        major = (self.data / "PG_VERSION").read_text().strip()
        binaries = servers.postgres_bin(major)
        if binaries is None:
            raise Trouble(
                f"the data in {self.data} needs PostgreSQL {major}, which is not here (make reset drops it)"
            )
        self._clear_stale_pid_file()
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            "timezone=UTC",
            "log_timezone=UTC",
            # What a statement was to write stands in it, and has no place in logs; nor have the values of a key.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            *(FAST_BUT_FORGETFUL if self.for_tests else []),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        command = [str(binaries / "postgres"), "-D", str(self.data), *options]
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self.process = processes.start(
            self.place, "postgres", command, environment, cwd=Path("/"), account=self.account
        )
        self._wait()

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, what was committed is on disk."""
        processes.end(self.place, "postgres", polite=signal.SIGINT, grace=20)
        if self.process is not None:
            self.process.wait()
            self.process = None

    def _prepare_home(self) -> None:
        """A directory the server's account can reach: below a closed one (/root), the data goes to /var/lib instead."""
        if not self.account:
            self.home.mkdir(exist_ok=True, mode=0o700)
            return
        if not self.home.exists():
            if self.home.is_symlink():
                self.home.unlink()
            if reaches(self.account, self.place.directory):
                self.home.mkdir()
            else:
                elsewhere = Path("/var/lib/kehu-local") / self.place.digest
                elsewhere.mkdir(parents=True, exist_ok=True)
                self.home.symlink_to(elsewhere)
        os.chown(self.home, self.account["user"], self.account["group"])
        os.chmod(self.home, 0o700)

    def _initialise(self) -> None:
        """Made beside its final place and renamed when complete, so that an interrupted attempt leaves nothing half."""
        unfinished = self.data.with_name("unfinished")
        subprocess.run(["rm", "-rf", str(unfinished), str(self.data)], check=True)
        password = self.data.with_name("password")
        password.write_text(self.place.secret("postgres-password"))
        password.chmod(0o600)
        if self.account:
            os.chown(password, self.account["user"], self.account["group"])
        binaries = servers.postgres_bin()
        if binaries is None:
            raise Trouble("PostgreSQL is missing")
        command = [
            str(binaries / "initdb"),
            f"--pgdata={unfinished}",
            "--username=kehu",
            f"--pwfile={password}",
            "--auth-host=scram-sha-256",
            "--auth-local=reject",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *(["--no-sync"] if self.for_tests else []),
        ]
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
        made = subprocess.run(
            command, cwd="/", env=environment, capture_output=True, text=True, check=False, **self.account
        )
        password.unlink()
        if made.returncode != 0:
            raise Trouble("initdb failed: " + made.stderr.strip().rpartition("\n")[2])
        unfinished.rename(self.data)

    def _clear_stale_pid_file(self) -> None:
        """A killed server leaves its id behind, and PostgreSQL will not start while any process has that id."""
        running = processes.postmaster(self.place)
        if running is not None:
            processes.end_all(self.place, [running], polite=signal.SIGINT, grace=20)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _wait(self) -> None:
        """Recovery after a kill can take long: wait while the server lives, and read its word from the pid file."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                raise Trouble(f"PostgreSQL did not start, see {self.place.log('postgres')}")
            try:
                if "ready" in (self.data / "postmaster.pid").read_text() and is_answering(self.port):
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise Trouble(f"PostgreSQL was not ready within 120 s, see {self.place.log('postgres')}")


def own_account() -> dict[str, Any]:
    """How to start a program as the database's account: nothing to do unless we are root."""
    if os.geteuid() != 0:
        return {}
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    made = subprocess.run(
        ["useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin", ACCOUNTS[-1]],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise Trouble(
            f"PostgreSQL refuses root, and the account {ACCOUNTS[-1]} could not be made: {made.stderr.strip()}"
        )
    return own_account()


def reaches(account: dict[str, Any], directory: Path) -> bool:
    """Whether that account may pass through the directory and all those above it."""
    return subprocess.run(["test", "-x", str(directory)], cwd="/", check=False, **account).returncode == 0
