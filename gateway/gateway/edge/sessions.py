"""Callers: what identity says about a session, remembered for a short time in each worker."""

import asyncio
import time
from typing import Any

import orjson
import structlog

from gateway.bus import Bus
from gateway.edge.tokens import SessionClaims, invalid_token
from gateway.errors import Problem
from gateway.settings import Settings

log = structlog.get_logger()

REMEMBERED_SESSIONS = 10_000
REFRESH_TIMEOUT = 0.5
"""Seconds that a request waits for identity when an earlier answer could serve instead."""
GRACE_STEP = 5.0
"""Seconds until identity is asked again after it did not answer."""


class Caller:
    """A signed-in account, with the message header that tells services about it."""

    __slots__ = ("_permissions", "account_id", "header", "session_id")

    def __init__(self, facts: dict[str, Any]):
        self.account_id: str = facts["account_id"]
        self.session_id: str = facts["session_id"]
        self._permissions: dict[str, str] = facts.get("permissions") or {}
        # Identity has signed these very members in this order: they go on as they came.
        self.header = orjson.dumps(facts).decode()

    def holds_for_all(self, permission: str) -> bool:
        """Tell whether the account holds a permission for all. The services judge; this is for what to show."""
        return (self._permissions.get(permission) or self._permissions.get("*")) == "all"


class _Entry:
    """One session: the answer, its age, until when it is believed, and the question in flight.

    The answer is the caller, or the account that was told that the session has ended.
    """

    __slots__ = ("answered", "caller", "fresh_until", "question", "refused_to")

    def __init__(self) -> None:
        self.caller: Caller | None = None
        self.answered = 0.0
        self.fresh_until = 0.0
        self.question: asyncio.Task[Caller] | None = None
        self.refused_to: str | None = None


class Sessions:
    """Resolves sessions to callers; one question at a time a session, whoever waits for it."""

    def __init__(self, bus: Bus, settings: Settings):
        self._bus = bus
        self._settings = settings
        self._entries: dict[str, _Entry] = {}

    async def resolve(self, claims: SessionClaims) -> Caller:
        """Return the caller of a session; raise ``invalid-token`` where the session has ended."""
        entry = self._entries.get(claims.session_id)
        now = time.monotonic()
        if entry is not None and entry.caller is not None and now < entry.fresh_until:
            return _of_account(entry.caller, claims)
        if entry is None:
            if len(self._entries) >= REMEMBERED_SESSIONS:
                del self._entries[next(iter(self._entries))]
            entry = self._entries[claims.session_id] = _Entry()
        if entry.question is None:
            entry.question = asyncio.create_task(self._ask(entry, claims))
            entry.question.add_done_callback(_mark_seen)
        # A client that goes away must not take the question from the others that wait for it.
        return _of_account(await asyncio.shield(entry.question), claims)

    def refuse_ended(self, claims: SessionClaims) -> None:
        """Raise ``invalid-token`` for a session of which identity has said a moment ago that it has ended."""
        entry = self._entries.get(claims.session_id)
        if (
            entry is not None
            and entry.refused_to == claims.account_id
            and time.monotonic() < entry.fresh_until
        ):
            raise session_ended()

    def forget(self, session_id: str | None = None, account_id: str | None = None) -> None:
        """Forget a session, or all of an account, or, with neither, all."""
        if session_id is not None:
            self._entries.pop(session_id, None)
        elif account_id is not None:
            for key, entry in list(self._entries.items()):
                # A question in flight may be answered from before the change.
                if entry.caller is None or entry.caller.account_id == account_id:
                    del self._entries[key]
        else:
            self._entries.clear()

    def on_identity_event(self, event_type: str, event: Any) -> None:
        """Forget what an event of identity made doubtful; an event that says nothing makes everything so."""
        data = event.get("data") if isinstance(event, dict) else None
        if not isinstance(data, dict):
            data = {}
        self.forget(data.get("session_id"), data.get("account_id"))
        log.info("access changed", type=event_type, account_id=data.get("account_id"))

    async def _ask(self, entry: _Entry, claims: SessionClaims) -> Caller:
        known = entry.caller
        may_keep = known is not None and time.monotonic() - entry.answered < self._settings.session_grace
        try:
            reply = await self._bus.call(
                "identity",
                "resolve_session",
                {"session_id": claims.session_id, "account_id": claims.account_id},
                timeout=REFRESH_TIMEOUT if may_keep else None,
            )
        except Problem as problem:
            if problem.kind == "unavailable" and may_keep and known is not None:
                # While identity is away nobody's access can change, so its last answer still stands.
                entry.fresh_until = time.monotonic() + GRACE_STEP
                return known
            if problem.kind in ("unavailable", "internal"):
                self._drop(claims.session_id, entry)
                raise
            entry.caller, entry.refused_to = None, claims.account_id
            entry.fresh_until = time.monotonic() + self._settings.session_ttl
            raise session_ended() from None
        finally:
            entry.question = None
        if not isinstance(reply.result, dict) or reply.result.get("account_id") != claims.account_id:
            self._drop(claims.session_id, entry)
            raise session_ended()
        entry.refused_to = None
        entry.caller = Caller({**reply.result, "session_id": claims.session_id})
        entry.answered = time.monotonic()
        entry.fresh_until = entry.answered + self._settings.session_ttl
        return entry.caller

    def _drop(self, session_id: str, entry: _Entry) -> None:
        if self._entries.get(session_id) is entry:
            del self._entries[session_id]


def _of_account(caller: Caller, claims: SessionClaims) -> Caller:
    """Return the caller, or refuse a token that names somebody else's session; what is remembered is judged too."""
    if caller.account_id != claims.account_id:
        raise session_ended()
    return caller


def session_ended() -> Problem:
    """Return the refusal of a token whose session is over."""
    return invalid_token("The session has ended.")


def _mark_seen(question: asyncio.Task[Caller]) -> None:
    if not question.cancelled():
        question.exception()
