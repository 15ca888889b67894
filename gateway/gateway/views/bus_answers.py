"""What the operators' routes answer."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from gateway.described import EXAMPLE_EVENT_ID, EXAMPLE_ID, EXAMPLE_TIME, Id, Moment, fields_speak

ParkedState = Literal["retrying", "parked", "redriven", "discarded"]


class BusOutbox(TypedDict):
    """The events of a service that the broker does not have yet."""

    waiting: int
    lag_seconds: float
    last_sequence: int


class BusFailures(TypedDict):
    """How many events a service failed to handle, by state."""

    retrying: int
    parked: int
    redriven: int
    discarded: int


class BusQueue(TypedDict):
    """A queue of a service; the numbers are null where there is no such queue."""

    name: str
    messages: int | None
    consumers: int | None


class BusListening(TypedDict):
    """An event type that a service listens to."""

    source: str
    type: str


@fields_speak
class BusAudit(TypedDict):
    """A service's side in a comparison of records."""

    kind: str
    owner: str | None
    """The service whose records are compared with; null for the owner itself."""
    restated_by: list[str]
    """Types of events that mend what differs."""
    copy: bool
    """Whether the rows are a copy, which can be dropped and told anew."""


class BusOfService(TypedDict):
    """A service's part of the bus; of one that does not answer only its name, and ``unavailable``."""

    service: str
    unavailable: NotRequired[Literal[True]]
    outbox: NotRequired[BusOutbox]
    failed: NotRequired[BusFailures]
    queues: NotRequired[list[BusQueue]]
    listens: NotRequired[list[BusListening]]
    restates: NotRequired[list[str]]
    copies: NotRequired[list[str]]
    audits: NotRequired[list[BusAudit]]


class BusState(TypedDict):
    """The whole bus."""

    services: list[BusOfService]


@fields_speak
class FailedEvent(TypedDict):
    """An event that a service failed to handle."""

    event_id: Id
    type: str
    subject: Id | None
    correlation_id: Id | None
    state: ParkedState
    attempts: int
    error: str
    failed_at: Moment
    note: str | None
    """Why it was given up."""
    noted_by: str | None


class FailedEventListed(FailedEvent):
    """An event that failed, and the service that failed to handle it."""

    service: str


@fields_speak
class FailedEventShown(FailedEvent):
    """An event that failed, with what came."""

    body: dict[str, Any] | str
    """The envelope as it came; a text where it is none."""


@fields_speak
class FailedEventPage(TypedDict):
    """Events that failed."""

    items: list[FailedEventListed]
    unavailable: list[str]
    """Services that did not answer."""
    next: Id | None
    """What the next page begins ``after``; only where one ``service`` was asked for."""


class Redriven(TypedDict):
    """How many events are on their way once more."""

    redriven: int


@fields_speak
class Replayed(TypedDict):
    """What was sent once more."""

    sent: int
    replay_id: str | None
    """Goes with ``next`` into the request that continues."""
    kept_since: Moment | None
    """From when on events are kept, where what was asked for reaches further back."""
    next: int | None
    """What the next request goes on ``after``; null at the end."""


@fields_speak
class Interrupted(TypedDict):
    """The last line of an answer that could not be finished, for the status is out by then."""

    error: str
    """A problem's ``code``."""
    detail: str


class ToldAgain(TypedDict):
    """A page of records that was told once more."""

    type: str
    sent: int


@fields_speak
class AuditDifference(TypedDict):
    """A record of which two services say different things."""

    audit: str
    owner_service: str
    service: str
    id: str
    problem: Literal["missing", "extra", "different"]
    owner: dict[str, Any] | None
    """What its owner says; null where it has no such record."""
    follower: dict[str, Any] | None
    mending: NotRequired[str]
    """What was done about it; empty where a person has to look."""


@fields_speak
class AuditEnd(TypedDict):
    """The last line: how many records differ."""

    differences: int
    unavailable: list[str]
    """Services that did not answer and were not compared."""


FAILED_EVENT: dict[str, Any] = {
    "event_id": EXAMPLE_EVENT_ID,
    "type": "contract.signed",
    "subject": EXAMPLE_ID,
    "correlation_id": "01936f3a-7c00-7000-8000-0000000000bb",
    "state": "parked",
    "attempts": 6,
    "error": "ValueError: no such customer",
    "failed_at": EXAMPLE_TIME,
    "note": None,
    "noted_by": None,
}
BUS_STATE: dict[str, Any] = {
    "services": [
        {
            "service": "finance",
            "outbox": {"waiting": 0, "lag_seconds": 0.0, "last_sequence": 412},
            "failed": {"retrying": 0, "parked": 1, "redriven": 0, "discarded": 0},
            "queues": [{"name": "finance.inbox", "messages": 0, "consumers": 1}],
            "listens": [{"source": "contract", "type": "contract.signed"}],
            "restates": ["receivable.created"],
            "copies": ["customer"],
            "audits": [{"kind": "receivables", "owner": "contract", "restated_by": [], "copy": False}],
        },
        {"service": "sales", "unavailable": True},
    ]
}
DIFFERENCE = {
    "audit": "customers",
    "owner_service": "customer",
    "service": "finance",
    "id": EXAMPLE_ID,
    "problem": "missing",
    "owner": {"name": "北京星辰科技有限公司"},
    "follower": None,
}
END = {"differences": 1, "unavailable": []}
