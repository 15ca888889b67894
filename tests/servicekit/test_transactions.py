"""A transaction's BEGIN goes with its first statement, its COMMIT with its last one (decision 47)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from servicekit.base.database import Database
from servicekit.base.transactions import LAST
from servicekit.testing import RunningService


class Sent(list[str]):
    """What was sent to the server, statement by statement as the driver got it."""


@pytest.fixture
def database(service: RunningService) -> Iterator[Database]:
    database = Database(service.settings.database_url_of("library"), 2)
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS journey"))
        connection.execute(text("CREATE TABLE journey (n integer PRIMARY KEY)"))
    yield database
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE journey"))
    database.dispose()


@pytest.fixture
def sent(database: Database) -> Sent:
    sent = Sent()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "after_cursor_execute", note)
    return sent


def kept(database: Database) -> list[int]:
    with database.autocommit_engine.connect() as connection:
        return list(connection.scalars(text("SELECT n FROM journey ORDER BY n")))


def test_begin_goes_with_the_first_statement_and_commit_with_the_last(database: Database, sent: Sent) -> None:
    with database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (1)"))
        session.execute(text("INSERT INTO journey VALUES (2)"), execution_options={LAST: True})
        assert kept(database) == [1, 2]
        session.commit()
    assert sent == ["BEGIN;INSERT INTO journey VALUES (1)", "INSERT INTO journey VALUES (2);COMMIT"]


def test_one_statement_may_be_all_of_it(database: Database, sent: Sent) -> None:
    with database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (1)"), execution_options={LAST: True})
        session.commit()
    assert sent == ["BEGIN;INSERT INTO journey VALUES (1);COMMIT"] and kept(database) == [1]


def test_what_is_not_committed_is_seen_by_nobody_and_gone_after_a_rollback(database: Database) -> None:
    with database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (1)"))
        assert kept(database) == []
        session.rollback()
    with database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (2)"))
    assert kept(database) == []


def test_a_last_statement_that_is_refused_takes_all_before_it_back(database: Database) -> None:
    with pytest.raises(IntegrityError), database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (1)"))
        session.execute(text("INSERT INTO journey VALUES (1)"), execution_options={LAST: True})
    assert kept(database) == []
    # The connection is as good as before.
    with database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (3)"))
        session.commit()
    assert kept(database) == [3]


def test_nothing_may_follow_the_last_statement(database: Database) -> None:
    with database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (1)"), execution_options={LAST: True})
        with pytest.raises(RuntimeError):
            session.execute(text("INSERT INTO journey VALUES (2)"))
    assert kept(database) == [1]


def test_many_rows_at_once_are_one_transaction_too(database: Database) -> None:
    statement = text("INSERT INTO journey VALUES (:n)")
    with pytest.raises(IntegrityError), database.sessions() as session:
        session.execute(statement, [{"n": 1}, {"n": 2}, {"n": 1}])
    assert kept(database) == []
    with database.sessions() as session:
        session.execute(statement, [{"n": 1}, {"n": 2}])
        session.commit()
    assert kept(database) == [1, 2]


def test_a_savepoint_takes_back_its_own_only(database: Database) -> None:
    with database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (1)"))
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text("INSERT INTO journey VALUES (1)"))
        session.commit()
    assert kept(database) == [1]


def test_a_connection_that_dies_before_its_commit_has_changed_nothing(database: Database) -> None:
    with pytest.raises(OperationalError), database.sessions() as session:
        session.execute(text("INSERT INTO journey VALUES (1)"))
        mine = session.scalar(text("SELECT pg_backend_pid()"))
        with database.autocommit_engine.connect() as other:
            other.execute(text(f"SELECT pg_terminate_backend({mine}, 5000)"))
        session.commit()
    assert kept(database) == []


def test_what_is_read_to_be_changed_is_locked_until_the_commit(database: Database) -> None:
    with database.sessions() as first:
        first.execute(text("INSERT INTO journey VALUES (1)"))
        first.commit()
        first.execute(text("SELECT n FROM journey FOR UPDATE"))
        with pytest.raises(OperationalError), database.sessions() as second:
            second.execute(text("SELECT n FROM journey FOR UPDATE NOWAIT"))
        first.commit()
    with database.sessions() as second:
        assert second.scalar(text("SELECT n FROM journey FOR UPDATE NOWAIT")) == 1
