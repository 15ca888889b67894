"""Parked events: listed, handled once more, discarded."""

# ruff: noqa: F811 - fixtures are imported, and named again where they are asked for.

import eventlet
import pytest
from helpers import sightings
from library.model import ReaderCopy
from operated import operated, service  # noqa: F401
from sqlalchemy import update

from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.messages import direct
from servicekit.messages.inbox import FailedEvent
from servicekit.operating.client import Console
from servicekit.operating.tasks import failed_events, redrive_all
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller

OPERATOR = caller("bus.operate:all")


def park_a_reader(service: RunningService, name: str = "毒", version: int = 1) -> tuple[str, str]:
    """Let an event fail until it is parked; return its id and the reader's."""
    reader_id = str(new_id())
    data = {"reader_id": reader_id, "name": name, "version": version}
    event_id = service.deliver("readers", "reader.changed", data, subject=reader_id)
    wait_until(
        lambda: [one for one in service.failures() if str(one.event_id) == event_id and one.state == "parked"]
    )
    return event_id, reader_id


def cure(service: RunningService) -> None:
    """Mend the messages as a new version of the handler would: the poison is taken out of the stored bodies."""
    with service.database.sessions.begin() as session:
        for failure in session.query(FailedEvent):
            failure.body = failure.body.replace("毒", "李四")


def test_a_parked_event_is_shown_with_its_error_and_payload(service: RunningService) -> None:
    event_id, reader_id = park_a_reader(service)
    [listed] = service.call("list_failed_events", OPERATOR, state="parked")["items"]
    assert (listed["event_id"], listed["subject"], listed["attempts"]) == (event_id, reader_id, 3)
    assert "this reader cannot be read" in listed["error"]
    assert service.call("show_failed_event", OPERATOR, event_id=event_id)["body"]["data"]["name"] == "毒"
    assert service.call("describe_bus")["failed"]["parked"] == 1


def test_pages_of_failed_events_leave_none_out(service: RunningService) -> None:
    parked = {park_a_reader(service)[0] for _ in range(5)}
    pages, after = [], None
    while True:
        page = service.call("list_failed_events", after=after, limit=2)
        pages += [row["event_id"] for row in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(pages) == 5 and set(pages) == parked


def test_redriving_handles_the_event_once_and_forgets_the_failure(service: RunningService) -> None:
    event_id, reader_id = park_a_reader(service)
    cure(service)
    assert service.call("redrive_event", OPERATOR, event_id=event_id)["state"] == "redriven"
    wait_until(lambda: service.handled(event_id))
    wait_until(lambda: not service.failures())
    assert len(sightings(service, reader_id)) == 1


def test_an_event_that_fails_again_is_parked_again(service: RunningService) -> None:
    event_id, _ = park_a_reader(service)
    service.call("redrive_event", OPERATOR, event_id=event_id)
    wait_until(lambda: [one for one in service.failures() if one.state == "parked"])
    assert service.call("list_failed_events", OPERATOR)["items"][0]["noted_by"] == "tester"


def test_two_operators_send_an_event_once(service: RunningService) -> None:
    event_id, _ = park_a_reader(service)
    service.stop()
    try:
        first, second = Console(service.settings), Console(service.settings)
        outcomes = [eventlet.spawn(_outcome, console, event_id) for console in (first, second)]
        assert sorted(one.wait() for one in outcomes) == ["event-not-parked", "redriven"]
        depth = direct.depth(service.settings, "library.inbox")
        assert depth is not None and depth.messages == 1
    finally:
        service.start()
        first.close()
        second.close()
    wait_until(lambda: [one for one in service.failures() if one.state == "parked"])


def _outcome(console: Console, event_id: str) -> str:
    try:
        return str(console.call("library", "redrive_event", event_id=event_id, by="me")["state"])
    except Conflict as refused:
        return refused.code


def test_all_parked_events_are_redriven_and_the_poison_is_parked_again(service: RunningService) -> None:
    ids = [park_a_reader(service)[0] for _ in range(4)]
    with service.database.sessions.begin() as session:
        for failure in session.query(FailedEvent).filter(FailedEvent.event_id != ids[0]):
            failure.body = failure.body.replace("毒", "王五")
    console = Console(service.settings)
    assert redrive_all(console.call, "library", "me") == 4
    wait_until(lambda: [one.state for one in service.failures()] == ["parked"])
    assert [row["event_id"] for row in failed_events(console.call, "library", None)] == [ids[0]]
    console.close()


def test_a_discarded_event_keeps_who_and_why(service: RunningService) -> None:
    event_id, _ = park_a_reader(service)
    with pytest.raises(Invalid):
        service.call("discard_event", OPERATOR, event_id=event_id, reason=" ")
    service.call("discard_event", OPERATOR, event_id=event_id, reason="a test reader")
    [row] = service.call("list_failed_events", OPERATOR, state="discarded")["items"]
    assert (row["note"], row["noted_by"]) == ("a test reader", "tester")
    with pytest.raises(Conflict):
        service.call("discard_event", OPERATOR, event_id=event_id, reason="again")


def test_a_message_nobody_can_read_can_only_be_discarded(service: RunningService) -> None:
    service.deliver_body(b"{not json", "readers", "reader.changed")
    [failure] = wait_until(service.failures)
    with pytest.raises(Conflict) as refused:
        service.call("redrive_event", OPERATOR, event_id=str(failure.event_id))
    assert refused.value.code == "event-undecodable"
    service.call("discard_event", OPERATOR, event_id=str(failure.event_id), reason="noise")


def test_a_lost_message_is_sent_again_on_demand(service: RunningService) -> None:
    event_id, _ = park_a_reader(service)
    cure(service)
    with service.database.sessions.begin() as session:
        session.execute(update(FailedEvent).values(state="redriven"))
    with pytest.raises(Conflict):
        service.call("redrive_event", OPERATOR, event_id=event_id)
    service.call("redrive_event", OPERATOR, event_id=event_id, again=True)
    wait_until(lambda: not service.failures())


def test_operating_needs_the_permission(service: RunningService) -> None:
    nobody = caller("process.read:all")
    for operation, arguments in (
        ("describe_bus", {}),
        ("list_failed_events", {}),
        ("redrive_event", {"event_id": str(new_id())}),
        ("discard_event", {"event_id": str(new_id()), "reason": "x"}),
        ("replay_events", {"consumer": "library", "types": ["book.added"]}),
        ("restate_records", {"event_type": "book.added", "consumer": "library"}),
        ("empty_copies", {"source": "identity"}),
        ("tell_audit_rows", {"kind": "x"}),
    ):
        with pytest.raises(Forbidden):
            service.call(operation, nobody, **arguments)


def test_an_unknown_event_is_not_found(service: RunningService) -> None:
    for event_id in (str(new_id()), "x"):
        with pytest.raises(NotFound):
            service.call("redrive_event", OPERATOR, event_id=event_id)


def test_the_console_redrives_in_the_database_of_a_stopped_service(service: RunningService) -> None:
    event_id, reader_id = park_a_reader(service)
    cure(service)
    service.stop()
    console = Console(service.settings)
    try:
        assert [row["event_id"] for row in failed_events(console.call, "library", "parked")] == [event_id]
        console.call("library", "redrive_event", event_id=event_id, by="me")
    finally:
        service.start()
        console.close()
    wait_until(lambda: not service.failures())
    with service.database.sessions() as session:
        assert [copy.name for copy in session.query(ReaderCopy)] == ["李四"]
    assert len(sightings(service, reader_id)) == 1
