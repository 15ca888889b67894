"""What a service takes in from its nouns must fit together: nothing may vanish behind something of the same name."""

import re
from typing import Any

from servicekit.messages.inbox import handlers_of
from servicekit.messages.timers import schedule_of
from servicekit.nouns.declarations import Operation, operations_of


def check_composition(service_class: type) -> None:
    """Look whether everything that a service class takes in can be reached.

    Raises:
        TypeError: if two of its bases have an operation, a handler or a timer of one name, or two operations have one
            HTTP binding: one of the two would never be called.
        ValueError: if two handlers listen to one event type.
    """
    for name in dir(service_class):
        owners = [owner for owner in service_class.__mro__ if name in vars(owner)]
        if len(owners) > 1 and any(_is_entrypoint(vars(owner)[name]) for owner in owners):
            names = " and ".join(owner.__name__ for owner in owners)
            raise TypeError(f"{service_class.__name__}: {names} each have a {name}")
    bound: dict[str, str] = {}
    for name, operation in operations_of(service_class).items():
        binding = f"{operation.method} {re.sub('{.*?}', '{}', operation.path)}"
        if operation.path and bound.setdefault(binding, name) != name:
            raise TypeError(f"{service_class.__name__}: {bound[binding]} and {name} are both {binding}")
    handlers_of(service_class)


def _is_entrypoint(member: Any) -> bool:
    return (
        hasattr(member, Operation.MARKER) or hasattr(member, "listens_to") or schedule_of(member) is not None
    )
