"""What operators see: journal and process view, probes, metrics, logs; timers and numbers."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import eventlet
import pytest
from eventlet.green.urllib import request
from eventlet.green.urllib.error import HTTPError
from library.model import Round
from library.service import LibraryService
from sqlalchemy import func, select

from servicekit import Conflict, new_id
from servicekit.messages import timers
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.servicekit.helpers import ALL, ROOT, a_book, at_once, clients, process, scalar, sightings, stopped


def steps(service: RunningService, who: Any, process_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.call("describe_process", who, correlation_id=process_id)["steps"]
    return found


def test_a_process_shows_every_step_in_order(service: RunningService) -> None:
    me, process_id = caller(*ALL), str(new_id())
    book = a_book(service, me, {"correlation_id": process_id})
    wait_until(lambda: sightings(service, book["id"]))
    wait_until(lambda: service.published()[0].published_at)
    found = steps(service, None, process_id)
    assert {step["kind"] for step in found} == {"operation", "event_published", "event_handled"}
    assert [step["at"] for step in found] == sorted(step["at"] for step in found)
    operation = next(step for step in found if step["kind"] == "operation")
    assert (operation["name"], operation["outcome"], operation["subject"]) == ("add_book", "ok", book["id"])
    assert {step["service"] for step in found} == {"library"}


def test_a_refusal_is_journalled_and_reads_and_bad_input_are_not(service: RunningService) -> None:
    me, process_id = caller(*ALL), str(new_id())
    book = a_book(service, me)
    service.call("lend_book", me, book_id=book["id"])
    with pytest.raises(Conflict):
        service.call("lend_book", me, {"correlation_id": process_id}, book_id=book["id"])
    service.call("get_book", me, {"correlation_id": process_id}, book_id=book["id"])
    assert [(step["name"], step["outcome"]) for step in steps(service, me, process_id)] == [
        ("lend_book", "book-lent")
    ]


def test_the_processes_of_a_record_are_found_by_its_id(service: RunningService) -> None:
    """(W-5)."""
    me, first, second = caller(*ALL), str(new_id()), str(new_id())
    book = a_book(service, me, {"correlation_id": first})
    service.call("lend_book", me, {"correlation_id": second}, book_id=book["id"])

    def found(who: Any) -> list[Any]:
        items = service.call("find_processes", who, subject=book["id"])["items"]
        return [(item["correlation_id"], item["account_id"]) for item in items]

    mine = [(second, str(me.account_id)), (first, str(me.account_id))]
    assert found(me) == found(None) == found(caller("process.read:all")) == mine
    assert found(caller("process.read")) == []
    assert service.call("find_processes", me, subject=str(new_id()))["items"] == []


def test_a_process_of_a_record_is_told_with_who_began_it(service: RunningService) -> None:
    """(W-5) Its first operation, and whose that was, whoever took part later."""
    me, process_id = caller(*ALL), str(new_id())
    other = caller(*(f"{each}:all" for each in ALL))
    book = a_book(service, me, {"correlation_id": process_id})
    service.call("lend_book", other, {"correlation_id": process_id}, book_id=book["id"])
    (found,) = service.call("find_processes", caller("process.read:all"), subject=book["id"])["items"]
    assert (found["name"], found["account_id"]) == ("add_book", str(me.account_id))


def test_one_sees_the_processes_one_began_and_all_with_the_permission_for_all(
    service: RunningService,
) -> None:
    me, process_id = caller(*ALL), str(new_id())
    a_book(service, me, {"correlation_id": process_id})
    for who in (me, None, caller("process.read:all"), caller("*:all")):
        assert steps(service, who, process_id)
    for who in (caller(), caller("process.read"), caller("process.read:department")):
        assert steps(service, who, process_id) == []


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def free_port() -> int:
    listener = eventlet.listen(("127.0.0.1", 0))
    port: int = listener.getsockname()[1]
    listener.close()
    return port


def documented_metrics() -> set[str]:
    """Return the names of every service's metrics that alerts and dashboards are made from."""
    text = "".join(
        path.read_text() for path in Path(ROOT / "deploy/observability").glob("*.*") if path.suffix != ".py"
    )
    names = set(re.findall(r"kehu_[a-z_]+", text))
    return {name for name in names if not name.startswith(("kehu_http", "kehu_rpc", "kehu_webhook"))}


def test_probes_metrics_and_logs_of_a_process(service: RunningService) -> None:
    port, process_id = free_port(), str(new_id())
    with stopped(service), process(HEALTH_PORT=str(port)) as child:
        child.wait_for("started")
        book = a_book(service, headers={"correlation_id": process_id})
        wait_until(lambda: sightings(service, book["id"]))
        event_id = service.deliver(
            "readers",
            "reader.changed",
            {"reader_id": new_id(), "name": "毒", "version": 1},
            correlationid=process_id,
        )
        wait_until(lambda: [f.state for f in service.failures()] == ["parked"])
        assert get(port, "/livez") == (200, '{"status":"ok"}')
        status, states = get(port, "/readyz")
        assert (status, json.loads(states)) == (200, {"database": "ok", "broker": "ok"})
        assert get(port, "/secrets")[0] == 404
        metrics = wait_until(lambda: _complete(get(port, "/metrics")[1]))
        assert (
            'kehu_operation_seconds_count{operation="add_book",outcome="ok",service="library"} 1.0' in metrics
        )
        assert 'kehu_event_published_total{service="library",type="book.added"} 1.0' in metrics
        for outcome in ("retried", "parked"):
            assert f'outcome="{outcome}",service="library",type="reader.changed"' in metrics
        missing = {name for name in documented_metrics() if f"\n{name}" not in metrics}
        assert not missing, missing
        logged = [json.loads(line) for line in child.log().splitlines() if line.startswith("{")]
        failed = [line for line in logged if line["event"] == "event parked"]
        assert [line["correlation_id"] for line in failed] == [process_id]
        assert all({"level", "timestamp", "service"} <= line.keys() for line in logged)
        assert not service.handled(event_id)


def _complete(text: str) -> str | None:
    return text if 'kehu_outbox_pending{service="library"} 0.0' in text else None


def test_timed_work_is_done_by_one_replica_at_a_time(service: RunningService) -> None:
    with process() as other:
        other.wait_for("started")
        before = scalar(service, select(func.count()).select_from(Round))
        wait_until(lambda: scalar(service, select(func.count()).select_from(Round)) >= before + 12)
    with service.database.sessions() as session:
        rounds = list(session.scalars(select(Round).order_by(Round.began_at)))
    assert overlaps(rounds) == 0


def overlaps(rounds: list[Round]) -> int:
    return sum(b.began_at < a.ended_at for a, b in pairwise(rounds))


def test_without_the_lock_timed_work_would_overlap(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: the lock of the timer is another one each time."""
    monkeypatch.setattr(timers, "crc32", lambda _: new_id().int % 2**31)
    instance = type("x", (), {})()
    runtime = next(p for p in service.container.dependencies if hasattr(p, "inbox"))
    instance.runtime = runtime
    tick = LibraryService.make_the_rounds
    at_once([lambda: tick(instance) for _ in range(5)])
    with service.database.sessions() as session:
        rounds = list(session.scalars(select(Round).order_by(Round.began_at)))
    assert overlaps(rounds) > 0


def test_numbers_given_at_once_are_all_different_and_without_a_hole(service: RunningService) -> None:
    with clients(service, 10) as asking:
        books = at_once([lambda c=c: a_book(c) for c in asking])
    numbers = sorted(int(book["number"].rpartition("-")[2]) for book in books)
    assert numbers == list(range(1, 11))
