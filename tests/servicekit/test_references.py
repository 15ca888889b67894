"""Whom and what a request may name: accounts, and records of other services (M-22)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from servicekit import Caller, Conflict, Invalid, new_id, utcnow
from servicekit.base.ids import made_at
from servicekit.nouns.references import NEWS_MAY_TAKE
from servicekit.testing import RunningService
from servicekit.testing_callers import caller

COPY = {"mark": "abc", "shelf": 1000, "weight": "6", "language": "zh"}
ORDER: dict[str, Any] = {"supplier": "shop@example.com", "budget": "30000", "copies": [COPY]}


def aged(age: timedelta) -> UUID:
    """Return an id that was made so long ago."""
    then = int((utcnow() - age).timestamp() * 1000)
    return UUID(int=(then << 80) | (new_id().int & ((1 << 80) - 1)))


def tell_of_reader(service: RunningService, reader_id: Any, **values: Any) -> None:
    """Tell the service of a reader."""
    service.deliver_and_wait(
        "readers", "reader.changed", {"reader_id": reader_id, "name": "李雷", "version": 1, **values}
    )


def reserve(service: RunningService, who: Caller, reader_id: Any) -> Any:
    """Keep a book for a reader."""
    return service.call("reserve", who, data={"reader_id": reader_id})["reader_id"]


def refused(asked: Callable[[], Any], kind: type[Exception] = Invalid) -> tuple[str, list[str]]:
    """Return the code and the fields with which a request is refused."""
    with pytest.raises(kind) as error:
        asked()
    return error.value.code, [entry["field"] for entry in error.value.errors]  # type: ignore[attr-defined]


def test_an_account_that_is_named_exists_and_is_active(service: RunningService) -> None:
    """M-22."""
    me = caller("book.write:all")
    for code, owner_id in (
        ("unknown-account", new_id()),
        ("account-left", str(service.employ(active=False))),
    ):
        data = {"title": "红楼梦", "owner_id": owner_id}
        assert refused(partial(service.call, "add_book", me, data=data)) == (code, ["owner_id"])
    owner_id = str(service.employ())
    assert (
        service.call("add_book", me, data={"title": "红楼梦", "owner_id": owner_id})["owner_id"] == owner_id
    )


def test_nothing_is_handed_to_a_program_but_by_itself(service: RunningService) -> None:
    """M-22: it signs nothing and looks after nothing that somebody gave it."""
    program = caller("book.write", account_id=service.employ(kind="service"))
    data = {"title": "红楼梦", "owner_id": str(program.account_id)}
    asked = partial(service.call, "add_book", caller("book.write:all"), data=data)
    assert refused(asked) == ("unknown-account", ["owner_id"])
    assert service.call("add_book", program, data=data)["owner_id"] == data["owner_id"]


def test_whoever_asks_may_name_themselves_before_the_news_of_them_has_come(service: RunningService) -> None:
    """M-22."""
    me = caller("book.write")
    book = service.call("add_book", me, data={"title": "红楼梦", "owner_id": me.account_id})
    assert book["owner_id"] == str(me.account_id)


def test_accounts_in_parts_and_lists_are_seen_too(service: RunningService) -> None:
    """M-22."""
    me, known = caller("book.write"), str(service.employ())
    copies = [{**COPY, "unpacked_by": known}, {**COPY, "unpacked_by": new_id()}]
    asked = {**ORDER, "copies": copies, "told": [known, uuid4(), me.account_id]}
    assert refused(lambda: service.call("order_books", me, data=asked)) == (
        "unknown-account",
        ["copies.1.unpacked_by", "told.1"],
    )
    asked = {**ORDER, "copies": copies[:1], "told": [known]}
    assert service.call("order_books", me, data=asked)["told"] == [known]


def test_an_id_tells_when_it_was_made() -> None:
    day = timedelta(days=1)
    made = made_at(aged(day))
    assert made is not None and abs(made - (utcnow() - day)) < timedelta(minutes=1)
    assert made_at(uuid4()) is None


def test_a_record_that_has_not_been_heard_of_is_taken_only_while_the_news_may_be_on_its_way(
    service: RunningService,
) -> None:
    """M-22."""
    me, fresh = caller("book.lend", "reader.read"), new_id()
    assert reserve(service, me, fresh) == str(fresh)
    for unknown in (uuid4(), aged(NEWS_MAY_TAKE * 2), aged(-NEWS_MAY_TAKE), UUID(int=0)):
        assert refused(partial(reserve, service, me, unknown)) == (
            "unknown-reader",
            ["reader_id"],
        )


def test_a_record_that_the_caller_may_not_see_is_as_unknown_as_none(service: RunningService) -> None:
    """M-22."""
    mine, foreign, of_nobody = new_id(), new_id(), new_id()
    me = caller("book.lend", "reader.read")
    tell_of_reader(service, mine, owner_id=me.account_id)
    tell_of_reader(service, foreign, owner_id=new_id())
    tell_of_reader(service, of_nobody)
    assert [reserve(service, me, reader) for reader in (mine, of_nobody)] == [str(mine), str(of_nobody)]
    code = ("unknown-reader", ["reader_id"])
    assert refused(lambda: reserve(service, me, foreign)) == code
    assert refused(lambda: reserve(service, caller("book.lend:all"), foreign)) == code
    assert reserve(service, caller("book.lend", "reader.read:all"), foreign) == str(foreign)


def test_a_record_that_is_out_of_use_is_named_no_more(service: RunningService) -> None:
    """M-22."""
    me, reader_id = caller("book.lend", "reader.read"), new_id()
    tell_of_reader(service, reader_id, owner_id=me.account_id)
    tell_of_reader(service, reader_id, owner_id=me.account_id, active=False, version=2)
    tell_of_reader(service, reader_id, owner_id=me.account_id, version=1)
    answer = refused(lambda: reserve(service, me, reader_id), Conflict)
    assert answer == ("reader-invalid", ["reader_id"])


def test_the_record_that_lives_on_is_judged_and_linked_instead_of_one_that_was_merged(
    service: RunningService,
) -> None:
    """M-22, M-23."""
    me, gone, between, kept = caller("book.lend", "reader.read"), new_id(), new_id(), new_id()
    tell_of_reader(service, gone, owner_id=me.account_id)
    for old, new in ((between, kept), (gone, between)):
        service.deliver_and_wait("readers", "reader.merged", {"reader_id": old, "kept_reader_id": new})
    assert reserve(service, me, gone) == str(kept)
    tell_of_reader(service, kept, owner_id=new_id())
    assert refused(lambda: reserve(service, me, gone)) == ("unknown-reader", ["reader_id"])
