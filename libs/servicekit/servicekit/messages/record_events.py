"""Events that tell a record: what the API shows of it, by the same schema, so that no field is forgotten.

class ContractSigned(RecordEvent):
    '''A contract was signed.'''

    type = "contract.signed"
    shows = ContractSchema
    leaves_out = {"remark": "what is noted on it stays in the house"}

publish(session, contract, ContractSigned.of(contract))
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import PrivateAttr

from servicekit.base.fields import Schema
from servicekit.base.money import currency_of
from servicekit.messages.events import Event

NOT_MINE = ("version",)
"""What ``publish`` adds itself."""


class RecordEvent(Event):
    """An event that carries the record as the API shows it, its ``id`` as ``<noun>_id``, and what it adds itself.

    A field of its own stands in place of the record's of that name.
    """

    shows: ClassVar[type[Schema]]
    """The noun's answer."""
    own_id: ClassVar[str] = ""
    """What the record's id is called, if not by the noun of ``type``."""
    leaves_out: ClassVar[Mapping[str, str]] = {}
    """Fields of the answer that the event does not carry, each with the reason."""
    never_null: ClassVar[tuple[str, ...]] = ()
    """Fields that a record may lack, but not one of which this has happened."""

    _record: Any = PrivateAttr(default=None)

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        super().__pydantic_init_subclass__(**more)
        if hasattr(cls, "shows") and (unknown := cls.leaves_out.keys() - cls.shows().dump_fields.keys()):
            raise TypeError(f"{cls.__name__} leaves out what nobody shows: {', '.join(sorted(unknown))}.")

    @classmethod
    def of(cls, record: Any, **more: Any) -> Self:
        """Return the event for a record; it tells what the record is like when it is published.

        Args:
            more: the fields that the event has besides.
        """
        event = cls(**more)
        event._record = record
        return event

    @classmethod
    def id_name(cls) -> str:
        """Return what the record's id is called."""
        return cls.own_id or f"{cls.type.partition('.')[0]}_id"

    @classmethod
    def surely_told(cls) -> set[str]:
        """Return the fields that are never null in this event."""
        return {name for owner in cls.__mro__ for name in vars(owner).get("never_null", ())}

    def payload(self) -> dict[str, Any]:
        """Return the record as the API would show it now, and what the event adds."""
        shown = _shown_by(type(self)).dump(self._record)
        told = {self.id_name() if name == "id" else name: value for name, value in shown.items()}
        added = self.model_dump(mode="json", context=currency_of(self) or currency_of(self._record))
        return told | added


@cache
def _shown_by(event_class: type[RecordEvent]) -> Schema:
    known = event_class.shows().dump_fields.keys()
    return event_class.shows(exclude=[name for name in (*event_class.leaves_out, *NOT_MINE) if name in known])
