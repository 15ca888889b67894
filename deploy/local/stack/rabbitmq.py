"""A private RabbitMQ: its own node name, ports, cookie and epmd, listening on loopback only.

It has an account for each service, the gateway and the operator, with the rights of deploy/broker/definitions.json, and
an administrator for whoever looks after it.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from . import processes, servers
from .output import Trouble
from .places import ROOT, Place

CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
load_definitions = {definitions}
loopback_users.kehu = true
disk_free_limit.absolute = 200MB
vm_memory_high_watermark.absolute = 1GB
log.console = true
log.console.level = warning
log.file = false
"""

RIGHTS = ROOT / "deploy" / "broker" / "definitions.json"
ADMINISTRATOR = "kehu"
EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}

# Erlang's schedulers spin while they wait; on a small machine that takes the processor from the services. What it has
# freed it keeps for later, 17 MB of it after a start.
SMALL_MACHINE = "+sbwt none +sbwtdcpu none +sbwtdio none +MMmcs 0"


class RabbitMQ:
    """One node in `<place>/rabbitmq`; beside `/` it has `virtual_hosts`, each with queues of its own."""

    def __init__(
        self,
        place: Place,
        port: int,
        distribution_port: int,
        epmd_port: int,
        virtual_hosts: tuple[str, ...] = (),
    ) -> None:
        self.place = place
        self.virtual_hosts = ("/", *virtual_hosts)
        self.port = port
        self.distribution_port = distribution_port
        self.epmd_port = epmd_port
        self.home = place.directory / "rabbitmq"
        self.complete = self.home / "complete"
        self.process: subprocess.Popen[bytes] | None = None
        self.epmd: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The administrator's address."""
        return f"amqp://{ADMINISTRATOR}:{self.place.secret('rabbitmq-password')}@127.0.0.1:{self.port}/"

    def url_of(self, account: str) -> str:
        """The address of a service, of the gateway or of the operator."""
        return f"amqp://{account}:{self._password(account)}@127.0.0.1:{self.port}/"

    def _password(self, account: str) -> str:
        return self.place.secret(f"broker-password-{account}")

    def start(self) -> None:
        """Start the node and come back when it speaks AMQP."""
        program = servers.rabbitmq_program()
        if program is None:
            raise Trouble("RabbitMQ is missing")
        self._prepare_home()
        environment = self.environment()
        self._start_epmd(environment)
        self.process = processes.start(self.place, "rabbitmq", [str(program)], environment, cwd=self.home)
        self._wait()
        self.complete.touch()

    def stop(self) -> None:
        processes.end(self.place, "rabbitmq", grace=20)
        processes.end(self.place, "epmd", grace=2)
        for process in (self.process, self.epmd):
            if process is not None:
                process.wait()
        self.process = self.epmd = None

    def _prepare_home(self) -> None:
        """A first start that never finished is done over; accounts and rights are brought up to date by every start."""
        if self.home.exists() and not self.complete.exists():
            shutil.rmtree(self.home)
        self.home.mkdir(exist_ok=True, mode=0o700)
        self._write_definitions(self.home / "definitions")
        configuration = CONFIGURATION.format(port=self.port, definitions=self.home / "definitions")
        path = self.home / "rabbitmq.conf"
        path.touch(mode=0o600)
        path.write_text(configuration)
        (self.home / "enabled_plugins").write_text("[].\n")
        (self.home / "rabbitmq-env.conf").write_text("")

    def _write_definitions(self, folder: Path) -> None:
        """Write who there is, then what they may do; the node imports the folder's files in this order."""
        folder.mkdir(exist_ok=True, mode=0o700)
        rights = RIGHTS.read_text()
        accounts = [each["user"] for each in json.loads(rights)["permissions"]]
        users = [{"name": name, "password": self._password(name), "tags": ""} for name in accounts]
        administrator = {"name": ADMINISTRATOR, "password": self.place.secret("rabbitmq-password")}
        everything = {
            "vhosts": [{"name": name} for name in self.virtual_hosts],
            "users": [{**administrator, "tags": "administrator"}, *users],
            "permissions": [
                {"user": ADMINISTRATOR, "vhost": name, **EVERYTHING} for name in self.virtual_hosts
            ],
        }
        path = folder / "1-accounts.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(everything))
        (folder / "2-rights.json").write_text(rights)

    def environment(self) -> dict[str, str]:
        """Every path is named, or the machine's own settings under /etc/rabbitmq would be read."""
        home = str(self.home)
        return {
            "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
            "LANG": "C.UTF-8",
            "HOME": home,
            "RABBITMQ_NODENAME": f"kehu-{self.place.digest}@localhost",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{home}/advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_PID_FILE": f"{home}/node.pid",
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": SMALL_MACHINE,
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
            # The start script then becomes the node itself, instead of staying on as a shell above it.
            "RUNNING_UNDER_SYSTEMD": "1",
        }

    def _start_epmd(self, environment: dict[str, str]) -> None:
        """Erlang's port mapper, started by us: the one a node starts by itself would outlive everything."""
        program = shutil.which("epmd")
        if program is not None and (self.epmd is None or self.epmd.poll() is not None):
            self.epmd = processes.start(self.place, "epmd", [program], environment, cwd=self.home)

    def _wait(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                raise Trouble(f"RabbitMQ did not start, see {self.place.log('rabbitmq')}")
            if self._speaks_amqp():
                return
            time.sleep(0.1)
        raise Trouble(f"RabbitMQ was not ready within 120 s, see {self.place.log('rabbitmq')}")

    def _speaks_amqp(self) -> bool:
        """A node opens its port last, and answers this greeting with its first frame (a method, type 1)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False
