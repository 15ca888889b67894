"""What is past its time is forgotten in batches, a table by itself, and what is left over shows (M-31)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from servicekit import new_id, utcnow
from servicekit.messages.inbox import FailedEvent
from servicekit.messages.outbox import OutboxRow
from servicekit.nouns.approvals.awaited import Awaited
from servicekit.nouns.journal import JournalRow
from servicekit.operating import retention
from servicekit.operating.retention import RETAINS, Retention, retentions_of
from servicekit.testing import RunningService, wait_until
from tests.servicekit.helpers import a_book, scalar

OLD = timedelta(days=31)
JOURNAL = next(each for each in RETAINS if each.entity is JournalRow)


def forget(service: RunningService) -> None:
    retention.forget_old_rows(service.service_class, service.database, service.settings)


def rows(service: RunningService, entity: Any) -> int:
    return int(scalar(service, select(func.count()).select_from(entity)))


def many_journal_rows(service: RunningService, count: int) -> None:
    with service.database.sessions.begin() as session:
        session.execute(
            text(
                "INSERT INTO journal (at, correlation_id, operation, outcome, duration_ms) "
                "SELECT now() - interval '31 days', gen_random_uuid(), 'add_book', 'ok', 1 "
                "FROM generate_series(1, :count)"
            ),
            {"count": count},
        )


def test_old_rows_are_forgotten_and_young_and_unpublished_ones_are_not(service: RunningService) -> None:
    for _ in range(3):
        a_book(service)
    wait_until(lambda: all(event.published_at for event in service.published()))
    first, second, third = service.published()
    with service.database.sessions.begin() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == first.id).values(published_at=utcnow() - OLD))
        session.execute(update(JournalRow).values(at=utcnow() - OLD))
    forget(service)
    assert [event.id for event in service.published()] == [second.id, third.id]
    assert rows(service, JournalRow) == 0


def test_many_are_forgotten_in_many_transactions(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1.5 million rows in one transaction were too much for its time limit, and for ever after."""
    monkeypatch.setattr(retention, "BATCH", 10)
    many_journal_rows(service, 95)
    batches: list[int] = []
    transact = service.database.transact

    def counted(work: Callable[[Session], int]) -> int:
        batches.append(transact(work))
        return batches[-1]

    monkeypatch.setattr(service.database, "transact", counted)
    assert JOURNAL.forget(service.database, service.settings) == 95
    assert batches == [10] * 9 + [5]


def test_a_round_ends_after_a_while_and_the_next_goes_on(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    monkeypatch.setattr(retention, "BUDGET_SECONDS", -1)
    many_journal_rows(service, 25)
    assert [JOURNAL.forget(service.database, service.settings) for _ in range(3)] == [10, 10, 5]


def test_a_table_that_cannot_be_purged_keeps_no_other_waiting(service: RunningService) -> None:
    many_journal_rows(service, 5)
    with service.database.sessions() as other:
        other.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
        forget(service)
        assert rows(service, JournalRow) == 0
        other.rollback()


def test_what_somebody_else_is_forgetting_is_passed_by(service: RunningService) -> None:
    many_journal_rows(service, 5)
    with service.database.sessions() as other:
        other.execute(text("SELECT FROM journal LIMIT 2 FOR UPDATE"))
        assert JOURNAL.forget(service.database, service.settings) == 3
        other.rollback()
    assert JOURNAL.forget(service.database, service.settings) == 2


def a_failed_event(state: str) -> FailedEvent:
    from servicekit import new_id

    return FailedEvent(
        event_id=new_id(), type="reader.changed", state=state, attempts=1, error="", body="{}",
        failed_at=utcnow() - OLD,
    )  # fmt: skip


def test_failed_events_are_forgotten_unless_they_wait_for_somebody(service: RunningService) -> None:
    with service.database.sessions.begin() as session:
        session.add_all(a_failed_event(state) for state in ("parked", "discarded", "redriven", "retrying"))
    forget(service)
    assert [event.state for event in service.failures()] == ["parked"]


def test_approvals_are_forgotten_once_they_were_decided_long_ago(service: RunningService) -> None:
    """GW-56: what is still waited for is told again however old it is."""
    asked = {
        "noun": "book",
        "step": "lend",
        "title": "书",
        "facts": {},
        "given": {},
        "asked_at": utcnow() - OLD,
    }
    kept = {"waiting": None, "just now": utcnow()}
    with service.database.sessions.begin() as session:
        for decided_at in (*kept.values(), utcnow() - OLD):
            outcome = None if decided_at is None else "approved"
            ids = {name: new_id() for name in ("id", "record_id", "requester_id")}
            session.add(Awaited(**ids, **asked, outcome=outcome, decided_at=decided_at))
    forget(service)
    assert rows(service, Awaited) == len(kept)


def test_how_long_the_oldest_row_is_overdue_can_be_seen(service: RunningService) -> None:
    def overdue(each: Retention) -> float:
        return each.overdue(service.database, service.settings)

    assert [overdue(each) for each in retentions_of(service.service_class)] == [0.0] * len(RETAINS)
    many_journal_rows(service, 1)
    assert 86_000 < overdue(JOURNAL) < 87_000
    forget(service)
    assert overdue(JOURNAL) == 0.0


def test_each_tables_oldest_rows_are_found_by_an_index(service: RunningService) -> None:
    """Without one each batch would read the whole table."""
    with service.database.sessions() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        for each in retentions_of(service.service_class):
            assert "Index" in plan_of(session, each), each.table.name


def plan_of(session: Session, each: Retention) -> str:
    query = select(each.since).where(each.since < utcnow()).order_by(each.since).limit(1)
    compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return "\n".join(session.scalars(text(f"EXPLAIN {compiled}")))
