"""What the broker knows of a service's history: how far its chain went, which no hand on the database can take back.

The queue ``<service>.history`` holds one message, the position and the digest of the newest link that was noted. A
history that ends before it, or has another digest there, was tampered with, or came back from a backup.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import amqp
import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from servicekit.base.database import Database
from servicekit.base.settings import Settings
from servicekit.messages import direct, topology
from servicekit.nouns.chain import Chain, Head, compare_with_note, head_of

log = structlog.get_logger("history")

NOTING = 3
"""The advisory lock under which a note is taken out and replaced."""
NOTED_EVERY = 10.0
"""Seconds between two notes, as long as there is something to note."""


class Keeper:
    """Lets the chain grow behind the history, and the broker know of it."""

    def __init__(self, service: str, database: Database, settings: Settings) -> None:
        self.service, self.database, self.settings = service, database, settings
        self.chain = Chain(database)
        self._noted: tuple[float, Head | None] = (0.0, None)

    def keep(self) -> None:
        """Add to the chain what has been committed, and note how far it goes."""
        head = self.chain.add()
        at, noted = self._noted
        if head is None or head.position == 0 or head == noted or time.monotonic() - at < NOTED_EVERY:
            return
        self._noted = (time.monotonic(), noted)
        if self.database.transact(self._note):
            self._noted = (time.monotonic(), head)

    def _note(self, session: Session) -> bool:
        """Note how far the chain goes, unless it contradicts what is noted: then a person has to look.

        By one process at a time: another one would find the queue empty, and take that for a first note.
        """
        if not session.scalar(select(func.pg_try_advisory_xact_lock(NOTING, 0))):
            return False
        with _note_of(self.settings, self.service) as note:
            if problems := compare_with_note(session, *note.text) if note.text else []:
                log.error("the history is not what it was", problems=problems)
                return False
            note.put(head_of(session))
        return True


def noted(settings: Settings, service: str) -> tuple[int, str] | None:
    """Return the position and the digest that the broker knows."""
    with _note_of(settings, service) as note:
        return note.text


def accept(session: Session, settings: Settings, service: str) -> Head:
    """Note how far the chain goes whatever was noted before, as after a restore."""
    session.execute(select(func.pg_advisory_xact_lock(NOTING, 0)))
    head = head_of(session)
    with _note_of(settings, service) as note:
        note.put(head)
    return head


class _Note:
    """The note, taken out of its queue; what is not replaced is put back as it was.

    Put back anew rather than given back, which a queue allows only so often.
    """

    def __init__(self, channel: Any, service: str) -> None:
        self.channel, self.service = channel, service
        self.queue = topology.history_queue(service).name
        self.message = channel.basic_get(self.queue)
        self.text = _read(self.message)
        self._done = False

    def put(self, head: Head) -> None:
        """Put a note into the queue, and throw the one before away."""
        self._put(f"{head.position} {head.digest.hex()}")

    def _put(self, text: str) -> None:
        message = amqp.Message(text, content_type="text/plain", delivery_mode=2)
        exchange = topology.direct_exchange(self.service).name
        self.channel.basic_publish_confirm(message, exchange, self.queue, confirm_timeout=5)
        if self.message is not None:
            self.channel.basic_ack(self.message.delivery_tag)
        self._done = True

    def keep(self) -> None:
        """Put it back if it was not replaced."""
        if not self._done and self.text is not None:
            self._put(f"{self.text[0]} {self.text[1]}")


def _read(message: Any) -> tuple[int, str] | None:
    if message is None:
        return None
    position, _, digest = str(message.body).partition(" ")
    return int(position), digest


@contextmanager
def _note_of(settings: Settings, service: str) -> Iterator[_Note]:
    with direct.channel_of(settings) as channel:
        note = _Note(channel, service)
        yield note
        note.keep()
