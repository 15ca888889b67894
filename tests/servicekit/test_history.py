"""The history of records: nothing to call, and nothing to forget (CU-23, GW-61)."""

from typing import Any

from helpers import ALL, a_book

from servicekit.testing import RunningService, caller


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
