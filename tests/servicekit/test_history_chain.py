"""The chain behind the history: what somebody with the database in their hands has changed is found (K-5)."""

from collections.abc import Iterator
from typing import Any

import pytest
from helpers import ALL, a_book
from sqlalchemy import select, text

from servicekit.nouns.chain import ChangeLink, Head, check, compare_with_note
from servicekit.nouns.history import Change
from servicekit.operating import tasks, witness
from servicekit.operating.witness import Keeper
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller


@pytest.fixture
def kept(service: RunningService) -> Iterator[RunningService]:
    """A history of five books, all of it in the chain."""
    for _ in range(5):
        a_book(service, caller(*ALL))
    wait_until(lambda: len(positions(service, ChangeLink)) == 5)
    yield service


def positions(service: RunningService, model: Any) -> list[int]:
    """Return the positions of the history, or of its chain."""
    with service.database.sessions() as session:
        return list(session.scalars(select(model.position).order_by(model.position)))


def by_hand(service: RunningService, statement: str, **values: Any) -> None:
    """Do what only a superuser can: change what only grows."""
    with service.database.sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement), values)


def problems(service: RunningService, limit: int = 100) -> list[tuple[int, str]]:
    """Return what a check finds, by position."""
    found, after = [], 0
    with service.database.sessions() as session:
        while True:
            page = check(session, after, limit)
            found += [(each["position"], each["problem"]) for each in page["problems"]]
            if page["next"] is None:
                return found
            after = page["next"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_history_that_nobody_has_touched_is_whole(kept: RunningService, limit: int) -> None:
    assert problems(kept, limit) == []


@pytest.mark.parametrize(
    "changed",
    [
        "changes = jsonb_set(changes, '{title,1}', '\"红楼夢\"')",
        "at = at + interval '1 microsecond'",
        "actor_id = NULL",
        "address = '203.0.113.9'",
        "operation = 'add_books'",
        "record_id = gen_random_uuid()",
    ],
)
def test_a_changed_byte_is_found(kept: RunningService, changed: str) -> None:
    third = positions(kept, Change)[2]
    by_hand(kept, f"UPDATE change SET {changed} WHERE position = :third", third=third)
    assert [position for position, _ in problems(kept)] == [third]


def test_a_missing_row_is_found_and_so_is_one_that_took_its_link_with_it(kept: RunningService) -> None:
    places = positions(kept, Change)
    by_hand(kept, "DELETE FROM change WHERE position = :gone", gone=places[1])
    assert problems(kept) == [(places[1], "the row is missing")]
    by_hand(kept, "DELETE FROM change_link WHERE position = :gone", gone=places[1])
    assert [position for position, _ in problems(kept)] == [places[2]]


def test_a_row_that_was_put_in_afterwards_is_found(kept: RunningService) -> None:
    places = positions(kept, Change)
    for table in ("change", "change_link"):
        by_hand(kept, f"DELETE FROM {table} WHERE position = :place", place=places[2])
    by_hand(
        kept,
        "INSERT INTO change (position, id, at, noun, record_id, kind, operation, correlation_id, changes) "
        "OVERRIDING SYSTEM VALUE SELECT :place, gen_random_uuid(), now(), noun, record_id, kind, operation, "
        "correlation_id, changes FROM change WHERE position = :other",
        place=places[2], other=places[1],
    )  # fmt: skip
    assert places[2] in [position for position, _ in problems(kept)]


def test_a_tail_that_was_cut_and_a_chain_made_anew_are_found(kept: RunningService) -> None:
    """What the broker was told once, nobody takes back on the database."""
    places = positions(kept, Change)
    with kept.database.sessions() as session:
        last = session.get_one(ChangeLink, places[-1])
        told = Head(last.position, last.digest)
        assert compare_with_note(session, told.position, told.digest.hex()) == []
        assert compare_with_note(session, told.position, "00" * 32) != []
    for table in ("change", "change_link"):
        by_hand(kept, f"DELETE FROM {table} WHERE position >= :cut", cut=places[3])
    assert problems(kept) == []
    with kept.database.sessions() as session:
        (found,) = compare_with_note(session, told.position, told.digest.hex())
    assert found["position"] == places[-1]


def test_the_operator_is_told(kept: RunningService) -> None:
    """``kehu bus history``: the service asks the broker what it knows of the chain."""
    with kept.database.sessions() as session:
        witness.accept(session, kept.settings, kept.name)
    sound = tasks.check_history(lambda _service, operation, **of: kept.call(operation, **of), kept.name)
    assert (sound["problems"], sound["rows"]) == ([], 5)
    assert sound["noted"] == sound["head"] == positions(kept, Change)[-1]
    by_hand(kept, "DELETE FROM change WHERE position = :last", last=sound["head"])
    by_hand(kept, "DELETE FROM change_link WHERE position = :last", last=sound["head"])
    cut = tasks.check_history(lambda _service, operation, **of: kept.call(operation, **of), kept.name)
    assert [each["position"] for each in cut["problems"]] == [sound["head"]]
    # What contradicts the note does not replace it.
    keeper = Keeper(kept.name, kept.database, kept.settings)
    keeper.keep()
    assert witness.noted(kept.settings, kept.name) == (sound["head"], sound["digest"])


def test_a_position_that_stays_empty_holds_nobody_up(kept: RunningService) -> None:
    with kept.database.sessions() as session:
        session.execute(text("SELECT nextval(pg_get_serial_sequence('change', 'position'))"))
    a_book(kept)
    wait_until(lambda: positions(kept, ChangeLink) == positions(kept, Change))
    assert problems(kept) == []


def test_a_slow_writer_is_waited_for(kept: RunningService) -> None:
    """A row that is committed behind later ones stands in the chain before them."""
    slow = kept.database.sessions()
    copy = (
        "INSERT INTO change (id, at, noun, record_id, kind, operation, correlation_id, changes) SELECT "
        "gen_random_uuid(), now(), noun, record_id, kind, operation, correlation_id, changes FROM change LIMIT 1 "
        "RETURNING position"
    )
    place = slow.execute(text(copy)).scalar_one()
    a_book(kept)
    for _ in range(3):
        Keeper(kept.name, kept.database, kept.settings).keep()
    assert max(positions(kept, ChangeLink)) < place
    slow.commit()
    slow.close()
    wait_until(lambda: positions(kept, ChangeLink) == positions(kept, Change))
    assert problems(kept) == []
