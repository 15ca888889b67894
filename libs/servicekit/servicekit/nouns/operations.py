"""Operations: what a service can be asked. One declaration is the RPC method, its rules and its HTTP binding.

    @operation("POST /v1/contracts/{contract_id}/sign", permission="contract.sign",
               accepts=SignSchema, returns=ContractSchema)
    def sign_contract(self, session, caller, contract_id, data): ...

The kit validates the input, checks the permission, opens the transaction, calls the method, stores its events,
its journal row and the answer for an Idempotency-Key, commits, and only then lets the reply go out.
"""

import functools
import inspect
import re
from collections.abc import Callable
from typing import Any, Unpack

from servicekit.nouns.carrying_out import run
from servicekit.nouns.declarations import Declared, Operation
from servicekit.nouns.possible import GUARD


def operation(
    http: str = "", **declared: Unpack[Declared]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation.

    Args:
        http: its HTTP binding, e.g. ``POST /v1/contracts``; without one only RPC callers reach it (and the kit does not
            ask for a signed-in caller).
        declared: as of ``Declared``.

    Raises:
        TypeError: if the step that it takes has no guard.
    """
    does = declared.get("does")
    if does is not None and not hasattr(does, GUARD):
        raise TypeError(f"{does.__qualname__} has no guard that says when it may be done.")

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        spec = _declared(http, method, declared)

        @functools.wraps(method)
        def call(service: Any, **arguments: Any) -> Any:
            return run(spec, method, service, arguments)

        setattr(call, Operation.MARKER, spec)
        return call

    return decorate


def _declared(http: str, method: Callable[..., Any], declared: Declared) -> Operation:
    """Return the declaration of a method, with what follows from its name, its doc and its arguments."""
    verb, _, path = http.partition(" ")
    doc = (method.__doc__ or "").strip()
    lists, whole = declared.get("lists"), declared.copy()
    whole["permission"] = declared.get("permission") or (lists.permission if lists else None)
    whole["tag"] = declared.get("tag") or (path.split("/")[2] if path.count("/") >= 2 else "")
    return Operation(
        **whole,
        method=verb,
        path=path,
        partial=verb == "PATCH",
        internal=not http,
        summary=doc.split("\n")[0],
        description=doc,
        path_parameters=tuple(re.findall(r"{(\w+)}", path)),
        arguments=frozenset(list(inspect.signature(method).parameters)[3:]),
    )
