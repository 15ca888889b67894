"""The command line of a service: ``python -m servicekit run|migrate|contracts <service>``."""

import argparse
import importlib
import inspect
import sys

import structlog

from servicekit import contracts, logs, migrate, runner
from servicekit.inbox import handlers_of
from servicekit.service import Service
from servicekit.settings import Settings
from servicekit.topology import declare


def service_class_of(name: str) -> type[Service]:
    """Return the service class that ``<package>.service`` defines.

    Args:
        name: the service's name, e.g. ``service-desk``.
    """
    module = importlib.import_module(f"{migrate.package_of(name)}.service")
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
    ):
        sub = commands.add_parser(command, help=what)
        sub.add_argument("service")
    commands.choices["migrate"].add_argument(
        "--wait", action="store_true", help="only wait until it has been done"
    )
    commands.choices["contracts"].add_argument(
        "--check", action="store_true", help="write nothing, fail if stale"
    )
    commands.choices["contracts"].add_argument(
        "--narrow", action="store_true", help="allow what breaks consumers"
    )
    asked = parser.parse_args(arguments)
    settings = Settings()
    logs.configure(asked.service, settings.log_format, settings.log_level)
    if asked.command == "migrate":
        return _migrate(asked.service, settings, wait=asked.wait)
    service_class = service_class_of(asked.service)
    if asked.command == "contracts":
        check, narrow = asked.check, asked.narrow
        problems = contracts.check(service_class) if check else contracts.write(service_class, narrow=narrow)
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    runner.run(service_class, settings)
    return 0


def _migrate(service: str, settings: Settings, *, wait: bool) -> int:
    log = structlog.get_logger("migrate")
    if wait:
        return 0 if migrate.wait_until_at_head(settings, service) else 1
    migrate.migrate(settings, service)
    service_class = service_class_of(service)
    listened = [(event.source, event.type) for _, _, event in handlers_of(service_class).values()]
    declare(service, listened, settings)
    prepare = getattr(service_class, "prepare", None)
    if prepare is not None:
        prepare(settings)
    log.info("migrated", listens_to=len(listened))
    return 0


if __name__ == "__main__":
    sys.exit(main())
