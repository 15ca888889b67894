"""The library with what operators need of it: books that can be restated, and an audit of two of its tables."""

from collections.abc import Iterator
from typing import Any

import pytest
from library.events import BookChanged
from library.model import Book, ReaderCopy
from library.readers import ReaderChanged
from library.service import LibraryService
from sqlalchemy import Select, select

from servicekit import audited, restates
from servicekit.operating.client import Console
from servicekit.testing import RunningService


class OperatedLibrary(LibraryService):
    """Plays both sides: every book is to be among the readers, under its title."""

    @restates(BookChanged)
    def restate_books(self) -> Select[Any]:
        """Return the books."""
        return select(Book)

    @restates(ReaderChanged, made_by=lambda b: ReaderChanged(reader_id=b.id, name=b.title, version=b.version))
    def restate_books_as_readers(self) -> Select[Any]:
        """Return the books, to be told of as readers."""
        return select(Book)

    @audited("book-names", restated_by=("reader.changed",))
    def audit_books(self) -> Select[Any]:
        """Return the books' titles."""
        return select(Book.id, Book.updated_at.label("changed_at"), Book.title.label("name"))

    @audited("book-names", owner="library", copy=ReaderCopy)
    def audit_readers(self) -> Select[Any]:
        """Return the readers' names."""
        return select(ReaderCopy.id, ReaderCopy.name)


@pytest.fixture(scope="module")
def operated(started: RunningService) -> Iterator[RunningService]:
    """The library of all tests, in this class for the tests of a module."""
    started.stop()
    started.service_class = OperatedLibrary
    started.start()
    yield started
    started.stop()
    started.service_class = LibraryService
    started.start()


@pytest.fixture
def service(operated: RunningService) -> RunningService:
    """The library with empty tables."""
    operated.clean()
    return operated


@pytest.fixture
def console(service: RunningService) -> Iterator[Console]:
    """The console of an operator."""
    client = Console(service.settings)
    yield client
    client.close()


__all__ = ["console", "operated", "service"]
