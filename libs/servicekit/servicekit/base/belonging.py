"""What belongs to another record and has no owner of its own: that record says who reaches it (docs/decisions/0054).

class OpportunityCompetitor(Record, Within, Base):
    belongs_to = {"opportunity": "opportunity_id"}
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from sqlalchemy.orm import Session, object_session


class Within:
    """A record that is reached by whoever reaches the one it belongs to."""

    belongs_to: ClassVar[Mapping[str, str]] = {}
    """By noun, the column with the id of the record above; of several nouns one column is set."""
    granted_as: ClassVar[tuple[str, str] | None] = None
    """As of ``Owned``; it follows where records of one noun alone have such parts."""

    @classmethod
    def further_ways(cls, reach: Any, noun: str) -> list[Any]:
        """Return conditions on the record above by which its parts are listed, besides that it is reached itself.

        Args:
            reach: what a caller reaches with the permission of the noun above (``servicekit.Reach``).
        """
        return []

    def __init_subclass__(cls, **more: Any) -> None:
        if len(cls.belongs_to) == 1:
            cls.granted_as = next(iter(cls.belongs_to.items()))
        super().__init_subclass__(**more)


def is_within(model: Any) -> bool:
    """Tell whether an entity's records ask the ones that they belong to."""
    return isinstance(model, type) and issubclass(model, Within)


@cache
def entity_above(model: Any, noun: str) -> Any:
    """Return the entity of a noun that records of another entity belong to; None if this service has none."""
    mapped = (mapper.class_ for mapper in model.registry.mappers)
    return next((each for each in mapped if getattr(each, "granted_as", None) == (noun, "id")), None)


def record_above(session: Session, record: Any, noun: str) -> Any:
    """Return the record of a noun that a part, or its view, belongs to; None if it belongs to none of that noun."""
    entity: Any = getattr(type(record), "entity", type(record))
    column = entity.belongs_to.get(noun)
    above_id = None if column is None else getattr(record, column)
    return None if above_id is None else session.get(entity_above(entity, noun), above_id)


def whose(record: Any) -> Any:
    """Return the record that says in whose reach another one is: what it belongs to, if anything; None: it is gone."""
    if not isinstance(record, Within):
        return record
    session = object_session(record)
    if session is None:
        return None
    found = (record_above(session, record, noun) for noun in record.belongs_to)
    return next((each for each in found if each is not None), None)
