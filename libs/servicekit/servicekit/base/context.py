"""Who asks, on behalf of what, and until when: carried in headers, kept in a context variable a greenlet."""

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, ClassVar
from uuid import UUID

from servicekit.base.ids import new_id

HEADER_PREFIX = "nameko."
MAX_KEY = 200
LONGEST_ADDRESS = 100
EVERYONE = UUID("00000000-0000-7000-8000-000000000001")
"""The principal that every signed-in account is."""
USUAL_LEVEL = 10
"""The security level of an account of which nobody said another (ID-24)."""


@dataclass(frozen=True)
class Caller:
    """The signed-in account that asks; identity resolved it, the gateway sends it along.

    ``permissions`` maps a permission (``contract.sign``) to its scope, from ``own`` to ``all``
    (``servicekit.base.scopes``); the permission ``*`` stands for every one.
    """

    account_id: UUID
    department_id: UUID | None = None
    session_id: UUID | None = None
    username: str = ""
    display_name: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)
    institution_id: UUID | None = None
    principals: tuple[UUID, ...] = ()
    """Whom a right may be given to so that this account has it: itself, its departments and those above them, its
    institution, roles and groups, and everyone."""
    security_level: int = USUAL_LEVEL
    """What the range of a share is compared with (ID-24)."""
    limits: Mapping[str, tuple[tuple[str, Any], ...]] = field(default_factory=dict)
    """By permission that is held for some kinds of records only: each scope with its tree of conditions, or None where
    it holds for all kinds (CU-20)."""

    def __post_init__(self) -> None:
        if not self.principals:
            object.__setattr__(self, "principals", (self.account_id, EVERYONE))

    def scope(self, permission: str) -> str | None:
        """Return the scope in which the caller holds a permission, or None."""
        return self.permissions.get(permission) or self.permissions.get("*")


@dataclass
class Context:
    """What is known about the work in hand besides its arguments."""

    correlation_id: UUID = field(default_factory=new_id)
    causation_id: UUID | None = None
    """The event that caused this work, if it was one."""
    actor_id: UUID | None = None
    """The account that began the process."""
    caller: Caller | None = None
    deadline: float | None = None
    """Unix time in seconds after which nobody waits for the answer."""
    if_match: frozenset[int] | None = None
    """The versions of which the record must have one."""
    idempotency_key: str | None = None
    traceparent: str | None = None
    address: str | None = None
    """Where the client is, as far as the gateway can tell."""
    operation: str = ""
    """What is under way: an operation, or the event or the timer that began it."""
    replayed: bool = False
    restated: bool = False
    """Whether the event was told by its owner as what holds now, whatever has been told before."""
    operator: bool = False
    """Whether somebody asks who operates the broker: nobody else may publish to the exchange it came by."""

    DATA_KEY: ClassVar[str] = "kehu_context"
    """Where a worker finds the context that the consumer has read."""

    @classmethod
    def from_headers(cls, headers: Mapping[str, Any], read_caller: Callable[[str], Caller]) -> "Context":
        """Read the context of a request from its message headers (see docs/architecture.md, section 2).

        Args:
            read_caller: what makes a caller of its header, or refuses it.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: if a header does not hold what it should.
        """

        def header(name: str) -> str | None:
            value = headers.get(HEADER_PREFIX + name)
            if value is not None and not isinstance(value, str):
                raise ValueError(f"the header {name} is not a text")
            return value

        text, correlation, deadline, if_match = (
            header("caller"), header("correlation_id"), header("deadline"), header("if_match")
        )  # fmt: skip
        caller = read_caller(text) if text else None
        key = header("idempotency_key")
        if key is not None and (len(key) > MAX_KEY or not key.isprintable()):
            raise ValueError("the idempotency key is too long or holds characters that cannot be stored")
        until = float(deadline) if deadline else None
        if until is not None and not isfinite(until):
            raise ValueError("the deadline is no time")
        return cls(
            correlation_id=UUID(correlation) if correlation else new_id(),
            actor_id=caller.account_id if caller else None,
            caller=caller,
            deadline=until,
            if_match=frozenset(map(int, if_match.split(","))) if if_match else None,
            idempotency_key=key,
            traceparent=header("traceparent"),
            address=_printable(header("client_address")),
        )

    def seconds_left(self, default: float) -> float:
        """Return the seconds until the deadline, or the default where there is none."""
        return default if self.deadline is None else self.deadline - time.time()


def _printable(text: str | None) -> str | None:
    """Return what can be kept of something that a proxy wrote; nothing of it may refuse a request."""
    return "".join(letter for letter in (text or "")[:LONGEST_ADDRESS] if letter.isprintable()) or None


_current: ContextVar[Context | None] = ContextVar("kehu_context", default=None)


def current() -> Context:
    """Return the context of the work in hand; outside of any, a fresh one."""
    context = _current.get()
    if context is None:
        context = Context()
        _current.set(context)
    return context


def enter(context: Context) -> None:
    """Make a context the current one of this greenlet."""
    _current.set(context)
