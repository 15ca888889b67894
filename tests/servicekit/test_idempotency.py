"""An Idempotency-Key: one effect, and the same answer, however often it is asked."""

import pytest
from library.model import Book
from library.operations import GATE
from sqlalchemy import func, select

from servicekit import Conflict, Invalid, new_id
from servicekit.nouns import idempotency
from servicekit.operating import retention
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, caller_header
from tests.servicekit.helpers import ALL, a_book, at_once, clients, gate, scalar

KEY = {"idempotency_key": "shelf-1"}


def books(service: RunningService) -> int:
    return scalar(service, select(func.count()).select_from(Book))


def test_ten_requests_at_once_with_one_key_have_one_effect_and_one_answer(service: RunningService) -> None:
    me = caller(*ALL)
    with clients(service, 10) as asking:
        answers = at_once([lambda c=c: a_book(c, me, KEY) for c in asking])
    assert all(answer == answers[0] for answer in answers), answers
    assert answers[0]["title"] == "红楼梦"
    assert books(service) == 1 and len(service.published()) == 1


def test_without_the_claim_the_test_above_would_fail(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: keys are not claimed."""
    monkeypatch.setattr(idempotency, "claim", lambda *_: None)
    with pytest.raises(AssertionError):
        test_ten_requests_at_once_with_one_key_have_one_effect_and_one_answer(service)


def test_a_repeated_request_says_that_its_answer_was_kept(service: RunningService) -> None:
    headers = {"caller": caller_header(caller(*ALL)), **KEY}
    first = service.send("add_book", {"data": {"title": "a"}}, headers)
    again = service.send("add_book", {"data": {"title": "a"}}, headers)
    assert "replayed" not in first and again == {**first, "replayed": True}
    # The note must not stick to the next request that the same process answers.
    assert "replayed" not in service.send("list_books", {}, {"caller": headers["caller"]})


def test_another_callers_same_key_is_another_key(service: RunningService) -> None:
    assert a_book(service, caller(*ALL), KEY)["id"] != a_book(service, caller(*ALL), KEY)["id"]
    assert books(service) == 2


def test_a_key_that_stood_for_another_request_is_refused(service: RunningService) -> None:
    me = caller(*ALL)
    book = a_book(service, me, KEY)
    for operation, arguments in (
        ("add_book", {"data": {"title": "b"}}),
        ("lend_book", {"book_id": book["id"]}),
    ):
        with pytest.raises(Invalid) as refused:
            service.call(operation, me, KEY, **arguments)
        assert refused.value.code == "idempotency-key-reused"
    assert books(service) == 1 and service.call("get_book", me, book_id=book["id"])["lent"] is False


def test_the_order_of_the_fields_does_not_make_it_another_request(service: RunningService) -> None:
    me = caller(*ALL)
    first = service.call("add_book", me, KEY, data={"title": "a", "pages": 1})
    assert service.call("add_book", me, KEY, data={"pages": 1, "title": "a"}) == first


def test_a_refused_request_does_not_use_up_its_key(service: RunningService) -> None:
    me = caller(*ALL)
    book = a_book(service, me)
    service.call("lend_book", me, book_id=book["id"])
    with pytest.raises(Conflict):
        service.call("lend_book", me, KEY, book_id=book["id"])
    with pytest.raises(Invalid):
        service.call("begin_loan", me, KEY, data={"book_id": str(new_id()), "due_on": "2026-12-01"})
    assert a_book(service, me, KEY)["title"] == "红楼梦"


def test_a_second_request_waits_for_the_first_and_gets_its_answer(service: RunningService) -> None:
    me, data = caller(*ALL), {"way": "gate"}
    with gate(service, GATE) as closed, clients(service, 2) as asking:
        import eventlet

        calls = [eventlet.spawn(c.call, "take_stock", me, KEY, data=data) for c in asking]
        closed.wait_for(1)
        assert books(service) == 0
        closed.open()
        first, second = [call.wait() for call in calls]
    assert first == second and books(service) == 1


def test_the_key_works_only_on_what_changes_things_by_post(service: RunningService) -> None:
    me = caller(*ALL)
    book = a_book(service, me)
    for pages in (1, 2):
        change = {"book_id": book["id"], "data": {"pages": pages}}
        assert service.call("update_book", me, KEY, **change)["pages"] == pages


def test_keys_are_forgotten_after_a_day(service: RunningService) -> None:
    me = caller(*ALL)
    a_book(service, me, KEY)
    retention.forget_old_rows(service.service_class, service.database, service.settings)
    assert scalar(service, select(func.count()).select_from(idempotency.IdempotencyRow)) == 1
    with service.database.sessions.begin() as session:
        row = session.scalars(select(idempotency.IdempotencyRow)).one()
        row.created_at -= idempotency.KEEP
    retention.forget_old_rows(service.service_class, service.database, service.settings)
    assert scalar(service, select(func.count()).select_from(idempotency.IdempotencyRow)) == 0
