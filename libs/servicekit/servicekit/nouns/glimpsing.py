"""Glimpses: what is shown of a record in a pool to who may claim it, but not look into it yet (SA-13, decision 53).

A noun names the fields that a glimpse shows. Everything else of its answers, events and changes is blank until somebody
has the record, and nobody finds a record by it; what belongs to the record is not shown at all.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.fields import made_once
from servicekit.nouns.access import holds
from servicekit.nouns.access_events import ACCESS_CHANGED
from servicekit.nouns.besides import GLIMPSED, IN_POOL, entity_of, pools_of
from servicekit.nouns.grants import GLIMPSE
from servicekit.nouns.reach import Reach, is_seen

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

FLAG = "glimpse"
"""The field that says that more of a record is there than is shown."""
GLIMPSES: dict[Any, "Glimpse"] = {}
"""By entity what a glimpse of its records shows."""


class Glimpse:
    """What a glimpse of a noun's records shows.

    Args:
        shows: fields, with blanks between them.
    """

    def __init__(self, noun: "Noun[Any]", shows: str) -> None:
        self.noun, self.model = noun, noun.model
        self.shows = frozenset({"id", "version", "created_at", "updated_at", FLAG, *shows.split()})
        GLIMPSED.add(noun.name)
        GLIMPSES[noun.model] = self

    @property
    def hidden(self) -> frozenset[str]:
        """The fields of an answer that are blank."""
        return frozenset(made_once(self.noun.told_as).dump_fields.keys() - self.shows)

    def blank(self, told: dict[str, Any]) -> None:
        """Take out of an answer, or of what an event tells, what a glimpse does not show."""
        for name in self.hidden & told.keys():
            told[name] = {} if isinstance(told[name], dict) else None
        if FLAG in told:
            told[FLAG] = True

    def opened(self, session: Session, caller: Caller) -> ColumnElement[bool] | None:
        """Return the condition that a caller sees all of a record; None for who gets a glimpse of none."""
        pools = pools_of(session, self.noun.name).values()
        if not any(pool.level_of(caller) == GLIMPSE for pool in pools):
            return None
        return Reach(session, caller, self.noun.permission).where(self.model)

    def of(self, session: Session, caller: Caller, ids: Iterable[UUID]) -> set[UUID]:
        """Return of which of some records a caller gets a glimpse only, if they see them."""
        asked = {*ids}
        opened = self.opened(session, caller) if asked and holds(caller, self.noun.permission) else None
        if opened is None:
            return set()
        among = self.model.id == any_(literal([*asked], ARRAY(Uuid())))
        return asked - {*session.connection().scalars(select(self.model.id).where(among, opened))}

    def blank_page(
        self, session: Session, caller: Caller, rows: Sequence[Any], items: Sequence[dict[str, Any]]
    ) -> None:
        """Let a page show no more than a glimpse of what lies in pools that hide it."""
        some = self.of(session, caller, (row.id for row in rows if row.claim_state in IN_POOL))
        for row, item in zip(rows, items, strict=True):
            if row.id in some:
                self.blank(item)


def types_of(glimpse: Glimpse) -> list[str]:
    """Return the types of the events that tell a glimpse: those that tell the record as its answers do."""
    return [each.type for name, each in glimpse.noun.events.items() if name != ACCESS_CHANGED]


def blank_events(
    session: Session, caller: Caller, entities: Iterable[Any], told: Sequence[dict[str, Any]]
) -> None:
    """Let events tell no more than a glimpse of what lies in pools that hide it, as it is now."""
    for glimpse in filter(None, map(GLIMPSES.get, entities)):
        types = types_of(glimpse)
        events = [event for event in told if event["type"] in types]
        some = glimpse.of(session, caller, (UUID(str(event["subject"])) for event in events))
        for event in events:
            if UUID(str(event["subject"])) in some:
                event["data"] = {**event["data"]}
                glimpse.blank(event["data"])


def glimpsed(session: Session, caller: Caller | None, record: Any) -> Glimpse | None:
    """Return what is shown of a record, or of its view, if that is no more than a glimpse."""
    found = GLIMPSES.get(entity_of(record))
    if found is None or caller is None or record.claim_state not in IN_POOL:
        return None
    return None if is_seen(session, record, caller, found.noun.permission) else found
