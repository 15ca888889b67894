"""The library service."""

from collections.abc import Mapping
from typing import ClassVar

from eventlet import sleep
from library.model import Round
from library.operations import LibraryOperations
from library.readers import ReaderHandlers
from sqlalchemy.orm import Session

from servicekit import KEEP, SEE, Deed, Deeds, PlatformCopy, Service, every, utcnow


class LibraryService(LibraryOperations, ReaderHandlers, PlatformCopy, Service):
    """Owns books and loans.

    Operations: library.operations. Publishes: library.events. Listens to: readers, the directory, itself.
    """

    name = "library"
    permits: ClassVar[Mapping[str, Deeds]] = {
        "book": Deeds(("图书", "Books"), read=SEE, write=KEEP, lend=Deed(("借出", "Lend")))
    }

    @every(0.2)
    def make_the_rounds(self, session: Session) -> None:
        """Walk through the rooms at night; two watchmen must not meet."""
        walk = Round(began_at=utcnow())
        session.add(walk)
        sleep(0.05)
        walk.ended_at = utcnow()
