"""Run with the virtual environment's Python: makes the databases that are missing, then migrates them all.

What a migration has to import takes longer than what it has to do. So it is imported once, and a copy of this process
does each service, two at a time, as a machine may have no more cores. With `--fresh` databases that are there are
dropped first. What the services' settings are stands in the environment.
"""

import importlib
import json
import os
import sys
import traceback
from typing import NoReturn

from servicekit import __main__ as command_line

from . import databases

ENVIRONMENTS = "KEHU_ENVIRONMENTS"
AT_ONCE = 2


def migrate(service: str, environment: dict[str, str]) -> NoReturn:
    """Do it, in a copy of the process that ends with it."""
    code = 1
    try:
        os.environ.update(environment)
        code = command_line.main(["migrate", service])
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main(fresh: bool) -> int:
    environments: dict[str, dict[str, str]] = json.loads(os.environ.pop(ENVIRONMENTS))
    databases.main([environment["DATABASE_NAME"] for environment in environments.values()], fresh)
    importlib.import_module("servicekit.operating.migrate")
    waiting = list(environments)
    running: dict[int, str] = {}
    failed = []
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            service = waiting.pop(0)
            sys.stdout.flush()
            pid = os.fork()
            if pid == 0:
                migrate(service, environments[service])
            running[pid] = service
        pid, status = os.wait()
        if status:
            failed.append(running[pid])
        del running[pid]
    if failed:
        print("not migrated:", ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main("--fresh" in sys.argv))
