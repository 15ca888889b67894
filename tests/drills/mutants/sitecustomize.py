"""Takes one safeguard off a service process, named by KEHU_MUTANT: a drill must find what then goes wrong.

Python imports this module first where its folder stands on PYTHONPATH; only drills put it there. The product has no
switch for any of this.
"""

import importlib.util
import os
import sys
import time
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any


def claim_everything(inbox: Any) -> None:
    """The inbox lets every delivery through, known or not."""
    claim = inbox._claim
    inbox._claim = lambda *arguments: claim(*arguments) or True


def keep_the_latest(directory: Any) -> None:
    """A copy takes whatever comes last, also what is older than it has."""
    from sqlalchemy.dialects.postgresql import insert

    def store(session: Any, model: Any, values: dict[str, Any]) -> None:
        statement = insert(model).values(**values)
        taken = {name: statement.excluded[name] for name in values if name != "id"}
        session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=taken))

    directory.store_newer = store


def lead_always(lease: Any) -> None:
    """Every replica's relay believes that it is the one."""
    lease._lead = lambda _lease: True


def lead_for_ever(lease: Any) -> None:
    """A lead does not end while its session lives, and no session ends by being silent."""
    lease.LIMITS = ()


def never_too_late(rpc: Any) -> None:
    """A request is begun however long ago its caller has gone."""
    rpc.time = SimpleNamespace(time=lambda: 0.0)
    rpc.Context.seconds_left = lambda self, otherwise: otherwise


def believe_in_sending(module: Any) -> None:
    """The relay takes an event for delivered once it is written to the socket."""

    def publish(relay: Any, rows: Any, _lease: Any) -> None:
        channel = relay._open_channel()
        for row in rows:
            message = module.message_of(relay.service, row)
            module.publish(channel, message, module.events_exchange(relay.service).name, row.type)
        relay._connection.connection.frame_writer.flush()

    module.Relay._publish = publish


def acknowledge_first(eventing: Any) -> None:
    """An event is acknowledged before it is handled."""
    handle = eventing.EventConsumer._handle

    def early(consumer: Any, message: Any) -> None:
        consumer.consumer.ack(message)
        handle(consumer, message)

    eventing.EventConsumer._handle = early


def try_for_ever(eventing: Any) -> None:
    """What fails goes back to the queue at once, again and again."""

    def give_back(consumer: Any, message: Any, *_arguments: Any, **_more: Any) -> None:
        time.sleep(0.05)
        consumer.consumer.requeue(message)

    eventing.EventConsumer._settle_failure = give_back


MUTANTS = {
    "inbox-off": ("servicekit.messages.inbox", claim_everything),
    "versions-off": ("servicekit.nouns.directory", keep_the_latest),
    "leader-off": ("servicekit.base.lease", lead_always),
    "lease-off": ("servicekit.base.lease", lead_for_ever),
    "deadline-off": ("servicekit.rpc", never_too_late),
    "confirms-off": ("servicekit.messages.relay", believe_in_sending),
    "acknowledge-first": ("servicekit.messages.eventing", acknowledge_first),
    "parking-off": ("servicekit.messages.eventing", try_for_ever),
}


class AfterImport:
    """Lets a module be imported as usual, and then changes it."""

    def __init__(self, module: str, change: Callable[[Any], None]) -> None:
        self.module = module
        self.change = change

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> ModuleSpec | None:
        """Only the one module is ours."""
        if name != self.module:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None and spec.loader is not None
        execute = spec.loader.exec_module

        def execute_and_change(module: ModuleType) -> None:
            execute(module)
            self.change(module)

        spec.loader.exec_module = execute_and_change  # type: ignore[method-assign]
        return spec


if os.environ.get("KEHU_MUTANT"):
    sys.meta_path.insert(0, AfterImport(*MUTANTS[os.environ["KEHU_MUTANT"]]))
