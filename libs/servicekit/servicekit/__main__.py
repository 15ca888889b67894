"""The command line of a service and of the bus: ``python -m servicekit run|migrate|contracts|topology <service>``,
``python -m servicekit bus …``, ``python -m servicekit new-key``."""

import argparse
import importlib
import inspect
import sys

import structlog
from cryptography.fernet import Fernet

from servicekit import runner
from servicekit.base import callers, logs
from servicekit.base.errors import OperationError
from servicekit.base.settings import Settings
from servicekit.messages.inbox import listened_by
from servicekit.messages.topology import declare
from servicekit.operating import console, topology_upgrade
from servicekit.service import Service


def service_class_of(name: str) -> type[Service]:
    """Return the service class that ``<package>.service`` defines.

    Args:
        name: the service's name, e.g. ``service-desk``.
    """
    module = importlib.import_module(f"{name.replace('-', '_')}.service")
    for _, member in inspect.getmembers(module, inspect.isclass):
        if issubclass(member, Service) and getattr(member, "name", None) == name:
            return member
    raise SystemExit(f"{module.__name__} defines no service {name}")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m servicekit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command, what in (
        ("run", "serve until told to stop"),
        ("migrate", "bring the database and the bus topology to this version"),
        ("contracts", "write api/openapi.json and api/asyncapi.json"),
        ("topology", "declare exchanges and queues, or compare them with what the broker has"),
    ):
        sub = commands.add_parser(command, help=what)
        sub.add_argument("service")
    commands.add_parser("new-key", help="print a new key for ENCRYPTION_KEYS")
    commands.choices["migrate"].add_argument(
        "--wait", action="store_true", help="only wait until it has been done"
    )
    commands.choices["contracts"].add_argument(
        "--check", action="store_true", help="write nothing, fail if stale"
    )
    commands.choices["contracts"].add_argument(
        "--narrow", action="store_true", help="allow what breaks consumers"
    )
    commands.choices["topology"].add_argument(
        "--check", action="store_true", help="declare nothing, fail if a queue is missing or differs"
    )
    commands.choices["topology"].add_argument(
        "--migrate-queues",
        action="store_true",
        help="declare queues that differ anew, keeping their messages",
    )
    commands.add_parser("caller-key", help="make a pair of keys: CALLER_SIGNING_KEY, then CALLER_KEYS")
    console.add_arguments(commands.add_parser("bus", help="look at the bus and mend it"))
    asked = parser.parse_args(arguments)
    if asked.command == "caller-key":
        key = callers.new_key()
        print(key, callers.public_half(key), sep="\n")
        return 0
    if asked.command == "new-key":
        print(Fernet.generate_key().decode())
        return 0
    settings = Settings()
    if asked.command == "bus":
        return console.run(asked, settings)
    logs.configure(asked.service, settings.log_format, settings.log_level)
    if asked.command == "migrate":
        return _migrate(asked.service, settings, wait=asked.wait)
    service_class = service_class_of(asked.service)
    if asked.command == "topology":
        return _topology(asked.service, service_class, settings, check=asked.check, move=asked.migrate_queues)
    if asked.command == "contracts":
        # Here and below: what a running service does not need takes it 9 MB.
        from servicekit.contracts import files

        check, narrow = asked.check, asked.narrow
        problems = files.check(service_class) if check else files.write(service_class, narrow=narrow)
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    runner.run(service_class, settings)
    return 0


def _topology(
    service: str, service_class: type[Service], settings: Settings, *, check: bool = False, move: bool = False
) -> int:
    """Declare a service's exchanges and queues, or say what is in the way."""
    try:
        if move:
            for queue, kept in topology_upgrade.migrate_queues(
                service, listened_by(service_class), settings
            ).items():
                print(f"{queue}: declared anew, {kept} messages kept")
        problems = topology_upgrade.check(service, settings)
        if check:
            for queue, problem in problems.items():
                print(f"{queue}: {problem}", file=sys.stderr)
            return 1 if problems else 0
        differing = {
            queue: problem for queue, problem in problems.items() if not problem.startswith("missing")
        }
        for queue, problem in differing.items():
            print(f"{queue}: {problem}", file=sys.stderr)
        if differing:
            again = f"python -m servicekit topology {service} --migrate-queues"
            print(f"stop the service and move the messages: {again}", file=sys.stderr)
            return 1
        declare(service, listened_by(service_class), settings)
    except OperationError as error:
        print(f"{error.code}: {error.detail}", file=sys.stderr)
        return 1
    return 0


def _migrate(service: str, settings: Settings, *, wait: bool) -> int:
    from servicekit.operating import migrate

    log = structlog.get_logger("migrate")
    if wait:
        return 0 if migrate.wait_until_at_head(settings, service) else 1
    try:
        migrate.migrate(settings, service)
    except migrate.TooOld as error:
        print(error, file=sys.stderr)
        return 1
    service_class = service_class_of(service)
    listened = listened_by(service_class)
    if _topology(service, service_class, settings):
        return 1
    prepare = getattr(service_class, "prepare", None)
    if prepare is not None:
        prepare(settings)
    log.info("migrated", listens_to=len(listened))
    return 0


if __name__ == "__main__":
    sys.exit(main())
