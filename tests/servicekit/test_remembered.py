"""Definitions are asked for once in a moment; whoever changes one has everybody ask anew (decision 52)."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from servicekit.base.database import Database
from servicekit.base.ids import new_id
from servicekit.nouns import remembered as module
from servicekit.nouns.definitions import PARAMETER, DefinitionRow, definitions
from servicekit.nouns.remembered import forget_all
from servicekit.testing import RunningService

KEY = "library.limit"


@pytest.fixture(autouse=True)
def long_moment(service: RunningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is remembered is forgotten only where it has to be."""
    monkeypatch.setattr(module, "MOMENT", 3600)
    forget_all()
    yield
    forget_all()


def value(database: Database) -> Any:
    return database.transact(lambda session: definitions(session, PARAMETER, KEY), reads=True).get(KEY)


@pytest.fixture
def replica(service: RunningService) -> Iterator[Database]:
    """What another process works with."""
    other = Database(service.settings.database_url_of("library"), 2)
    yield other
    other.dispose()


def put(database: Database, what: int, *, fails: bool = False) -> None:
    with database.sessions() as session:
        session.query(DefinitionRow).filter_by(key=KEY).delete()
        session.add(
            DefinitionRow(
                id=new_id(), kind=PARAMETER, key=KEY, body={"value": what}, active=True, position=1, version=1
            )
        )
        session.flush()
        # Who asks meanwhile gets what holds, and keeps it to themselves.
        value(database)
        if not fails:
            session.commit()


def test_what_this_process_changes_holds_at_once(service: RunningService) -> None:
    put(service.database, 1)
    assert value(service.database) == {"value": 1}
    put(service.database, 2)
    assert value(service.database) == {"value": 2}
    put(service.database, 3, fails=True)
    assert value(service.database) == {"value": 2}


def test_a_change_that_came_to_nothing_lets_all_remember_again(
    service: RunningService, replica: Database
) -> None:
    put(service.database, 1)
    put(service.database, 2, fails=True)
    assert value(service.database) == {"value": 1}
    put(replica, 3)
    assert value(service.database) == {"value": 1}, "it is remembered"


def test_a_savepoint_ends_nothing(service: RunningService) -> None:
    put(service.database, 1)
    with service.database.sessions() as session:
        for row in session.query(DefinitionRow).filter_by(key=KEY):
            row.body = {"value": 2}
        session.flush()
        with contextlib.suppress(ZeroDivisionError), session.begin_nested():
            raise ZeroDivisionError
        value(service.database)
        session.commit()
    assert value(service.database) == {"value": 2}


def test_what_another_replica_changes_holds_when_the_moment_is_over(
    service: RunningService, replica: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(service.database, 1)
    assert value(service.database) == value(replica) == {"value": 1}
    put(replica, 2)
    assert value(service.database) == {"value": 1}, "it is remembered"
    assert value(replica) == {"value": 2}
    monkeypatch.setattr(module, "MOMENT", -1)
    forget_all()
    assert value(service.database) == {"value": 2}
    put(replica, 3)
    assert value(service.database) == {"value": 3}


def test_a_transaction_knows_the_same_to_its_end(service: RunningService) -> None:
    put(service.database, 1)
    with service.database.sessions() as session:
        assert definitions(session, PARAMETER, KEY) == {KEY: {"value": 1}}
        put(service.database, 2)
        assert definitions(session, PARAMETER, KEY) == {KEY: {"value": 1}}
    assert value(service.database) == {"value": 2}
