"""What each account must not be able to do on the broker: every attack with every service's own account (M-5)."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import amqp
import pytest
from amqp.exceptions import AccessRefused
from tests.accounts.conftest import Open, accounts

from servicekit.__main__ import service_class_of
from servicekit.messages import topology
from servicekit.messages.events import Event, Foreign, check_publisher
from servicekit.messages.inbox import handlers_of
from servicekit.messages.topology import ANY
from stack.places import SERVICES

Attack = Callable[[Any, str, str], object]
"""Gets a channel of the attacker, its name and its victim's."""


def publish(channel: Any, exchange: str, key: str, body: str = "{}", **properties: Any) -> None:
    """Publish and wait for the broker's word on it; a confirm comes after a refusal would."""
    channel.basic_publish_confirm(amqp.Message(body, **properties), exchange, key, confirm_timeout=10)


def own_queue(channel: Any, attacker: str, **arguments: Any) -> str:
    """Declare a queue under a name that the attacker may use, and return it."""
    name = f"{attacker}.inbox.{uuid4()}"
    channel.queue_declare(name, durable=False, exclusive=True, arguments=arguments)
    return name


def eavesdrop(channel: Any, attacker: str, exchange: str, key: str) -> None:
    """Bind a queue of one's own to what is meant for others."""
    channel.queue_bind(own_queue(channel, attacker), exchange, key)


ATTACKS: dict[str, Attack] = {
    "read every request, with passwords and tokens": lambda c, me, other: eavesdrop(c, me, "nameko-rpc", "#"),
    "read the sign-ins": lambda c, me, other: eavesdrop(c, me, "nameko-rpc", "*.issue_token"),
    "read another's requests": lambda c, me, other: eavesdrop(c, me, "nameko-rpc", f"{other}.*"),
    "read the operator's requests": lambda c, me, other: eavesdrop(c, me, "kehu.operator", "#"),
    "read through an exchange between": lambda c, me, other: c.exchange_bind(
        f"{me}.events", "nameko-rpc", "#"
    ),
    "read another's replies": lambda c, me, other: eavesdrop(c, me, f"{other}.replies", "#"),
    "read one's own replies to others' gateways": lambda c, me, other: eavesdrop(c, me, f"{me}.replies", "#"),
    "read all events of another": lambda c, me, other: eavesdrop(c, me, f"{other}.events", "#"),
    "read what another is told": lambda c, me, other: eavesdrop(c, me, f"{other}.direct", "#"),
    "take requests from another's queue": lambda c, me, other: c.basic_get(f"rpc-{other}"),
    "take events from another's inbox": lambda c, me, other: c.basic_consume(f"{other}.inbox"),
    "take events from another's retries": lambda c, me, other: c.basic_get(f"{other}.retry.1000"),
    "call an operation": lambda c, me, other: publish(c, "nameko-rpc", f"{other}.describe_process"),
    "call an operation as a caller of one's making": lambda c, me, other: publish(
        c, "nameko-rpc", "contract.list_contracts",
        application_headers={"nameko.caller": '{"account_id": "x", "permissions": {"*": "all"}}'},
    ),
    "call an operation of identity inside": lambda c, me, other: publish(
        c, "nameko-rpc", "identity.resolve_session"
    ),
    "call as the operator": lambda c, me, other: publish(c, "kehu.operator", f"{other}.empty_copies"),
    "call by a second key": lambda c, me, other: publish(
        c, "nameko-rpc", me, application_headers={"CC": [f"{other}.empty_copies"]}
    ),
    "call by dead-lettering": lambda c, me, other: own_queue(
        c, me, **{"x-dead-letter-exchange": "nameko-rpc", "x-dead-letter-routing-key": f"{other}.empty_copies"}
    ),
    "call past the exchanges": lambda c, me, other: publish(c, "", f"rpc-{other}"),
    "put an event into another's inbox": lambda c, me, other: publish(c, "", f"{other}.inbox"),
    "put an event there by dead-lettering": lambda c, me, other: own_queue(
        c, me, **{"x-dead-letter-exchange": "", "x-dead-letter-routing-key": f"{other}.inbox"}
    ),
    "put an event there through its own exchange": lambda c, me, other: publish(
        c, f"{other}.direct", f"{other}.inbox"
    ),
    "publish another's event": lambda c, me, other: publish(c, f"{other}.events", "contract.signed"),
    "publish into the stream": lambda c, me, other: publish(c, "", "kehu.feed"),
    "reply in another's name": lambda c, me, other: publish(c, f"{other}.replies", "reply.any"),
    "reply where the gateway was asked before": lambda c, me, other: publish(c, "nameko-rpc", "reply.any"),
    "pose as another's queue of requests": lambda c, me, other: c.queue_declare(
        f"rpc-{other}-2", durable=True, auto_delete=False
    ),
    "delete another's queue of requests": lambda c, me, other: c.queue_delete(f"rpc-{other}"),
    "delete another's inbox": lambda c, me, other: c.queue_delete(f"{other}.inbox"),
    "empty another's inbox": lambda c, me, other: c.queue_purge(f"{other}.inbox"),
    "unbind another's inbox": lambda c, me, other: c.queue_unbind(
        f"{other}.inbox", "identity.events", "account.changed"
    ),
    "delete the stream": lambda c, me, other: c.queue_delete("kehu.feed"),
    "publish to whoever listens to any": lambda c, me, other: publish(c, "kehu.events", "contract.signed"),
    "delete the exchange of all events": lambda c, me, other: c.exchange_delete("kehu.events"),
    "unbind another from all events": lambda c, me, other: c.exchange_unbind("kehu.events", f"{other}.events", "#"),
    "hear all events": lambda c, me, other: c.queue_bind(f"{me}.inbox", "kehu.events", "#"),
    "unbind the stream": lambda c, me, other: c.queue_unbind("kehu.feed", f"{other}.events", "#"),
    "unbind the stream from oneself": lambda c, me, other: c.queue_unbind("kehu.feed", f"{me}.events", "#"),
    "delete the exchange of requests": lambda c, me, other: c.exchange_delete("nameko-rpc"),
    "delete another's exchange": lambda c, me, other: c.exchange_delete(f"{other}.events"),
    "declare an exchange that passes on what none takes": lambda c, me, other: c.exchange_declare(
        f"{me}.inbox.x", "topic", auto_delete=True, arguments={"alternate-exchange": f"{other}.replies"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("attacker", SERVICES)
def test_no_service_gets_at_what_is_not_its_own(account: Open, attacker: str) -> None:
    """Each attack on each other service, on a channel of its own: a refusal closes it."""
    channel = account(attacker)
    succeeded = [
        f"{what} ({victim})"
        for what, attack in ATTACKS.items() for victim in SERVICES if victim != attacker
        if not refused(channel.connection, attack, attacker, victim)
    ]  # fmt: skip
    assert succeeded == []


def refused(connection: Any, attack: Attack, attacker: str, victim: str) -> bool:
    """Whether the broker refuses an attack, at once or as soon as it is asked for something else."""
    channel = connection.channel()
    try:
        attack(channel, attacker, victim)
        channel.queue_declare("kehu.feed", passive=True)
    except AccessRefused:
        return True
    channel.close()
    return False


@pytest.mark.parametrize("hearer", SERVICES)
def test_no_service_is_believed_an_event_of_another(account: Open, hearer: str) -> None:
    """By every key that a service may publish and somebody hears, with every foreign type in the body."""
    heard = [
        (event, source)
        for _, _, event in handlers_of(service_class_of(hearer)).values()
        for source in (SERVICES if event.source == ANY else [event.source])
    ]
    believed, tried = [], 0
    for attacker in {source for _, source in heard} - {hearer}:
        hearing, attacking = account(hearer), account(attacker)
        queue = own_queue(hearing, hearer)
        ways = [(f"{attacker}.events", event.type) for event, source in heard if source == attacker]
        bound = [(ANY_EVENTS, event.type) for event, source in heard if event.source == ANY]
        if any(event.source == attacker for event, _ in heard):
            ways.append((f"{attacker}.direct", f"{hearer}.inbox"))
            bound += [way for way in ways if (ANY_EVENTS, way[1]) not in bound]
        for exchange, key in bound:
            hearing.queue_bind(queue, exchange, key)
        for event, source in heard:
            for exchange, key in ways:
                publish(attacking, exchange, key, body_of(event, source), application_headers=IN_DISGUISE)
                tried += 1
                if is_believed(hearing, hearer, queue, event) != (source == attacker):
                    believed.append(f"{event.type} by {exchange} as {key}")
    assert believed == []
    assert tried > len(heard)


ANY_EVENTS = "kehu.events"
IN_DISGUISE = {topology.CAME_BY_HEADER: "identity.events", "x-attempts": 1, "x-redriven": True}
"""What a consumer notes on an event that it sends itself once more."""


def body_of(event: type[Event], source: str) -> str:
    """Return an event just as a service would publish it, as far as it is judged by that."""
    ids = {name: str(uuid4()) for name in ("id", "subject", "correlationid")}
    return json.dumps({**ids, "source": f"/kehu/{source}", "type": event.type, "data": {}})


def is_believed(channel: Any, hearer: str, queue: str, event: type[Event]) -> bool:
    """Take the message that has come, and judge it as the service does."""
    message = channel.basic_get(queue, no_ack=True)
    own = topology.direct_exchange(hearer).name
    try:
        check_publisher(event, json.loads(message.body), topology.came_by(own, message), own)
    except Foreign:
        return False
    return True


@pytest.mark.parametrize("reader", [name for name in SERVICES if name != "identity"])
def test_only_identity_reads_the_stream_of_all_events(account: Open, reader: str) -> None:
    """It makes the webhooks of it."""
    with pytest.raises(AccessRefused):
        account(reader).basic_consume("kehu.feed", arguments={"x-stream-offset": "first"})


GATEWAY: dict[str, Attack] = {
    "look after the bus": lambda c, me, other: publish(c, "kehu.operator", f"{other}.empty_copies"),
    "publish an event": lambda c, me, other: publish(c, f"{other}.events", "contract.signed"),
    "put an event into an inbox": lambda c, me, other: publish(c, "", f"{other}.inbox"),
    "reply in a service's name": lambda c, me, other: publish(c, f"{other}.replies", "reply.any"),
    "take requests": lambda c, me, other: c.basic_get(f"rpc-{other}"),
    "take events": lambda c, me, other: c.basic_get(f"{other}.inbox"),
    "read requests": lambda c, me, other: c.queue_bind(
        c.queue_declare("gateway.x", exclusive=True).queue, "nameko-rpc", "#"
    ),
    "delete an inbox": lambda c, me, other: c.queue_delete(f"{other}.inbox"),
    "delete an exchange": lambda c, me, other: c.exchange_delete(f"{other}.events"),
}


@pytest.mark.parametrize("what", GATEWAY)
def test_the_gateway_only_asks_and_hears(account: Open, what: str) -> None:
    connection = account("gateway").connection
    assert all(refused(connection, GATEWAY[what], "gateway", service) for service in SERVICES)


def test_the_operator_calls_by_no_other_exchange_and_reads_no_queue(account: Open) -> None:
    connection = account("operator").connection
    for service in SERVICES:
        assert refused(connection, lambda c, me, other: publish(c, "nameko-rpc", f"{other}.x"), "", service)
        assert refused(connection, lambda c, me, other: c.basic_get(f"{other}.inbox"), "", service)
        assert refused(connection, lambda c, me, other: publish(c, "", f"{other}.inbox"), "", service)


def test_there_is_no_account_beyond_those_that_are_attacked_with() -> None:
    assert set(accounts()) == {*SERVICES, "gateway", "operator"}


def bind_and_unbind(channel: Any, me: str, exchange: str, key: str) -> None:
    queue = own_queue(channel, me)
    channel.queue_bind(queue, exchange, key)
    channel.queue_unbind(queue, exchange, key)


def declare_and_delete_an_exchange(channel: Any, me: str) -> None:
    channel.exchange_declare(f"{me}.inbox.x", "topic", auto_delete=True)
    channel.exchange_delete(f"{me}.inbox.x")


OWN: dict[str, Attack] = {
    "publish an event": lambda c, me, _: publish(c, f"{me}.events", "contract.signed"),
    "reply": lambda c, me, _: publish(c, f"{me}.replies", "reply.any"),
    "put an event into the inbox": lambda c, me, _: publish(c, f"{me}.direct", f"{me}.inbox"),
    "put one there by dead-lettering": lambda c, me, _: own_queue(
        c, me, **{"x-dead-letter-exchange": f"{me}.direct", "x-dead-letter-routing-key": f"{me}.inbox"}
    ),
    "take requests": lambda c, me, _: bind_and_unbind(c, me, "nameko-rpc", f"{me}.*"),
    "be present": lambda c, me, _: bind_and_unbind(c, me, "nameko-rpc", me),
    "take the operator's requests": lambda c, me, _: bind_and_unbind(c, me, "kehu.operator", f"{me}.*"),
    "declare an exchange": lambda c, me, _: declare_and_delete_an_exchange(c, me),
    "empty a queue": lambda c, me, _: c.queue_purge(own_queue(c, me)),
    "read a queue": lambda c, me, _: c.basic_consume(own_queue(c, me)),
    "delete a queue": lambda c, me, _: c.queue_delete(own_queue(c, me)),
}  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_the_same_things_are_allowed_with_what_is_its_own(account: Open, service: str) -> None:
    """Or the refusals above would say nothing."""
    connection = account(service).connection
    assert [what for what, attempt in OWN.items() if refused(connection, attempt, service, service)] == []
