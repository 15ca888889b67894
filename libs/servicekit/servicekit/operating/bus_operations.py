"""What operators can ask every service about its part of the bus: by RPC only, over HTTP through the gateway."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.database import utcnow
from servicekit.base.lease import leader
from servicekit.messages import direct, restating, topology
from servicekit.messages.inbox import listened_by
from servicekit.messages.outbox import OutboxRow
from servicekit.messages.relay import LOCK as RELAY
from servicekit.nouns import audits, chain
from servicekit.nouns.access import ForAll, held_scope, operator_required
from servicekit.nouns.operations import operation
from servicekit.operating import failures, witness

OPERATE = ForAll("bus.operate")
"""Nothing on the bus belongs to anybody: whoever operates it sees what everybody does (M-06)."""
MOST = 500


class BusOperations:
    """The operator's side of a service; a caller needs ``bus.operate``, the broker's operator needs none."""

    @operation()
    def describe_bus(self, session: Session, caller: Caller | None) -> dict[str, Any]:
        """Tell what waits, what failed, and what can be told again."""
        _admit(caller)
        kind = type(self)
        return {
            "service": self.name,  # type: ignore[attr-defined]
            "outbox": {**_outbox(session), "relayed_by": leader(session, RELAY)},
            "stream": self._stream(),
            "failed": failures.count_by_state(session),
            "queues": self._queues(),
            "listens": [{"source": source, "type": event_type} for source, event_type in listened_by(kind)],
            "restates": sorted(restating.restatements_of(kind)),
            "copies": sorted(restating.copies_of(kind)),
            "audits": [audits.describe(audit) for audit in audits.audits_of(kind)],
        }

    @operation()
    def list_failed_events(
        self, session: Session, caller: Caller | None, state: str | None = None, after: str | None = None,
        limit: int = 100,
    ) -> dict[str, Any]:  # fmt: skip
        """List failed events with their error."""
        _admit(caller)
        return failures.list_failures(session, state, after, max(1, min(int(limit), MOST)))

    @operation()
    def show_failed_event(self, session: Session, caller: Caller | None, event_id: str) -> dict[str, Any]:
        """Show a failed event with its payload."""
        _admit(caller)
        return failures.show_failure(session, event_id)

    @operation(changes=True)
    def redrive_event(
        self, session: Session, caller: Caller | None, event_id: str, by: str = "", again: bool = False
    ) -> dict[str, Any]:
        """Handle a parked event once more."""
        return failures.redrive(session, *self._bus(), event_id, _who(caller, by), again)

    @operation(changes=True)
    def redrive_parked_events(
        self, session: Session, caller: Caller | None, by: str = "", types: list[str] | None = None
    ) -> dict[str, Any]:
        """Handle a batch of parked events once more."""
        return failures.redrive_parked(session, *self._bus(), _who(caller, by), types)

    @operation(changes=True)
    def discard_event(
        self, session: Session, caller: Caller | None, event_id: str, reason: str, by: str = ""
    ) -> dict[str, Any]:
        """Give a parked event up, for a reason."""
        return failures.discard(session, event_id, str(reason), _who(caller, by))

    @operation(changes=True)
    def replay_events(
        self, session: Session, caller: Caller | None, consumer: str, types: list[str], since: str | None = None,
        replay_id: str | None = None, after: int = 0,
    ) -> dict[str, Any]:  # fmt: skip
        """Send one consumer a page of this service's events once more."""
        _admit(caller)
        return restating.replay(session, *self._bus(), consumer, types, since, replay_id, after)

    @operation(changes=True)
    def restate_records(
        self, session: Session, caller: Caller | None, event_type: str, consumer: str, ids: list[str] | None = None,
        after: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Tell one consumer a page of this service's records as they are now."""
        _admit(caller)
        return restating.restate(session, self._bus()[0], self, event_type, consumer, ids, after)

    @operation(changes=True)
    def empty_copies(self, session: Session, caller: Caller | None, source: str) -> dict[str, Any]:
        """Drop this service's copy of another one's records, to be told anew."""
        _admit(caller)
        return {"dropped": restating.empty_copies(session, self, source)}

    @operation()
    def tell_audit_rows(
        self, session: Session, caller: Caller | None, kind: str, after: str | None = None,
        ids: list[str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Tell a page of the rows that another service's must agree with."""
        _admit(caller)
        return audits.tell_rows(session, self, kind, after, ids, audits.PAGE)

    @operation()
    def compare_audit_rows(
        self, session: Session, caller: Caller | None, kind: str, rows: list[dict[str, Any]], grace: float,
        after: str | None = None, until: str | None = None, ids: list[str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Compare a page of the owner's rows with this service's."""
        _admit(caller)
        return audits.compare(session, self, kind, rows, after, until, ids, grace)

    @operation(changes=True)
    def forget_audit_rows(
        self, session: Session, caller: Caller | None, kind: str, ids: list[str]
    ) -> dict[str, Any]:
        """Drop rows of a copy that differ from their owner's, to be told anew."""
        _admit(caller)
        return {"dropped": audits.forget(session, self, kind, ids)}

    @operation()
    def check_history(
        self, session: Session, caller: Caller | None, after: int = 0, known: Sequence[tuple[int, str]] = ()
    ) -> dict[str, Any]:
        """Compare a page of this service's history with its chain, and the chain with what the broker knows of it."""
        _admit(caller)
        found = chain.check(session, int(after))
        if found["next"] is None:
            note = witness.noted(*self._bus())
            for position, digest in [*known, *([note] if note else [])]:
                found["problems"] += chain.compare_with_note(session, position, digest)
            head = chain.head_of(session)
            found |= {"head": head.position, "digest": head.digest.hex(), "noted": note and note[0]}
        return found

    @operation(changes=True)
    def accept_history(self, session: Session, caller: Caller | None, by: str = "") -> dict[str, Any]:
        """Let the broker take the chain as it is for the true one, as after a restore."""
        _who(caller, by)
        head = witness.accept(session, *self._bus())
        return {"head": head.position, "digest": head.digest.hex()}

    def _bus(self) -> tuple[Any, str]:
        return self.runtime.settings, self.name  # type: ignore[attr-defined]

    def _stream(self) -> dict[str, Any] | None:
        """Return the state of the stream of all events, as far as this service reads it."""
        if not self.reads_feed:  # type: ignore[attr-defined]
            return None
        return _shown(topology.FEED, direct.depth(self._bus()[0], topology.FEED))

    def _queues(self) -> list[dict[str, Any]]:
        settings, service = self._bus()
        names = [topology.rpc_queue(service).name, topology.inbox_queue(service).name]
        names += [topology.retry_queue(service, delay).name for delay in settings.event_retry_delays]
        found = [(name, direct.depth(settings, name)) for name in names]
        return [_shown(name, state) for name, state in found]


def _shown(name: str, state: direct.Depth | None) -> dict[str, Any]:
    return {
        "name": name,
        "messages": state.messages if state else None,
        "consumers": state.consumers if state else None,
    }


def _admit(caller: Caller | None) -> None:
    if caller is None:
        operator_required()
    else:
        held_scope(caller, OPERATE)


def _who(caller: Caller | None, by: str) -> str:
    """Return who acts: the signed-in caller, or whom the console names."""
    _admit(caller)
    return caller.username or str(caller.account_id) if caller is not None else by


def _outbox(session: Session) -> dict[str, Any]:
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutboxRow.occurred_at)).where(OutboxRow.published_at.is_(None))
    ).one()
    last = session.scalar(select(func.max(OutboxRow.sequence)))
    return {
        "waiting": waiting,
        "lag_seconds": round(max(0.0, (utcnow() - oldest).total_seconds()), 3) if oldest else 0.0,
        "last_sequence": last or 0,
    }
