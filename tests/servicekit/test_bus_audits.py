"""The audit: rows of two sides compared by id, every difference told, what can be mended mended."""

# ruff: noqa: F811 - fixtures are imported, and named again where they are asked for.

import json
import os
import socket
from datetime import timedelta
from typing import Any

import pytest
from helpers import a_book, another_relay_leading
from library.model import Book, ReaderCopy
from operated import console, operated, service  # noqa: F401
from sqlalchemy import delete, update

from servicekit import NotFound, new_id
from servicekit.__main__ import main
from servicekit.base.settings import Settings
from servicekit.nouns import audits
from servicekit.operating import console as command_line
from servicekit.operating import tasks
from servicekit.operating.client import Console
from servicekit.testing import RunningService, wait_until


def found(console: Console, *, grace: float = 0.0, mend: bool = False) -> list[tuple[str, str]]:
    """Audit, and return id and problem of every difference."""
    described = tasks.status(console.call, ["library"])
    differences = tasks.audit(console.call, described, ["book-names"], grace=grace, mend=mend)
    return [(difference["id"], difference["problem"]) for difference in differences]


def books(service: RunningService, count: int) -> list[str]:
    """Add books, and readers of the same names."""
    ids = sorted(a_book(service)["id"] for _ in range(count))
    with service.database.sessions.begin() as session:
        session.add_all(ReaderCopy(id=book_id, name="红楼梦", version=1) for book_id in ids)
    return ids


def test_rows_that_agree_are_no_difference(service: RunningService, console: Console) -> None:
    books(service, 3)
    assert found(console) == []


def test_every_kind_of_difference_is_told_on_pages_of_any_size(
    service: RunningService, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = books(service, 9)
    extra = str(new_id())
    with service.database.sessions.begin() as session:
        session.execute(delete(ReaderCopy).where(ReaderCopy.id.in_([ids[0], ids[8]])))
        session.execute(update(ReaderCopy).where(ReaderCopy.id == ids[4]).values(name="水浒传"))
        session.add(ReaderCopy(id=extra, name="无", version=1))
    expected = sorted([(ids[0], "missing"), (ids[8], "missing"), (ids[4], "different"), (extra, "extra")])
    for page in (1, 2, 3, 500):
        monkeypatch.setattr(audits, "PAGE", page)
        assert sorted(found(console)) == expected


def test_what_changed_just_now_is_left_alone(service: RunningService, console: Console) -> None:
    a_book(service)
    assert found(console, grace=60.0) == []
    with service.database.sessions.begin() as session:
        session.execute(update(Book).values(updated_at=Book.updated_at - timedelta(minutes=5)))
    assert [problem for _, problem in found(console, grace=60.0)] == ["missing"]


def test_a_young_copy_of_nothing_is_left_alone(service: RunningService, console: Console) -> None:
    with service.database.sessions.begin() as session:
        session.add(ReaderCopy(id=new_id(), name="无", version=1))
    assert found(console, grace=60.0) == []
    assert [problem for _, problem in found(console)] == ["extra"]


def test_mending_drops_the_copys_rows_and_has_them_told_again(
    service: RunningService, console: Console
) -> None:
    ids = books(service, 4)
    with service.database.sessions.begin() as session:
        session.execute(delete(ReaderCopy).where(ReaderCopy.id == ids[0]))
        # The copy has the owner's version and another name: only dropping it lets the same version in again.
        session.execute(update(ReaderCopy).where(ReaderCopy.id == ids[1]).values(name="水浒传"))
        session.add(ReaderCopy(id=new_id(), name="无", version=1))
    assert len(found(console, mend=True)) == 3
    wait_until(lambda: found(console) == [])


def test_an_audit_nobody_knows_is_not_found(service: RunningService, console: Console) -> None:
    with pytest.raises(NotFound):
        console.call("library", "tell_audit_rows", kind="nonsense")
    with pytest.raises(NotFound):
        console.call("library", "forget_audit_rows", kind="nonsense", ids=[])


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run a console command in this process; return exit code and output."""
    code = main(["bus", "--services", "library", *words])
    return code, capsys.readouterr().out


def test_the_console_prints_tables_and_json(
    service: RunningService, capsys: pytest.CaptureFixture[str]
) -> None:
    code, table = run(capsys, "status")
    assert code == 0 and table.splitlines()[0].split()[:3] == ["service", "state", "outbox"]
    assert "library" in table
    a_book(service)
    code, output = run(capsys, "--json", "audit", "--grace", "0", "--kind", "book-names")
    assert code == 1
    [difference] = [json.loads(line) for line in output.splitlines()]
    assert (difference["problem"], difference["owner"]) == ("missing", {"name": "红楼梦"})
    code, output = run(capsys, "parked", "list")
    assert (code, output.strip()) == (0, "none")


def test_the_bus_says_which_process_sends_the_events_of_a_service(
    service: RunningService, console: Console
) -> None:
    """(W-3) Of several processes of a service one sends; the stream of all events is told by whoever reads it."""

    def told() -> dict[str, Any]:
        [state] = tasks.status(console.call, ["library"])
        return state

    this = f"kehu-library-relay@{socket.gethostname()[:30]}:{os.getpid()}"
    wait_until(lambda: told()["outbox"]["relayed_by"] == this)
    with another_relay_leading(service):
        assert told()["outbox"]["relayed_by"] not in (this, None)
    wait_until(lambda: told()["outbox"]["relayed_by"] == this)
    assert told()["stream"] is None


def test_the_console_says_by_its_exit_code_that_something_is_parked(
    service: RunningService, capsys: pytest.CaptureFixture[str]
) -> None:
    """(M-35) So that a script need not read the table."""
    event_id = service.deliver("readers", "reader.changed", {"reader_id": new_id(), "version": "x"})
    wait_until(lambda: [failure.state for failure in service.failures()] == ["parked"])
    for words in ((), ("--state", "all"), ("--service", "library")):
        code, output = run(capsys, "parked", "list", *words)
        assert code == 1 and event_id in output
    assert run(capsys, "parked", "list", "--state", "discarded")[0] == 0


def test_the_console_says_what_it_cannot_do(
    service: RunningService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bus", "parked", "redrive", "library", str(new_id())]) == 2
    assert "event-not-found" in capsys.readouterr().err
    assert main(["bus", "--services", "nobody", "status"]) == 1
    assert "not running" in capsys.readouterr().out


def test_a_table_of_any_length_has_one_head(capsys: pytest.CaptureFixture[str]) -> None:
    rows: Any = ({"id": number, "name": "x"} for number in range(450))
    command_line._as_table(rows)
    assert len(capsys.readouterr().out.splitlines()) == 451


def test_settings_name_the_broker_the_console_uses(service: RunningService) -> None:
    client = Console(Settings())
    assert client.call("library", "describe_bus")["service"] == "library"
    client.close()
