"""Calls of one service that are made at the same time."""

import threading
from typing import Any

from servicekit import OperationError
from servicekit.testing import RunningService


def at_once(service: RunningService, calls: list[tuple[str, Any, dict[str, Any]]]) -> list[str]:
    """Make calls at the same time, each on a connection of its own; return ``ok`` or the code of each."""
    outcomes: list[str] = []

    def make(operation: str, who: Any, arguments: dict[str, Any]) -> None:
        client = RunningService(service.service_class, service.settings)
        try:
            client.call(operation, who, **arguments)
            outcomes.append("ok")
        except OperationError as error:
            outcomes.append(error.code)
        finally:
            client.connection.release()
            client.database.dispose()

    threads = [threading.Thread(target=make, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
