"""Operations that are made from a noun's declaration, like those that would be written by hand."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from servicekit.nouns.operations import operation

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

Method = Callable[..., Any]


def taking(method: Any, name: str, doc: str, module: str, *arguments: str) -> Method:
    """Give a made method its name and doc, and say what it takes besides the service, the session and the caller."""
    names = ("self", "session", "caller", *arguments)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    method.__name__ = method.__qualname__ = name
    method.__doc__, method.__module__ = doc, module
    method.__signature__ = inspect.Signature([inspect.Parameter(each, kind) for each in names])
    taken: Method = method
    return taken


def make(
    noun: "Noun[Any]", http: str, name: str, doc: str, body: Method, *arguments: str, **declared: Any
) -> dict[str, Method]:
    """Return an operation of a noun, by its name.

    Args:
        http: its HTTP binding.
        doc: what it does, as a sentence; ``{a_record}`` stands for a record of the noun.
        body: what it does, called with the service, the session, the caller, and the arguments by name.
        arguments: what a request holds, in their order.
        declared: as of ``operation``.
    """
    said = f"{doc.format(a_record=noun.a_record)}."
    return {name: operation(http, **declared)(taking(body, name, said, noun.model.__module__, *arguments))}
