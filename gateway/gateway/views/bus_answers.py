"""What the operators' routes answer."""

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from gateway.described import EXAMPLE_EVENT_ID, EXAMPLE_ID, EXAMPLE_TIME, Id, Moment, called, fields_speak

ParkedState = Literal["retrying", "parked", "redriven", "discarded"]
PARKED_STATES = {
    "retrying": ("重试中", "Being tried again"),
    "parked": ("已搁置", "Parked"),
    "redriven": ("已重新处理", "Handled once more"),
    "discarded": ("已放弃", "Discarded"),
}
PROBLEMS = {
    "missing": ("缺少", "Missing"),
    "extra": ("多出", "Extra"),
    "different": ("内容不同", "Different"),
}


@fields_speak
class BusOutbox(TypedDict):
    """The events of a service that the broker does not have yet."""

    waiting: Annotated[int, called("待发送事件", "Events waiting")]
    lag_seconds: Annotated[float, called("最早一条已等待（秒）", "Oldest waits (seconds)")]
    last_sequence: Annotated[int, called("最新序号", "Last sequence")]
    relayed_by: Annotated[str | None, called("由谁发送", "Sent by")]
    """The process that sends them, by its host and number; null where none does at this moment."""


class BusFailures(TypedDict):
    """How many events a service failed to handle, by state."""

    retrying: Annotated[int, called("重试中", "Being tried again")]
    parked: Annotated[int, called("已搁置", "Parked")]
    redriven: Annotated[int, called("已重新处理", "Handled once more")]
    discarded: Annotated[int, called("已放弃", "Discarded")]


class BusQueue(TypedDict):
    """A queue of a service; the numbers are null where there is no such queue."""

    name: Annotated[str, called("队列", "Queue")]
    messages: Annotated[int | None, called("消息数", "Messages")]
    consumers: Annotated[int | None, called("消费者数", "Consumers")]


class BusListening(TypedDict):
    """An event type that a service listens to."""

    source: Annotated[str, called("来源服务", "Source")]
    type: Annotated[str, called("事件类型", "Event type")]


@fields_speak
class BusAudit(TypedDict):
    """A service's side in a comparison of records."""

    kind: Annotated[str, called("核对项", "Comparison")]
    owner: Annotated[str | None, called("以谁为准", "Compared with")]
    """The service whose records are compared with; null for the owner itself."""
    restated_by: Annotated[list[str], called("修复用的事件", "Mended by")]
    """Types of events that mend what differs."""
    copy: Annotated[bool, called("是副本", "Is a copy")]
    """Whether the rows are a copy, which can be dropped and told anew."""


class BusOfService(TypedDict):
    """A service's part of the bus; of one that does not answer only its name, and ``unavailable``.

    The stream of all events is told by whoever reads it, and null elsewhere.
    """

    service: Annotated[str, called("服务", "Service")]
    unavailable: NotRequired[Annotated[Literal[True], called("无应答", "Does not answer")]]
    outbox: NotRequired[Annotated[BusOutbox, called("发件箱", "Outbox")]]
    stream: NotRequired[Annotated[BusQueue | None, called("事件流", "Stream of events")]]
    failed: NotRequired[Annotated[BusFailures, called("处理失败的事件", "Failed events")]]
    queues: NotRequired[Annotated[list[BusQueue], called("队列列表", "Queues")]]
    listens: NotRequired[Annotated[list[BusListening], called("监听的事件", "Listens to")]]
    restates: NotRequired[Annotated[list[str], called("可重述的事件", "Tells anew")]]
    copies: NotRequired[Annotated[list[str], called("保存的副本", "Copies")]]
    audits: NotRequired[Annotated[list[BusAudit], called("参与的核对", "Comparisons")]]


class BusState(TypedDict):
    """The whole bus."""

    services: Annotated[list[BusOfService], called("各服务", "Services")]


@fields_speak
class FailedEvent(TypedDict):
    """An event that a service failed to handle."""

    event_id: Annotated[Id, called("事件标识", "Event")]
    type: Annotated[str, called("事件类型", "Event type")]
    subject: Annotated[Id | None, called("事件对象", "Subject")]
    correlation_id: Annotated[Id | None, called("所属流程", "Process")]
    state: Annotated[ParkedState, called("处理状态", "State", PARKED_STATES)]
    attempts: Annotated[int, called("尝试次数", "Attempts")]
    error: Annotated[str, called("错误", "Error")]
    failed_at: Annotated[Moment, called("失败时间", "Failed at")]
    note: Annotated[str | None, called("备注", "Note")]
    """Why it was given up."""
    noted_by: Annotated[str | None, called("备注人", "Noted by")]


class FailedEventListed(FailedEvent):
    """An event that failed, and the service that failed to handle it."""

    service: Annotated[str, called("服务", "Service")]


@fields_speak
class FailedEventShown(FailedEvent):
    """An event that failed, with what came."""

    body: Annotated[dict[str, Any] | str, called("事件内容", "Payload")]
    """The envelope as it came; a text where it is none."""


@fields_speak
class FailedEventPage(TypedDict):
    """Events that failed."""

    items: Annotated[list[FailedEventListed], called("记录", "Records")]
    unavailable: Annotated[list[str], called("无应答的服务", "Services that do not answer")]
    """Services that did not answer."""
    next: Annotated[Id | None, called("下一页", "Next page")]
    """What the next page begins ``after``; only where one ``service`` was asked for."""


class Redriven(TypedDict):
    """How many events are on their way once more."""

    redriven: Annotated[int, called("重新处理的事件数", "Events handled once more")]


@fields_speak
class Replayed(TypedDict):
    """What was sent once more."""

    sent: Annotated[int, called("已发送事件数", "Events sent")]
    replay_id: Annotated[str | None, called("重放标识", "Replay")]
    """Goes with ``next`` into the request that continues."""
    kept_since: Annotated[Moment | None, called("事件保存起始", "Kept since")]
    """From when on events are kept, where what was asked for reaches further back."""
    next: Annotated[int | None, called("继续位置", "Goes on after")]
    """What the next request goes on ``after``; null at the end."""


@fields_speak
class Interrupted(TypedDict):
    """The last line of an answer that could not be finished, for the status is out by then."""

    error: Annotated[str, called("错误代码", "Error code")]
    """A problem's ``code``."""
    detail: Annotated[str, called("错误说明", "What went wrong")]


class ToldAgain(TypedDict):
    """A page of records that was told once more."""

    type: Annotated[str, called("事件类型", "Event type")]
    sent: Annotated[int, called("已发送记录数", "Records sent")]


@fields_speak
class AuditDifference(TypedDict):
    """A record of which two services say different things."""

    audit: Annotated[str, called("核对项", "Comparison")]
    owner_service: Annotated[str, called("为准的服务", "Owner")]
    service: Annotated[str, called("不一致的服务", "Differs in")]
    id: Annotated[str, called("记录标识", "Record")]
    problem: Annotated[Literal["missing", "extra", "different"], called("问题", "Problem", PROBLEMS)]
    owner: Annotated[dict[str, Any] | None, called("为准的内容", "What its owner says")]
    """What its owner says; null where it has no such record."""
    follower: Annotated[dict[str, Any] | None, called("不一致的内容", "What it says")]
    mending: NotRequired[Annotated[str, called("修复情况", "Mending")]]
    """What was done about it; empty where a person has to look."""


@fields_speak
class AuditEnd(TypedDict):
    """The last line: how many records differ."""

    differences: Annotated[int, called("不一致记录数", "Differences")]
    unavailable: Annotated[list[str], called("无应答的服务", "Services that do not answer")]
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
            "outbox": {
                "waiting": 0,
                "lag_seconds": 0.0,
                "last_sequence": 412,
                "relayed_by": "kehu-finance-relay@node-1:42",
            },
            "stream": None,
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
