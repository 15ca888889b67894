"""What each account may do on the broker, derived from what the services declare (decision record 20).

Exchanges and the stream belong to no account: they are made with the accounts, so that nobody can delete another's. A
service writes only to exchanges and queues of its own, and binds only the keys that it listens to.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from servicekit.base.settings import Settings
from servicekit.messages import topology

GATEWAY, OPERATOR = "gateway", "operator"
ANYTHING = ".*"
"""The keys that an account may publish with: which exchanges it may write to is what keeps it out."""


class Account(NamedTuple):
    """An account's rights: RabbitMQ's three patterns of names, and by exchange the keys it may bind."""

    configure: str
    write: str
    read: str
    keys: dict[str, str]


def service_account(service: str, listened: Iterable[tuple[str, str]], *, reads_feed: bool) -> Account:
    """Return the rights of a service.

    Args:
        listened: pairs of publishing service, or ``ANY``, and event type that it listens to.
        reads_feed: whether it reads the stream of all events.
    """
    heard: dict[str, set[str]] = {}
    for exchange, key in topology.bindings_of(service, listened):
        heard.setdefault(exchange, set()).add(key)
    own = rf"rpc-{service}|{service}\.(inbox|retry|presence|numbers|history)([.-].*)?"
    requests = [topology.RPC_EXCHANGE.name, topology.OPERATOR_EXCHANGE.name]
    keys = {
        requests[0]: rf"^{service}(\.\*)?$",
        requests[1]: rf"^{service}\.\*$",
    }
    for exchange, wanted in heard.items():
        if exchange != topology.direct_exchange(service).name:
            keys[exchange] = f"^({_any(sorted(wanted))})$"
    read = [*requests, *sorted(heard), *([topology.FEED] if reads_feed else [])]
    return Account(
        configure=f"^({own})$",
        write=rf"^({own}|{service}\.(events|direct|replies))$",
        read=rf"^({_any(read)}|{own}|{service}\.direct)$",
        keys=keys,
    )


def gateway_account(services: Iterable[str]) -> Account:
    """Return the rights of the gateway: it asks, reads the answers, and hears every event."""
    names = _either(services)
    return Account(
        configure=r"^gateway\..*$",
        write=rf"^({_any([topology.RPC_EXCHANGE.name])}|gateway\..*)$",
        read=rf"^({_any([topology.RPC_EXCHANGE.name])}|{names}\.(events|replies)|gateway\..*)$",
        keys={topology.RPC_EXCHANGE.name: r"^(reply\.|rpc\.reply-)"},  # The second is how it began before.
    )


def operator_account(services: Iterable[str]) -> Account:
    """Return the rights of the console ``kehu bus``: it asks by an exchange of its own, and reads the answers."""
    operator = _any([topology.OPERATOR_EXCHANGE.name])
    return Account(
        configure=r"^console\..*$",
        write=rf"^({operator}|console\..*)$",
        read=rf"^({_either(services)}\.replies|console\..*)$",
        keys={},
    )


def accounts(services: Mapping[str, tuple[Iterable[tuple[str, str]], bool]]) -> dict[str, Account]:
    """Return everybody's rights.

    Args:
        services: by name, what ``service_account`` takes.
    """
    made = {
        name: service_account(name, listened, reads_feed=reads)
        for name, (listened, reads) in services.items()
    }
    return made | {GATEWAY: gateway_account(services), OPERATOR: operator_account(services)}


def shared_exchanges(services: Iterable[str]) -> list[str]:
    """Return the topic exchanges that are made with the accounts."""
    own = [f"{name}.{kind}" for name in services for kind in ("events", "direct", "replies")]
    return [topology.RPC_EXCHANGE.name, topology.OPERATOR_EXCHANGE.name, topology.EVERYBODY.name, *own]


class Bound(NamedTuple):
    """A binding that is made with the accounts."""

    source: str
    destination: str
    kind: str
    key: str


def shared_bindings(services: Iterable[str]) -> list[Bound]:
    """Return what leads every service's events to the stream, and to whoever listens to any service."""
    services = list(services)
    everybody = topology.EVERYBODY.name
    return [
        *(Bound(topology.events_exchange(name).name, topology.FEED, "queue", "#") for name in services),
        *(
            Bound(source, everybody, "exchange", key)
            for name in services for source, key in topology.contributions_of(name)
        ),
    ]  # fmt: skip


def feed_arguments() -> dict[str, Any]:
    """Return the arguments of the stream as the settings' defaults have them."""
    fields = Settings.model_fields
    defaults = Settings.model_construct(
        feed_max_bytes=fields["feed_max_bytes"].default, feed_max_age=fields["feed_max_age"].default
    )
    return dict(topology.feed_queue(defaults).queue_arguments)


def definitions(everybody: Mapping[str, Account], services: Iterable[str]) -> dict[str, Any]:
    """Return rights, exchanges and stream as RabbitMQ imports them, for the virtual host ``/``; users are apart."""
    services = list(services)
    return {
        "permissions": [
            {
                "user": name, "vhost": "/",
                "configure": each.configure, "write": each.write, "read": each.read,
            }
            for name, each in everybody.items()
        ],
        "topic_permissions": [
            {"user": name, "vhost": "/", "exchange": exchange, "write": ANYTHING, "read": pattern}
            for name, each in everybody.items() for exchange, pattern in each.keys.items()
        ],
        "exchanges": [
            {
                "name": name, "vhost": "/", "type": "topic", "durable": True, "auto_delete": False,
                "internal": False, "arguments": {},
            }
            for name in shared_exchanges(services)
        ],
        "queues": [
            {
                "name": topology.FEED, "vhost": "/", "durable": True, "auto_delete": False,
                "arguments": feed_arguments(),
            }
        ],
        "bindings": [
            {
                "source": each.source, "vhost": "/", "destination": each.destination,
                "destination_type": each.kind, "routing_key": each.key, "arguments": {},
            }
            for each in shared_bindings(services)
        ],
    }  # fmt: skip


def _any(names: Iterable[str]) -> str:
    return "|".join(name.replace(".", r"\.") for name in names)


def _either(services: Iterable[str]) -> str:
    return f"({'|'.join(services)})"
