"""What takes several services or several pages: status, replay, rebuild, audit. Memory stays flat."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from servicekit.base.errors import Conflict, NotFound, OperationError
from servicekit.base.ids import new_id
from servicekit.messages.topology import ANY
from servicekit.nouns.audits import EXTRA

Call = Callable[..., Any]
"""``call(service, operation, **arguments)``, as of ``Client``."""


def status(call: Call, services: Sequence[str]) -> list[dict[str, Any]]:
    """Return what each service says of its part of the bus, or why it does not."""
    answers = []
    for service in services:
        try:
            answers.append(call(service, "describe_bus"))
        except OperationError as error:
            answers.append({"service": service, "unavailable": error.detail})
    return answers


def check_history(call: Call, service: str, known: Sequence[Sequence[Any]] = ()) -> dict[str, Any]:
    """Return what is wrong with a service's history, and how far its chain goes.

    Args:
        known: positions with the digests that the chain had there once.
    """
    after, checked, problems = 0, 0, []
    while True:
        page = call(service, "check_history", after=after, known=known)
        checked += page["checked"]
        problems += page["problems"]
        if page["next"] is None:
            return {"service": service, "rows": checked, **page, "problems": problems}
        after = page["next"]


def redrive_all(call: Call, service: str, by: str, types: list[str] | None = None) -> int:
    """Send all parked events of a service once more; those that are parked anew meanwhile are left."""
    redriven = 0
    parked = sum(1 for _ in failed_events(call, service, "parked"))
    while redriven < parked:
        sent = call(service, "redrive_parked_events", by=by, types=types)["redriven"]
        if not sent:
            break
        redriven += sent
    return redriven


def failed_events(call: Call, service: str, state: str | None) -> Iterator[dict[str, Any]]:
    """Yield the failed events of a service."""
    after = None
    while True:
        page = call(service, "list_failed_events", state=state, after=after, limit=200)
        yield from page["items"]
        after = page["next"]
        if after is None:
            return


def replay(
    call: Call,
    service: str,
    consumer: str,
    since: str | None,
    types: Sequence[str] = (),
    *,
    again: bool = False,
) -> dict[str, Any]:
    """Send one consumer what a service published, unchanged: only what it listens to.

    Args:
        again: whether what the consumer has handled is handled once more.

    Raises:
        Conflict: ``not-listened-to``, if the consumer listens to none of it.
    """
    wanted = _listened(call, service, consumer, types)
    replay_id = str(new_id()) if again else None
    sent, after, kept_since = 0, 0, None
    while after is not None:
        page = call(
            service, "replay_events",
            consumer=consumer, types=wanted, since=since, replay_id=replay_id, after=after,
        )  # fmt: skip
        sent += page["sent"]
        kept_since = kept_since or page["kept_since"]
        after = page["next"]
    return {"sent": sent, "types": wanted, "replay_id": replay_id, "kept_since": kept_since}


def rebuild(
    call: Call, consumer: str, service: str, types: Sequence[str] = (), *, from_empty: bool = False
) -> dict[str, Any]:
    """Let one consumer's copy of another service's records be what that service has now.

    Rows of records that the owner does not have are dropped, all others are told; a copy takes them even if it has
    a newer version, which an owner that was restored from a backup does not know any more.

    Args:
        consumer: whose copy is rebuilt.
        service: whose records it is a copy of.
        from_empty: drop the copy first; until it is told anew, the consumer works without it.
    """
    listened = _listened(call, service, consumer, types)
    wanted = [each for each in call(service, "describe_bus")["restates"] if each in listened]
    if not wanted:
        raise NotFound("not-restated", f"{service} can restate nothing that {consumer} listens to.")
    if from_empty:
        dropped = int(call(consumer, "empty_copies", source=service)["dropped"])
    else:
        dropped = _drop_unknown(call, consumer, service)
    sent = {each: restate(call, service, each, consumer) for each in wanted}
    return {"dropped": dropped, "sent": sent}


def _drop_unknown(call: Call, consumer: str, service: str) -> int:
    """Drop the rows of a consumer's copies whose records their owner does not have."""
    dropped = 0
    owned = {side["kind"]: side for side in call(service, "describe_bus")["audits"] if side["owner"] is None}
    for side in call(consumer, "describe_bus")["audits"]:
        if side["owner"] != service or not side["copy"] or side["kind"] not in owned:
            continue
        pair = (service, owned[side["kind"]]), (consumer, side)
        # The second look asks the owner after the copy: what it then does not have it has lost or deleted.
        for difference in list(_audit_pair(call, *pair, grace=0.0, mend=False)):
            if difference["problem"] == EXTRA:
                ids = [difference["id"]]
                dropped += int(call(consumer, "forget_audit_rows", kind=side["kind"], ids=ids)["dropped"])
    return dropped


def restate(call: Call, service: str, event_type: str, consumer: str, ids: list[str] | None = None) -> int:
    """Tell one consumer all records of a type, or only some; return how many were told."""
    sent, after = 0, None
    while True:
        page = call(
            service, "restate_records", event_type=event_type, consumer=consumer, ids=ids, after=after
        )
        sent += int(page["sent"])
        after = page["next"]
        if after is None:
            return sent


def audit(
    call: Call, descriptions: Sequence[dict[str, Any]], kinds: Sequence[str] = (), *, grace: float, mend: bool
) -> Iterator[dict[str, Any]]:
    """Compare owners' rows with their followers', and yield every difference that a second look confirms.

    Args:
        descriptions: what the services say of themselves (``status``).
        kinds: only these audits; none: all.
        grace: seconds for which changed rows are left alone.
        mend: also have those told again that can be.
    """
    owners = {
        side["kind"]: (answer["service"], side)
        for answer in descriptions for side in answer.get("audits", ()) if side["owner"] is None
    }  # fmt: skip
    for answer in descriptions:
        for side in answer.get("audits", ()):
            owner = owners.get(side["kind"])
            if side["owner"] is None or owner is None or (kinds and side["kind"] not in kinds):
                continue
            yield from _audit_pair(call, owner, (answer["service"], side), grace, mend)


def _audit_pair(
    call: Call, owner: tuple[str, Any], follower: tuple[str, Any], grace: float, mend: bool
) -> Iterator[dict[str, Any]]:
    kind, after, more = owner[1]["kind"], None, True
    while more:
        told = call(owner[0], "tell_audit_rows", kind=kind, after=after)
        result = call(
            follower[0], "compare_audit_rows",
            kind=kind, rows=told["rows"], after=after, until=told["next"], grace=grace,
        )  # fmt: skip
        suspects = [difference["id"] for difference in result["differences"]]
        if suspects:
            # What changed while the two were read is no difference: look again at those only.
            told = call(owner[0], "tell_audit_rows", kind=kind, ids=suspects)
            confirmed = call(
                follower[0], "compare_audit_rows", kind=kind, rows=told["rows"], ids=suspects, grace=grace
            )["differences"]
            mended = _mend(call, owner, follower, confirmed) if mend and confirmed else ""
            for difference in confirmed:
                yield {
                    "audit": kind,
                    "owner_service": owner[0],
                    "service": follower[0],
                    **difference,
                    "mending": mended,
                }
        after = result["compared_to"]
        more = after is not None


def _mend(
    call: Call, owner: tuple[str, Any], follower: tuple[str, Any], differences: list[dict[str, Any]]
) -> str:
    """Have the rows that differ told again; return what was done, empty if a person has to look."""
    done = []
    ids = [difference["id"] for difference in differences]
    if follower[1]["copy"]:
        call(follower[0], "forget_audit_rows", kind=owner[1]["kind"], ids=ids)
        done.append("copy dropped")
    for (teller, side), listener in ((owner, follower[0]), (follower, owner[0])):
        for event_type in side["restated_by"]:
            if sent := restate(call, teller, event_type, listener, ids):
                done.append(f"{teller} sent {sent} {event_type} to {listener}")
    return "; ".join(done)


def _listened(call: Call, service: str, consumer: str, types: Sequence[str]) -> list[str]:
    listens = [
        each["type"] for each in call(consumer, "describe_bus")["listens"] if each["source"] in (service, ANY)
    ]
    wanted = [each for each in listens if not types or each in types]
    if not wanted:
        raise Conflict("not-listened-to", f"{consumer} listens to none of these events of {service}.")
    return sorted(set(wanted))
