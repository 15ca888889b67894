"""Operations: validation, errors, deadlines, transactions."""

import time
from typing import Any

import nameko
import pytest
from library.model import Book
from library.operations import GATE
from nameko.exceptions import RemoteError
from nameko.standalone.rpc import ServiceRpcClient
from sqlalchemy import func, select

from servicekit import Conflict, Forbidden, Invalid, NotFound, Unavailable, new_id
from servicekit.base.errors import Internal
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.servicekit.helpers import ALL, a_book, at_once, clients, gate, scalar


def books(service: RunningService) -> int:
    """Count what is stored."""
    return scalar(service, select(func.count()).select_from(Book))


def take_stock(service: RunningService, way: str, **headers: str) -> Any:
    return service.call("take_stock", caller(*ALL), headers, data={"way": way})


def test_bad_input_is_told_field_by_field_and_changes_nothing(service: RunningService) -> None:
    with pytest.raises(Invalid) as refused:
        a_book(service, title=" ", price="1e3", pages=1.5, colour="red", published_on="22.11.2026", id="1")
    assert refused.value.code == "invalid-input"
    assert {e["field"] for e in refused.value.errors} == {
        "title",
        "price",
        "pages",
        "colour",
        "published_on",
        "id",
    }
    assert books(service) == 0 and service.published() == []


def test_bad_input_in_lists_is_told_with_its_place(service: RunningService) -> None:
    order = {"supplier": "a@b.cn", "budget": "20000", "copies": [{"mark": "a", "shelf": 1, "weight": "6"}]}
    with pytest.raises(Invalid) as refused:
        service.call("order_books", caller(*ALL), data=order)
    fields = {error["field"] for error in refused.value.errors}
    assert fields == {"budget", "copies.0.shelf", "copies.0.language"}


@pytest.mark.parametrize("data", [None, [], "title", 5, [{"title": "a"}], True])
def test_a_body_that_is_no_object_is_bad_input(service: RunningService, data: Any) -> None:
    with pytest.raises(Invalid):
        service.call("add_book", caller(*ALL), data=data)
    assert books(service) == 0


def test_a_patch_changes_only_what_it_names(service: RunningService) -> None:
    me = caller(*ALL)
    book = a_book(service, me, price="10.00", remark="一\n二")
    changed = service.call("update_book", me, book_id=book["id"], data={"pages": 3})
    assert changed == {**book, "pages": 3, "version": 2, "updated_at": changed["updated_at"]}


def test_without_a_caller_or_the_permission_nothing_is_done(service: RunningService) -> None:
    with pytest.raises(Forbidden) as refused:
        service.call("add_book", None, data={"title": "a"})
    assert refused.value.code == "sign-in-required"
    with pytest.raises(Forbidden) as refused:
        a_book(service, caller("book.read:all"))
    assert refused.value.code == "permission-required"
    assert books(service) == 0


def test_what_one_may_not_see_is_not_found_and_what_one_may_see_but_not_do_is_forbidden(
    service: RunningService,
) -> None:
    owner = caller(*ALL)
    book_id = a_book(service, owner)["id"]
    with pytest.raises(NotFound) as missing:
        service.call("lend_book", caller(*ALL), book_id=book_id)
    assert missing.value.code == "book-not-found"
    with pytest.raises(Forbidden):
        service.call("lend_book", caller("book.read:all", "book.lend"), book_id=book_id)
    for unknown in (str(new_id()), "42", "", "'; DROP TABLE book; --", "\x00"):
        with pytest.raises(NotFound):
            service.call("get_book", owner, book_id=unknown)
    with pytest.raises(Forbidden) as refused:
        a_book(service, owner, owner_id=str(service.employ()))
    assert refused.value.code == "owner-out-of-reach"
    assert service.call("get_book", owner, book_id=book_id)["lent"] is False


def test_if_match_guards_against_lost_updates(service: RunningService) -> None:
    me = caller(*ALL)
    change = {"book_id": a_book(service, me)["id"], "data": {"pages": 7}}
    service.call("update_book", me, {"if_match": "1"}, **change)
    with pytest.raises(Conflict) as refused:
        service.call("update_book", me, {"if_match": "1"}, **change)
    assert refused.value.code == "stale-version"


def test_if_match_may_name_several_versions_and_none_that_there_is(service: RunningService) -> None:
    """(K-4)"""
    me = caller(*ALL)
    change = {"book_id": a_book(service, me)["id"], "data": {"pages": 7}}
    assert service.call("update_book", me, {"if_match": "1,3"}, **change)["version"] == 2
    for stale in ("1,3", "0"):
        with pytest.raises(Conflict) as refused:
            service.call("update_book", me, {"if_match": stale}, **change)
        assert refused.value.code == "stale-version"


def test_of_two_changes_at_once_with_one_version_only_one_is_made(service: RunningService) -> None:
    me = caller(*ALL)
    book_id = a_book(service, me)["id"]
    more = {"book_id": book_id, "data": {"pages": 1}}
    with clients(service, 6) as asking:
        calls = [lambda c=c: c.call("add_pages", me, {"if_match": "1"}, **more) for c in asking]
        answers = at_once(calls)
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refused) == 5 and {error.code for error in refused} == {"stale-version"}
    assert service.call("get_book", me, book_id=book_id)["pages"] == 1


def test_changes_at_once_without_a_version_are_all_made_because_the_kit_tries_again(
    service: RunningService,
) -> None:
    """Though the operation takes its arguments apart each time (M-25)."""
    me = caller(*ALL)
    more = {"book_id": a_book(service, me)["id"], "data": {"pages": 1}}
    with clients(service, 3) as asking:
        answers = at_once([lambda c=c: c.call("add_pages", me, **more) for c in asking])
    assert sorted(answer["pages"] for answer in answers) == [1, 2, 3]
    versions = [event.data["version"] for event in service.published("book.changed")]
    assert versions == [2, 3, 4]


def test_a_commit_that_fails_is_answered_with_an_error_and_leaves_no_event(service: RunningService) -> None:
    for headers in ({}, {"idempotency_key": "k"}):
        with pytest.raises(Invalid) as refused:
            loan = {"book_id": str(new_id()), "due_on": "2026-12-01"}
            service.call("begin_loan", caller(*ALL), headers, data=loan)
        assert refused.value.code == "unknown-reference"
    assert service.published() == [] and books(service) == 0


def test_a_value_that_must_be_unique_is_a_conflict_with_a_code_of_its_own(service: RunningService) -> None:
    a_book(service, isbn="9787020002207")
    with pytest.raises(Conflict) as refused:
        a_book(service, isbn="9787020002207")
    assert refused.value.code == "book-isbn-taken"
    message = "There is already a record with this value."
    assert refused.value.errors == [
        {"field": "isbn", "code": "book-isbn-taken", "params": {}, "message": message}
    ]
    assert len(service.published()) == 1


def test_a_failure_nobody_foresaw_is_answered_without_its_detail_and_changes_nothing(
    service: RunningService,
) -> None:
    with pytest.raises(Internal) as failed:
        take_stock(service, "raise")
    assert "secret" not in str(failed.value.args) + failed.value.detail
    assert books(service) == 0 and service.published() == []


def test_an_answer_that_cannot_be_written_is_an_error_and_changes_nothing(service: RunningService) -> None:
    for headers in ({}, {"idempotency_key": "k"}):
        with pytest.raises(Internal):
            take_stock(service, "unspeakable", **headers)
    assert books(service) == 0 and service.published() == []
    assert a_book(service)["version"] == 1


def test_a_request_whose_deadline_has_passed_is_not_begun(service: RunningService) -> None:
    me = caller(*ALL)
    with pytest.raises(AssertionError, match="no reply"):
        headers = {"caller": _header(me), "deadline": str(time.time() - 0.1)}
        service.send("add_book", {"data": {"title": "zombie"}}, headers, timeout=0.5)
    # Requests are taken in order: once a later one is answered the earlier one has been decided about.
    a_book(service, me, headers={"deadline": str(time.time() + 30)}, title="alive")
    assert books(service) == 1


@pytest.mark.parametrize("way", ["gate", "database", "python"])
def test_when_the_time_is_up_during_the_work_nothing_has_changed(service: RunningService, way: str) -> None:
    with gate(service, GATE):
        for _ in range(2):
            with pytest.raises(Unavailable):
                take_stock(service, way, deadline=str(time.time() + 0.3))
    assert books(service) == 0 and service.published() == []
    # The connections that were in the middle of a query are not used for somebody else's work.
    with clients(service, 4) as asking:
        answers = at_once([lambda c=c: a_book(c) for c in asking])
    assert [answer["version"] for answer in answers] == [1] * 4


def test_an_internal_operation_may_change_things_and_its_events_go_out(service: RunningService) -> None:
    book_id = service.call("donate", owner_id=str(new_id()))["id"]
    assert [str(event.subject) for event in service.published("book.added")] == [book_id]


def test_a_lock_that_is_held_too_long_is_unavailable_and_changes_nothing(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.operations.GATE", 4799)
    service.database.engine.dispose()
    with gate(service, 4799) as closed:
        with pytest.raises(Unavailable) as refused:
            take_stock(service, "gate")
        assert refused.value.code == "busy"
        assert closed.ask("SELECT count(*) FROM book")[0] == 0


def test_a_stock_nameko_client_can_call_and_gets_errors(service: RunningService) -> None:
    config = {"AMQP_URI": service.settings.amqp_url}
    with nameko.config.patch(config), ServiceRpcClient("library", timeout=10) as library:
        assert library.describe_health()["status"] == "ok"
        with pytest.raises(RemoteError) as refused:
            library.add_book(data={"title": "a"})
        assert refused.value.exc_type == "Forbidden"
        with pytest.raises(RemoteError) as refused:
            library.burn_books()
        assert "unknown-operation" in refused.value.value


def _header(who: Any) -> str:
    from servicekit.testing_callers import caller_header

    return caller_header(who)
