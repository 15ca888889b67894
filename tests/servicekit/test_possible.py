"""What the caller may do with a record now: `can`, made by the judges that refuse the operations themselves."""

from typing import Any

import pytest
from library.model import Book
from library.operations import LibraryOperations
from library.schemas import BookSchema
from library.service import LibraryService
from sqlalchemy import event

from servicekit import Caller, Conflict, allows, in_states, load, new_id, operation
from servicekit.nouns.declarations import operations_of
from servicekit.nouns.possible import GUARD, offered
from servicekit.nouns.views import View
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_possible import House, Trials, disagreements, looks
from tests.servicekit.helpers import ALL, a_book

LEND_WHAT_IS_IN = {"update_book": {"data": {"pages": 3}}, "add_pages": {"data": {"pages": 1}}}


class Parcel:
    def __init__(self, status: str) -> None:
        self.status = status

    @in_states("packed", code={"sent": "parcel-sent", "lost": "parcel-lost"})
    def send(self) -> None:
        """It leaves the house."""
        self.status = "sent"


@pytest.mark.parametrize(("status", "code"), [("sent", "parcel-sent"), ("lost", "parcel-lost")])
def test_a_step_is_refused_in_each_other_state_with_its_own_code(status: str, code: str) -> None:
    """(W-2)"""
    parcel = Parcel(status)
    with pytest.raises(Conflict) as refused:
        parcel.send()
    assert (refused.value.code, parcel.status) == (code, status)
    assert not allows(Parcel.send, parcel)


def test_a_view_is_judged_like_its_record() -> None:
    """(W-2) What is only read is no entity."""
    assert allows(Parcel.send, View({"status": "packed"})) and not allows(
        Parcel.send, View({"status": "sent"})
    )
    assert allows(Book.lend, View({"lent": False})) and not allows(Book.lend, View({"lent": True}))


def test_only_operations_below_its_address_are_something_to_do_with_a_record() -> None:
    """(W-2) Reads are not among them, nor is what is done elsewhere; its creation tells what comes next."""
    found = offered(operations_of(LibraryService))
    assert found.keys() == {"get_book", "add_book", "update_book", "lend_book", "add_pages"}
    assert all(list(each.below) == ["add_pages", "lend_book", "update_book"] for each in found.values())
    assert {each.reading for each in found.values()} == {"book.read"}


def test_an_operation_names_a_step_that_says_when_it_may_be_taken() -> None:
    """(W-2) Without a guard `can` would name it in every state."""
    with pytest.raises(TypeError, match="has no guard"):
        operation("POST /v1/books/{book_id}/burn", does=Book.touch)


def test_one_schema_shows_records_of_one_kind() -> None:
    """(W-2) Otherwise an answer could not tell whose operations it names."""

    class Shelves(LibraryOperations):
        @operation("GET /v1/shelves/{shelf_id}", returns=BookSchema)
        def get_shelf(self, session: Any, caller: Any, shelf_id: Any) -> Any:
            """Return a shelf."""

        @operation("DELETE /v1/shelves/{shelf_id}")
        def delete_shelf(self, session: Any, caller: Any, shelf_id: Any) -> None:
            """Take a shelf away."""

    with pytest.raises(TypeError, match="records of two kinds"):
        offered(operations_of(Shelves))


def test_can_names_what_the_operations_let_the_caller_do(service: RunningService) -> None:
    """(W-2) With each permission in each scope, for the owner, a superior, a colleague and a stranger."""
    trials, book = tried_in_each_state(service)
    assert trials == [] and looks(service) == {"get_book"}
    assert book["can"] == ["add_pages", "update_book"]


def tried_in_each_state(service: RunningService) -> tuple[list[str], dict[str, Any]]:
    """Return what is found of a book that is in and of one that is out, and the latter."""
    house = House()
    house.move_in(service)
    owner = caller(*ALL, account_id=house.owner_id)
    book, trials = a_book(service, owner), Trials(service, "get_book", house)
    assert trials.untried == {"add_pages", "lend_book", "update_book"}
    found = trials.faults(book["id"], LEND_WHAT_IS_IN)
    lent = service.call("lend_book", owner, book_id=book["id"])
    found += trials.faults(book["id"], LEND_WHAT_IS_IN)
    assert trials.untried == set()
    return found, lent


def lent_in_any_state(book: Book) -> None:
    book.lent = True


setattr(lent_in_any_state, GUARD, getattr(Book.lend, GUARD))


FAULTS: dict[str, tuple[str, Any, str]] = {
    "a change that does not ask whether its caller may look": (
        "library.operations.load",
        lambda session, model, its_id, who, what: load(session, model, its_id, who, what, reading=what),
        "hidden, and nothing refuses it",
    ),
    "a change that asks nothing of its caller": (
        "library.operations.load", lambda session, model, its_id, *_of: session.get(model, its_id),
        "hidden, and nothing refuses it",
    ),
    "a change that asks for another permission": (
        "library.operations.load",
        lambda session, model, its_id, who, _what: load(session, model, its_id, who, "book.read"),
        "not in can, and nothing refuses it",
    ),
    "a change that is held to a narrower reach": (
        "servicekit.nouns.possible.refusal", lambda *_of: None, "in can, and permission-required refuses it",
    ),
    "a state that only the list of what can be done looks at": (
        "library.model.Book.lend", lent_in_any_state, "not in can, and nothing refuses it",
    ),
    "a state that only the operation looks at": (
        "servicekit.nouns.possible.allows", lambda *_of: True, "in can, and book-lent refuses it",
    ),
    "a version that nobody looks at": (
        "servicekit.nouns.reach.expect_version", lambda _record: None, "does not look at If-Match",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("where", "fault", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_each_kind_is_found(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, where: str, fault: Any, said: str
) -> None:
    """(W-2) By few callers in all states but one: the judge of the tests is judged."""
    monkeypatch.setattr(where, fault)
    found, _ = tried_in_each_state(service)
    assert any(said in each for each in found), found


def test_a_test_that_tries_operations_finds_what_can_says_too_much_and_too_little(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(W-2) The judge of the tests is judged."""
    owner = caller(*ALL)
    book = a_book(service, owner)
    asked = {"callers": [owner], "bodies": LEND_WHAT_IS_IN}
    monkeypatch.setattr("servicekit.nouns.possible.possible", lambda *_of: ["lend_book"])
    assert len(disagreements(service, "get_book", book["id"], **asked)) == 2
    service.call("lend_book", owner, book_id=book["id"])
    monkeypatch.setattr(
        "servicekit.nouns.possible.possible", lambda *_of: ["add_pages", "lend_book", "update_book"]
    )
    (fault,) = disagreements(service, "get_book", book["id"], **asked)
    assert "lend_book is in can, and book-lent refuses it" in fault


def test_a_look_asks_the_database_nothing_more_for_it(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(W-2) The directory tells once whether an owner is reached, for all operations of one scope."""
    house = House()
    house.move_in(service)
    book = a_book(service, caller(*ALL, account_id=house.owner_id))
    manager = Caller(
        account_id=new_id(), department_id=house.department_id, permissions=dict.fromkeys(ALL, "department")
    )
    asked: list[str] = []
    runtime = service.container.service_cls.runtime
    (bound,) = [each for each in service.container.extensions if isinstance(each, type(runtime))]
    engine = bound.database.autocommit_engine

    def note(*of: Any) -> None:
        if "directory_account" in of[2] or "FROM book" in of[2]:
            asked.append(of[2])

    event.listen(engine, "before_cursor_execute", note)
    can = service.call("get_book", manager, book_id=book["id"])["can"]
    with_it, asked[:] = list(asked), []
    monkeypatch.setattr("servicekit.nouns.carrying_out.possible", lambda *_of: [])
    service.call("get_book", manager, book_id=book["id"])
    event.remove(engine, "before_cursor_execute", note)
    assert can == ["add_pages", "lend_book", "update_book"] and len(asked) == 2 and with_it == asked
