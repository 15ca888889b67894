"""Which nouns of a service take fields at run time, as its contract tells it: ``x-custom-fields``."""

from collections.abc import Iterator
from typing import Any

from servicekit.nouns.custom.checking import member_of
from servicekit.nouns.custom.column import Custom
from servicekit.nouns.custom.naming import may_name
from servicekit.nouns.declarations import Operation, operations_of


def _takers(service_class: type) -> Iterator[tuple[str, Operation]]:
    """Yield the nouns that take such fields, each with the operation that makes a record."""
    for each in operations_of(service_class).values():
        member = member_of(each.accepts) if each.creates else None
        if member is not None:
            yield member[1], each


def custom_models(service_class: type) -> list[Any]:
    """Return the entities of a service that have such fields."""
    lists = [each.lists for each in operations_of(service_class).values() if each.lists is not None]
    return [*dict.fromkeys(each.model for each in lists if issubclass(each.model, Custom))]


def described(service_class: type) -> dict[str, Any]:
    """Return the nouns that take such fields, as the contract has them."""
    return {
        noun: {"path": creating.path, "references": may_name(service_class)}
        for noun, creating in _takers(service_class)
    }
