"""The history of records: nothing to call, and nothing to forget (CU-23, GW-61)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from helpers import ALL, a_book, at_once, clients, scalar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library.model import Book
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from servicekit import Conflict, Invalid, NotFound
from servicekit.base.context import Context, enter
from servicekit.nouns.history import Change
from servicekit.testing import RunningService
from servicekit.testing_callers import caller


def history(service: RunningService, who: Any, book: Any, **query: str) -> list[dict[str, Any]]:
    """Return what happened to a book."""
    found: list[dict[str, Any]] = service.call("list_book_history", who, book_id=book["id"], query=query)[
        "items"
    ]
    return found


def test_creating_tells_the_whole_record_as_new(service: RunningService) -> None:
    who = caller(*ALL)
    book = a_book(service, who, {"client_address": "203.0.113.7"}, price="12", remark="旧")
    (entry,) = history(service, who, book)
    assert entry["kind"] == "created"
    assert entry["operation"] == "add_book"
    assert entry["actor_id"] == str(who.account_id)
    assert entry["address"] == "203.0.113.7"
    assert entry["changes"] == {
        "number": [None, book["number"]],
        "owner_id": [None, str(who.account_id)],
        "title": [None, "红楼梦"],
        "price": [None, "12.00"],
        "pages": [None, 0],
        "remark": [None, "旧"],
        "lent": [None, False],
    }


def test_a_change_tells_old_and_new_as_the_answers_show_them(service: RunningService) -> None:
    who = caller(*ALL)
    book = a_book(service, who, price="12", published_on="2001-02-03")
    service.call("update_book", who, book_id=book["id"], data={"price": "7.5", "title": "红楼梦"})
    service.call("update_book", who, book_id=book["id"], data={"published_on": None})
    service.call("lend_book", who, book_id=book["id"])
    assert [
        (entry["operation"], entry["record_version"], entry["changes"])
        for entry in history(service, who, book)
    ][:-1] == [
        ("lend_book", 4, {"lent": [False, True]}),
        ("update_book", 3, {"published_on": ["2001-02-03", None]}),
        ("update_book", 2, {"price": ["12.00", "7.50"]}),
    ]
    assert [entry["operation"] for entry in history(service, who, book, **{"filter[field]": "price"})] == [
        "update_book",
        "add_book",
    ]


def test_what_is_not_told_of_a_book_is_in_no_history(service: RunningService) -> None:
    """Whoever may not look at the book is told of no history either; nobody finds changes by what is not shown."""
    who = caller(*ALL)
    book = a_book(service, who)
    with pytest.raises(NotFound):
        history(service, caller("book.read"), book)
    with pytest.raises(NotFound):
        service.call("list_book_history", who, book_id=str(uuid4()), query={})
    for query in ({"filter[field]": "donor_id"}, {"filter[field][in]": 'price,"donor_id"'}):
        with pytest.raises(Invalid, match="invalid-query"):
            history(service, who, book, **query)


def test_a_history_goes_on_page_by_page(service: RunningService) -> None:
    who, other = caller(*ALL), caller("book.read:all", "book.write:all")
    book = a_book(service, who)
    for pages in range(1, 6):
        service.call("update_book", other, book_id=book["id"], data={"pages": pages})
    seen: list[Any] = []
    query = {"limit": "2", "filter[actor_id]": str(other.account_id)}
    while True:
        page = service.call("list_book_history", who, book_id=book["id"], query=query)
        seen += [entry["changes"]["pages"] for entry in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [[4, 5], [3, 4], [2, 3], [1, 2], [0, 1]]


def test_what_an_operation_of_several_records_changes_is_told_of_each(service: RunningService) -> None:
    who = caller(*ALL)
    loan = service.call(
        "begin_loan", who, data={"book_id": a_book(service, who)["id"], "due_on": "2026-12-24"}
    )
    with service.database.sessions() as session:
        book = session.scalars(select(Book).where(Book.number == loan["id"])).one()
    (entry,) = history(service, who, {"id": str(book.id)})
    assert (entry["operation"], entry["changes"]["title"]) == ("begin_loan", [None, "借条"])


def test_what_was_refused_or_rolled_back_is_in_no_history(service: RunningService) -> None:
    who = caller(*ALL)
    book = a_book(service, who)
    service.call("lend_book", who, book_id=book["id"])
    with pytest.raises(Conflict):
        service.call("lend_book", who, book_id=book["id"])
    with pytest.raises(Invalid):
        service.call("begin_loan", who, data={"book_id": str(uuid4()), "due_on": "2026-12-24"})
    assert scalar(service, select(func.count()).select_from(Change)) == 2


def test_two_changes_at_once_tell_what_each_of_them_found(service: RunningService) -> None:
    who = caller(*ALL)
    book = a_book(service, who)
    with clients(service, 2) as asking:
        at_once(
            [
                lambda client=client: client.call("add_pages", who, book_id=book["id"], data={"pages": 1})
                for client in asking
            ]
        )
    told = [entry["changes"]["pages"] for entry in history(service, who, book)]
    assert told == [[1, 2], [0, 1], [None, 0]]


def test_a_deleted_book_has_its_history_for_whoever_saw_it(service: RunningService) -> None:
    who = caller(*ALL)
    book = a_book(service, who)

    def delete(session: Any) -> None:
        session.delete(session.get_one(Book, UUID(book["id"])))

    service.database.transact(delete)
    entry = history(service, who, book)[0]
    assert (entry["kind"], entry["changes"]["title"]) == ("deleted", ["红楼梦", None])
    assert history(service, caller("book.read:all"), book)
    with pytest.raises(NotFound):
        history(service, caller("book.read"), book)


def test_what_an_event_changes_is_told_with_the_event(service: RunningService) -> None:
    """Whatever commits writes the history: a handler, a timer, a job."""
    book = a_book(service, who := caller(*ALL))
    enter(Context(operation="reader.changed", actor_id=who.account_id))
    service.database.transact(lambda session: setattr(session.get_one(Book, UUID(book["id"])), "pages", 7))
    entry = history(service, who, book)[0]
    assert (entry["operation"], entry["address"], entry["changes"]) == (
        "reader.changed",
        None,
        {"pages": [0, 7]},
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE change SET noun = 'x'", "DELETE FROM change", "TRUNCATE change"]
)
@pytest.mark.parametrize("table", ["change", "change_link"])
def test_nobody_changes_or_deletes_a_history(service: RunningService, table: str, statement: str) -> None:
    a_book(service)
    words = statement.replace("change", table).replace("noun = 'x'", "position = 0")
    with pytest.raises(DBAPIError, match="only grows"), service.database.sessions.begin() as session:
        session.execute(text(words))


LETTERS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
STEPS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "title": LETTERS.map("书".__add__),
            "price": st.decimals(0, 9999, places=2).map(str),
            "pages": st.integers(0, 9999),
            "remark": st.none() | LETTERS.map("注".__add__),
            "published_on": st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(str),
        },
    ),
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_history_leads_from_nothing_to_what_the_book_is(
    service: RunningService, steps: list[Any]
) -> None:
    who = caller(*ALL)
    book = a_book(service, who)
    for step in steps:
        book = service.call("update_book", who, book_id=book["id"], data=step)
    told: dict[str, Any] = {}
    for entry in reversed(history(service, who, book)):
        for name, (old, new) in entry["changes"].items():
            assert told.get(name) == old
            told[name] = new
    kept = {"id", "version", "created_at", "updated_at", "can"}
    assert {name: value for name, value in told.items() if value is not None} == {
        name: value for name, value in book.items() if name not in kept and value is not None
    }
