"""The comparison of the services' records, page by page, and the mending of what differs.

The console does the same without a gateway (servicekit.operating.tasks); the two share no code, as the gateway must not
import the kit (docs/decisions/0005).
"""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from gateway.views.bus_operators import restated
from gateway.views.sections import SectionBus


class Side(NamedTuple):
    """A service and what it says of its part in an audit."""

    service: str
    part: dict[str, Any]


async def differences(
    calls: SectionBus, described: list[dict[str, Any]], kind: str | None, grace: float, *, mend: bool
) -> AsyncIterator[dict[str, Any]]:
    """Yield every difference that a second look confirms, then their number.

    Args:
        described: what the services say of their part of the bus.
        kind: only this audit; None for all.
        grace: seconds for which changed rows are left alone.
        mend: also have those told again that can be; each difference then says how.
    """
    sides = [Side(answer["service"], part) for answer in described for part in answer.get("audits", ())]
    owners = {side.part["kind"]: side for side in sides if side.part["owner"] is None}
    count = 0
    for side in sides:
        owner = owners.get(side.part["kind"])
        if side.part["owner"] is None or owner is None or kind not in (None, side.part["kind"]):
            continue
        async for difference in _compared(calls, owner, side, grace, mend):
            count += 1
            yield difference
    away = [answer["service"] for answer in described if answer.get("unavailable")]
    yield {"differences": count, "unavailable": away}


async def _compared(
    calls: SectionBus, owner: Side, follower: Side, grace: float, mend: bool
) -> AsyncIterator[dict[str, Any]]:
    kind, after, more = owner.part["kind"], None, True
    while more:
        told = await calls.call(owner.service, "tell_audit_rows", {"kind": kind, "after": after})
        arguments = {
            "kind": kind,
            "rows": told["rows"],
            "after": after,
            "until": told["next"],
            "grace": grace,
        }
        result = await calls.call(follower.service, "compare_audit_rows", arguments)
        suspects = [difference["id"] for difference in result["differences"]]
        if suspects:
            # What changed while the two were read is no difference: look again at those only.
            told = await calls.call(owner.service, "tell_audit_rows", {"kind": kind, "ids": suspects})
            arguments = {"kind": kind, "rows": told["rows"], "ids": suspects, "grace": grace}
            again = await calls.call(follower.service, "compare_audit_rows", arguments)
            ids = [difference["id"] for difference in again["differences"]]
            mending = {"mending": await _mended(calls, owner, follower, ids)} if mend and ids else {}
            for difference in again["differences"]:
                services = {"owner_service": owner.service, "service": follower.service}
                yield {"audit": kind, **services, **difference, **mending}
        after = result["compared_to"]
        more = after is not None


async def _mended(calls: SectionBus, owner: Side, follower: Side, ids: list[str]) -> str:
    """Have rows that differ told again; return what was done, empty if a person has to look."""
    done = []
    if follower.part["copy"]:
        await calls.call(follower.service, "forget_audit_rows", {"kind": owner.part["kind"], "ids": ids})
        done.append("copy dropped")
    for teller, listener in ((owner, follower), (follower, owner)):
        for event_type in teller.part["restated_by"]:
            pages = restated(calls, teller.service, event_type, listener.service, ids)
            if sent := sum([page async for page in pages]):
                done.append(f"{teller.service} sent {sent} {event_type} to {listener.service}")
    return "; ".join(done)
