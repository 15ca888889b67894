"""What the caller may do with a record now: ``can`` in the answers that show one record (docs/decisions/0035).

    class Case(Record, ...):
        @in_states(IN_PROGRESS, code="case-not-in-progress")
        def pause(self, reason, by): ...

    @operation("POST /v1/cases/{case_id}/pause", permission="case.write", does=Case.pause, ...)

The operations below a record's address are asked what would refuse them: the permission, its reach, the guard of the
step that they take, and what else they look at. The same judges refuse the operation itself.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.errors import Conflict, OperationError
from servicekit.nouns.access import remember_reach
from servicekit.nouns.grants import GLIMPSE, VIEW
from servicekit.nouns.reach import refusal

if TYPE_CHECKING:
    from servicekit.nouns.declarations import Operation

P = ParamSpec("P")
R = TypeVar("R")

GUARD = "kehu_guard"

Guard = Callable[[Any], OperationError | None]
"""Returns what refuses a step of a record as it is now, or None."""
Question = Callable[[Session, Caller, Any], bool]
"""Whether a caller may do something with a record, besides what permission and state say."""


def guarded(guard: Guard) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a guard refuse a method of an entity, before it is called or when somebody asks whether it may be."""

    def decorate(step: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(step)
        def take(*of: P.args, **more: P.kwargs) -> R:
            if refused := guard(of[0]):
                raise refused
            return step(*of, **more)

        setattr(take, GUARD, guard)
        return take

    return decorate


def in_states(
    *states: str, code: str | Mapping[str, str], column: str = "status"
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a method of an entity be called in some of its states only.

    Args:
        states: those in which it may be.
        code: of the conflict in any other state; or by state, where the reasons differ.
        column: where the state stands.
    """

    def guard(record: Any) -> Conflict | None:
        state = getattr(record, column)
        if state in states:
            return None
        told = code if isinstance(code, str) else code[state]
        return Conflict(told, f"The {_spoken(type(record))} is {state}, not {' or '.join(states)}.")

    return guarded(guard)


def _spoken(entity: type) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity.__name__).lower()


def allows(step: Callable[..., Any], record: Any) -> bool:
    """Tell whether the guard of an entity's method would let it be called now."""
    guard: Guard = getattr(step, GUARD)
    return guard(record) is None


class Offer(NamedTuple):
    """What there is to do with a record.

    Args:
        reading: the permission to look at it, without which nobody does anything with it.
        below: the operations by name, in the order of their names.
    """

    reading: str | None
    below: Mapping[str, "Operation"]


def possible(session: Session, caller: Caller, record: Any, offer: Offer) -> list[str]:
    """Return which of the operations on a record its caller may do now, by name.

    Args:
        record: the entity, or its view.
    """
    remember_reach(session)

    @functools.cache
    def answer(question: Question) -> bool:
        # Several operations may look at the same thing besides: agreeing and rejecting do.
        return question(session, caller, record)

    @functools.cache
    def reaches(permission: str, level: int) -> bool:
        return refusal(session, record, caller, permission, offer.reading or permission, level) is None

    return [name for name, each in offer.below.items() if _is_possible(record, each, reaches, answer)]


def _is_possible(
    record: Any,
    operation: "Operation",
    reaches: Callable[[str, int], bool],
    answer: Callable[[Question], bool],
) -> bool:
    level = GLIMPSE if operation.glimpses else VIEW
    if operation.permission and not reaches(operation.permission, level):
        return False
    if operation.does and not allows(operation.does, record):
        return False
    return operation.only_if is None or answer(operation.only_if)


def offered(operations: Mapping[str, "Operation"]) -> dict[str, Offer]:
    """Return for each operation that answers with one record, by name, what can be done with that record.

    A record is what ``GET /v1/<noun>s/{id}`` shows. Its answer has the list if there is anything to do below that
    address, and so have the other answers that show the same: of its creation, of what is below.

    Raises:
        TypeError: if two nouns are shown by one schema, and there is something to do with each.
    """
    found: dict[str, Offer] = {}
    looks = [
        each
        for each in operations.values()
        if each.method == "GET"
        and each.path.endswith("}")
        and (each.returns is None or each.returns.of_record)
    ]
    for look in looks:
        offer = Offer(look.permission, dict(sorted(_below(look, operations))))
        for name, operation in operations.items() if offer.below else ():
            if _shows_the_same(operation, look) and found.setdefault(name, offer) is not offer:
                raise TypeError(f"{name} answers with {look.returns}, which shows records of two kinds.")
    return found


def _below(look: "Operation", operations: Mapping[str, "Operation"]) -> Iterator[tuple[str, "Operation"]]:
    for name, operation in operations.items():
        changes = operation.method != "GET" and not operation.part
        if changes and f"{operation.path}/".startswith(f"{look.path}/"):
            yield name, operation


def _shows_the_same(operation: "Operation", look: "Operation") -> bool:
    """Tell whether an operation's answer shows the record that a look shows, with a new secret perhaps."""
    if operation.returns is None or look.returns is None:
        return False
    of_the_noun = operation.path == look.path.rpartition("/")[0] or operation.path.startswith(f"{look.path}/")
    return operation.returns is look.returns or (of_the_noun and issubclass(operation.returns, look.returns))
