"""The sender."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from servicekit import Caller, Event, Service, new_id, operation, publish


class ParcelSent(Event):
    """A parcel was sent: about what a contract's event says."""

    type: ClassVar[str] = "parcel.sent"
    example: ClassVar[dict[str, Any]] = {}

    parcel_id: UUID
    number: str
    name: str
    owner_id: UUID
    amount: str
    status: str


class Parcel:
    """As much of a record as an event needs."""

    seen_by: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        self.id = new_id()
        self.version = 1


class SenderService(Service):
    """Echoes, waits, announces."""

    name = "bench-sender"

    @operation()
    def echo(self, session: Session, caller: Caller | None, text: str) -> str:
        """Say what was said."""
        return text

    @operation()
    def wait(self, session: Session, caller: Caller | None, seconds: float) -> int:
        """Wait for the database."""
        session.execute(select(func.pg_sleep(seconds)))
        return 1

    @operation(changes=True)
    def send(self, session: Session, caller: Caller | None, count: int) -> int:
        """Announce so many parcels in one transaction."""
        for parcel, event in _parcels(count):
            publish(session, parcel, event)  # type: ignore[arg-type]
        return count


def _parcels(count: int) -> Iterator[tuple[Parcel, ParcelSent]]:
    owner_id = new_id()
    for place in range(count):
        parcel = Parcel()
        yield (
            parcel,
            ParcelSent(
                parcel_id=parcel.id,
                number=f"HT20261122-{place:04d}",
                name="上海云图科技 2027 年度合同",
                owner_id=owner_id,
                amount="12000.00",
                status="signed",
            ),
        )
