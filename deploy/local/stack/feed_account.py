"""`make feed-account NAME=erp`: a broker account that reads the stream of all events and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
from urllib.parse import quote

from . import processes
from .output import Trouble, say
from .places import Place
from .ports import remembered
from .rabbitmq import RabbitMQ
from .servers import rabbitmq_program

STREAM = "kehu.feed"
NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
LIMITS = '{"max-connections": 10, "max-channels": 50}'
"""What a downstream system that has gone wild may take of the broker."""


def feed_account(place: Place, name: str, stream: str = STREAM) -> str:
    """Make the account, or give one that is there already exactly these rights; print and return its address."""
    if not NAME.fullmatch(name):
        raise Trouble("name the account: make feed-account NAME=erp (a-z, 0-9, -)")
    if os.environ.get("AMQP_URL") or processes.pid_of(place, "rabbitmq") is None:
        raise Trouble(
            "the private broker does not run here: start it with make up. On a broker of your own: rabbitmqctl "
            f"add_user {name}; rabbitmqctl set_permissions {name} '' '' '{pattern(stream)}'"
        )
    broker = broker_of(place)
    make_account(broker, name, password := place.secret(f"feed-account-{name}"), stream)
    address = f"amqp://{name}:{quote(password)}@127.0.0.1:{broker.port}/"
    say(f"{name} may read {stream} and nothing else:")
    print(address)
    return address


def broker_of(place: Place) -> RabbitMQ:
    """The private broker that runs in a place."""
    ports = remembered(place)
    return RabbitMQ(place, ports["rabbitmq"], ports["rabbitmq-distribution"], ports["epmd"])


def make_account(broker: RabbitMQ, name: str, password: str, stream: str = STREAM) -> None:
    """Make or mend an account whose rights end at reading the stream."""
    # The password goes in by the standard input: an argument could be read by everybody on the machine.
    if name in users(broker):
        control(broker, "change_password", name, given=password)
    else:
        control(broker, "add_user", name, given=password)
    # An empty pattern matches no name: it may declare, bind and publish nothing.
    control(broker, "set_permissions", "-p", "/", name, "", "", pattern(stream))
    control(broker, "set_user_limits", name, LIMITS)


def drop_account(broker: RabbitMQ, name: str) -> None:
    """Delete an account; what is connected with it is cut off."""
    control(broker, "delete_user", name)


def users(broker: RabbitMQ) -> set[str]:
    """The names of the broker's accounts."""
    return {line.split("\t")[0] for line in control(broker, "list_users", "--no-table-headers").splitlines()}


def pattern(stream: str) -> str:
    """The permission that matches one name."""
    return f"^{re.escape(stream)}$"


def control(broker: RabbitMQ, *words: str, given: str | None = None) -> str:
    """Run rabbitmqctl as the private node's own administrator."""
    server = rabbitmq_program()
    if server is None:
        raise Trouble("rabbitmqctl is missing; it comes with rabbitmq-server")
    done = subprocess.run(
        [str(server.with_name("rabbitmqctl")), "--quiet", *words],
        env=broker.environment(),
        input=None if given is None else given + "\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode != 0:
        raise Trouble(f"rabbitmqctl {words[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout
