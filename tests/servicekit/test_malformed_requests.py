"""Requests that are none: each is answered, none of them harms the service."""

import time
from typing import Any
from uuid import uuid4

import orjson
import pytest
from kombu import Consumer, Producer, Queue

from servicekit import Invalid, NotFound
from servicekit.messages import topology
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, caller_header
from tests.servicekit.helpers import ALL, a_book


def send_raw(
    service: RunningService,
    body: bytes,
    operation: str = "add_book",
    headers: dict[str, Any] | None = None,
    **how: Any,
) -> dict[str, Any]:
    """Send any bytes as a request; return the reply."""
    who = {"nameko.caller": caller_header(caller(*ALL))}
    with service.connection.channel() as channel:
        reply_to = str(uuid4())
        queue = Queue(f"test.{reply_to}", topology.RPC_EXCHANGE, reply_to, exclusive=True, auto_delete=True)(
            channel
        )
        queue.declare()
        replies: list[Any] = []
        with Consumer(
            channel, [queue], on_message=lambda m: replies.append(orjson.loads(m.body)), no_ack=True
        ):
            Producer(channel).publish(
                body, exchange=topology.RPC_EXCHANGE.name, routing_key=f"library.{operation}", reply_to=reply_to,
                correlation_id=reply_to, headers={**who, **(headers or {})},
                **{"content_type": "application/json", "content_encoding": "utf-8", **how},
            )  # fmt: skip
            until = time.monotonic() + 10
            while not replies and time.monotonic() < until:
                try:
                    service.connection.drain_events(timeout=0.5)
                except TimeoutError:
                    pass
    assert replies, "no reply"
    return replies[0]


BODIES = {
    "no json": b"{not json",
    "nothing": b"",
    "a pickle": b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94.",
    "bytes that are no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b"1",
    "no arguments": b"{}",
    "no kwargs": b'{"args": []}',
    "positional": b'{"args": [1], "kwargs": {}}',
    "kwargs that are a list": b'{"args": [], "kwargs": []}',
    "deep nesting": b'{"args": [], "kwargs": {"data": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
    "lone surrogate": b'{"args": [], "kwargs": {"data": {"title": "\\ud800"}}}',
    "unknown argument": b'{"args": [], "kwargs": {"data": {"title": "a"}, "colour": 1}}',
    "our own argument": b'{"args": [], "kwargs": {"data": {"title": "a"}, "session": 1, "caller": 2}}',
    "NaN": b'{"args": [], "kwargs": {"data": {"title": "a", "pages": NaN}}}',
    "a huge number": b'{"args": [], "kwargs": {"data": {"title": "a", "pages": 1' + b"0" * 400 + b"}}}",
    "a big number": b'{"args": [], "kwargs": {"data": {"title": "a", "pages": 9999999999999999}}}',
    "a NUL": b'{"args": [], "kwargs": {"data": {"title": "a\\u0000b"}}}',
    "one MiB of text": b'{"args": [], "kwargs": {"data": {"title": "' + b"a" * 2**20 + b'"}}}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_malformed_request_is_answered_as_invalid(service: RunningService, body: bytes) -> None:
    reply = send_raw(service, body)
    assert reply["error"]["kind"] == "invalid", reply
    assert reply["error"]["code"] in {"malformed-request", "invalid-input"}
    assert service.published() == []


@pytest.mark.parametrize(
    "content_type", ["application/x-python-serialize", "text/plain", "application/x-unknown"]
)
def test_the_content_type_never_makes_the_service_unpickle(
    service: RunningService, content_type: str
) -> None:
    body = BODIES["a pickle"]
    assert (
        send_raw(service, body, content_type=content_type, content_encoding="binary")["error"]["kind"]
        == "invalid"
    )


HEADERS = {
    "correlation id": {"nameko.correlation_id": "nonsense"},
    "deadline": {"nameko.deadline": "tomorrow"},
    "no deadline at all": {"nameko.deadline": "nan"},
    "version": {"nameko.if_match": "abc"},
    "versions": {"nameko.if_match": "1,,3"},
    "a number for a text": {"nameko.correlation_id": 5},
    "a list for a text": {"nameko.idempotency_key": ["a"]},
    "key that cannot be stored": {"nameko.idempotency_key": "a\x00b"},
    "key without end": {"nameko.idempotency_key": "k" * 5000},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_a_malformed_header_is_answered_and_the_service_lives_on(
    service: RunningService, headers: dict[str, Any]
) -> None:
    reply = send_raw(service, b'{"args": [], "kwargs": {"data": {"title": "a"}}}', headers=headers)
    assert reply["error"]["kind"] == "invalid", reply
    assert a_book(service)["version"] == 1


def test_an_unknown_operation_is_told(service: RunningService) -> None:
    for name in ("burn_books", "", "__init__", "runtime", "follow_reader", "make_the_rounds"):
        reply = send_raw(service, b'{"args": [], "kwargs": {}}', name)
        assert (reply["error"]["kind"], reply["error"]["code"]) == ("invalid", "unknown-operation")


@pytest.mark.parametrize(
    "query", [[], "a", {"filter[title]": 5}, {"limit": 5}, {"sort": ["a"]}, {"cursor": None}]
)
def test_a_query_that_is_no_query_string_is_invalid(service: RunningService, query: Any) -> None:
    with pytest.raises(Invalid):
        service.call("list_books", caller("book.read"), query=query)


def test_the_query_of_an_operation_with_a_schema_is_checked(service: RunningService) -> None:
    me = caller("book.read")
    assert service.call("find", me, query={"text": "红"})["text"] == "红"
    for query in ({}, {"text": ""}, {"text": "a", "more": "b"}, [], "a"):
        with pytest.raises(Invalid) as refused:
            service.call("find", me, query=query)
        assert refused.value.code == "invalid-query"


def test_a_process_id_that_is_none_is_told(service: RunningService) -> None:
    with pytest.raises((Invalid, NotFound)):
        service.call("describe_process", caller(), correlation_id="nonsense")
