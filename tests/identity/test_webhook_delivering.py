"""Sending: shared by several processes without doubles, bounded, and repeated after a death."""

import socket
import ssl
import subprocess
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import eventlet
import pytest
from eventlet import wsgi
from sqlalchemy import text

from identity.webhooks.delivering import Deliverer
from identity.webhooks.sending import post
from servicekit.base.database import Database
from servicekit.testing import RunningService, wait_until
from tests.identity.receivers import (
    ADMIN,
    BROKEN,
    OK,
    Message,
    Receiver,
    a_subject,
    a_webhook,
    bind_feed,
    deliveries,
    now,
    receiving,
    tell,
)


@pytest.fixture
def deliverers(service: RunningService) -> Any:
    """Two deliverers of other processes; the service's own one rests."""
    bind_feed(service, "contract")
    own = next(
        each.worker for each in service.container.dependencies if each.attr_name == "webhook_deliverer"
    )
    claim, own.claim = own.claim, list
    databases = [
        Database(service.settings.database_url_of("identity"), 5, "kehu-deliverer") for _ in range(2)
    ]
    yield [Deliverer(database, service.settings) for database in databases]
    own.claim = claim
    for database in databases:
        database.dispose()


def waiting(service: RunningService, webhook: dict[str, Any], count: int) -> None:
    """Wait until so many events wait for a webhook."""
    wait_until(lambda: len(deliveries(service, webhook, state="pending")) == count)


def execute(service: RunningService, statement: str) -> None:
    with service.database.sessions.begin() as session:
        session.execute(text(statement))


def test_two_deliverers_share_the_work_without_doubles_and_keep_the_order(
    service: RunningService, deliverers: list[Deliverer]
) -> None:
    subjects = [a_subject() for _ in range(10)]
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url)
        for number in ("1", "2", "3"):
            for subject in subjects:
                tell(service, subject, number)
        waiting(service, webhook, 30)
        threads = [threading.Thread(target=deliverer.run) for deliverer in deliverers]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(deliveries(service, webhook, state="delivered")) == 30)
        for deliverer in deliverers:
            deliverer.stop()
        for thread in threads:
            thread.join()
    assert len(receiver.messages) == 30
    for subject in subjects:
        assert [number for _, number in receiver.told(subject)] == ["1", "2", "3"]


def test_a_claim_is_bounded_by_target_and_all_together(
    service: RunningService, deliverers: list[Deliverer]
) -> None:
    one, other = deliverers
    hooks = [
        a_webhook(service, "http://127.0.0.1:9/", f"contract.{verb}")
        for verb in ("signed", "updated", "created")
    ]
    for verb in ("signed", "updated", "created"):
        for _ in range(6):
            subject = a_subject()
            service.deliver("contract", f"contract.{verb}", {}, subject=subject, time=now())
    for webhook in hooks:
        waiting(service, webhook, 6)
    first, second = one.claim(), other.claim()
    assert len(first) == 8 and second == []
    counts = Counter(letter.webhook_id for letter in first)
    assert sorted(counts.values()) == [2, 3, 3]
    # One that fails has one attempt at a time, and comes last.
    execute(service, "UPDATE webhook_delivery SET leased_until = NULL")
    failing = hooks[0]["id"]
    execute(service, f"UPDATE webhook SET failing_since = now() WHERE id = '{failing}'")
    assert failing not in {str(letter.webhook_id) for letter in one.claim()}
    execute(
        service,
        f"UPDATE webhook_delivery SET state = 'delivered', leased_until = NULL WHERE webhook_id <> '{failing}'",
    )
    assert len(one.claim()) == 1 and other.claim() == []


def test_news_of_one_goes_before_what_others_have_to_catch_up_on(
    service: RunningService, deliverers: list[Deliverer]
) -> None:
    """(K-9) Two receivers that are slow, or begin in the past, would have it wait for all that is theirs."""
    one, other = deliverers
    behind = [a_webhook(service, "http://127.0.0.1:9/", f"contract.{verb}") for verb in ("signed", "updated")]
    for verb in ("signed", "updated"):
        for _ in range(8):
            service.deliver("contract", f"contract.{verb}", {}, subject=a_subject(), time=now())
    for webhook in behind:
        waiting(service, webhook, 8)
    news = a_webhook(service, "http://127.0.0.1:9/", "contract.created")
    service.deliver("contract", "contract.created", {}, subject=a_subject(), time=now())
    waiting(service, news, 1)
    assert UUID(news["id"]) in {letter.webhook_id for letter in one.claim()}
    for _ in range(12):
        service.call("test_webhook", ADMIN, webhook_id=behind[0]["id"])
    execute(service, "UPDATE webhook_delivery SET leased_until = NULL")
    assert len(one.claim()) == 4
    assert len(other.claim()) <= 4


def test_a_process_that_died_while_sending_is_replaced_and_the_id_stays_the_same(
    service: RunningService, deliverers: list[Deliverer]
) -> None:
    one, other = deliverers
    subject = a_subject()
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, subject, "1", "2")
        waiting(service, webhook, 2)
        (letter,) = one.claim()
        post(letter.url, letter.body, {"webhook-id": str(letter.event_id)}, seconds=10, allow_private=True)
        # It dies here: sent, and not written down.
        assert other.claim() == []
        execute(service, "UPDATE webhook_delivery SET leased_until = now() WHERE leased_until IS NOT NULL")
        (again,) = other.claim()
        assert again.event_id == letter.event_id and other.attempt(again).ok
        # And should it only have been slow, what it has to say changes nothing any more.
        receiver.answer = lambda message: BROKEN
        assert not one.attempt(letter).ok
        assert [each["state"] for each in deliveries(service, webhook)] == ["delivered", "pending"]
    assert {message.id for message in receiver.messages} == {str(letter.event_id)}


def test_a_webhook_deleted_in_the_middle_of_an_attempt_leaves_nothing(
    service: RunningService, deliverers: list[Deliverer]
) -> None:
    one, _ = deliverers
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, a_subject(), "1")
        waiting(service, webhook, 1)
        (letter,) = one.claim()
        execute(service, "DELETE FROM webhook")
        assert one.attempt(letter).ok
    with service.database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM webhook_attempt")) == 0


def test_a_private_address_is_refused_at_the_moment_of_sending(
    service: RunningService, deliverers: list[Deliverer]
) -> None:
    """R22: the name may have stood for another address when the webhook was made."""
    one, _ = deliverers
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, a_subject(), "1")
        waiting(service, webhook, 1)
        one.settings.identity_webhook_allow_private = False
        (letter,) = one.claim()
        outcome = one.attempt(letter)
    assert outcome.status is None and outcome.error == "refused: 127.0.0.1 is not a public address."
    assert receiver.messages == []


def test_the_connection_is_made_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: a name that stands for another address the next time (rebinding) changes nothing."""
    looked_up = []
    real = socket.getaddrinfo
    with receiving() as receiver:

        def lookup(host: str, port: int, *more: Any, **options: Any) -> Any:
            if host == "rebind.example.com":
                looked_up.append(host)
                host = "127.0.0.1" if len(looked_up) == 1 else "192.0.2.1"
            return real(host, port, *more, **options)

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        url = f"http://rebind.example.com:{receiver.port}/x"
        assert post(url, b"{}", {}, seconds=10, allow_private=True).status == 204
    assert looked_up == ["rebind.example.com"]
    assert receiver.messages[0].headers["host"] == f"rebind.example.com:{receiver.port}"


def test_a_receiver_has_so_much_time_for_everything_together() -> None:
    """Also if it sends a byte now and then, which a socket's own timeout would never end."""

    def drip(connection: Any) -> None:
        with connection:
            try:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    connection.sendall(b"X")
                    eventlet.sleep(0.02)
            except OSError:
                pass

    listener = eventlet.listen(("127.0.0.1", 0))
    server = eventlet.spawn(lambda: drip(listener.accept()[0]))
    outcome = post(
        f"http://127.0.0.1:{listener.getsockname()[1]}/", b"{}", {}, seconds=0.3, allow_private=True
    )
    assert outcome.status is None and outcome.error == "no answer within 0.3 s"
    assert outcome.milliseconds >= 300
    server.wait()
    listener.close()


def test_of_a_huge_answer_only_the_beginning_is_read() -> None:
    huge = ("200 OK", [], b"\x00\xff" + "长".encode() * 2_000_000)
    with receiving(lambda message: huge) as receiver:
        outcome = post(receiver.url, b"{}", {}, seconds=10, allow_private=True)
    assert outcome.ok and len(outcome.excerpt) == 500
    assert outcome.excerpt.startswith("\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}长长")


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"", "RemoteDisconnected"),
        (b"SSH-2.0-OpenSSH\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200, "got more than"),
    ],
)
def test_what_is_no_http_is_a_failure_like_any_other(answer: bytes, what: str) -> None:
    listener = eventlet.listen(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(1000)
        connection.sendall(answer)
        connection.close()

    server = eventlet.spawn(serve)
    outcome = post(
        f"http://127.0.0.1:{listener.getsockname()[1]}/", b"{}", {}, seconds=10, allow_private=True
    )
    assert outcome.status is None and outcome.error is not None and what in outcome.error
    server.wait()
    listener.close()
    refused = post("http://127.0.0.1:9/", b"", {}, seconds=5, allow_private=True)
    assert refused.error is not None and "refused" in refused.error.lower()


def test_a_certificate_must_be_the_hosts_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-keyout", str(key), "-out", str(certificate), "-subj", "/CN=erp.example.com",
         "-addext", "subjectAltName=DNS:erp.example.com"],
        check=True, capture_output=True,
    )  # fmt: skip
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo",
        lambda host, *more, **options: real("127.0.0.1" if host.endswith("example.com") else host, *more, **options),
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = context.wrap_socket(eventlet.listen(("127.0.0.1", 0)), server_side=True)
    receiver = Receiver(listener.getsockname()[1], lambda message: OK)
    server = eventlet.spawn(wsgi.server, listener, receiver, log_output=False)
    trusting = ssl.create_default_context(cafile=str(certificate))
    port = receiver.port
    good = post(f"https://erp.example.com:{port}/", b"{}", {}, seconds=10, allow_private=True, tls=trusting)
    other = post(
        f"https://other.example.com:{port}/", b"{}", {}, seconds=10, allow_private=True, tls=trusting
    )
    unknown = post(f"https://erp.example.com:{port}/", b"{}", {}, seconds=10, allow_private=True)
    server.kill()
    listener.close()
    assert good.status == 204, good.error
    assert [outcome.status for outcome in (other, unknown)] == [None, None]
    assert all("TLS" in str(outcome.error) for outcome in (other, unknown))
    assert len(receiver.messages) == 1
    assert isinstance(receiver.messages[0], Message)
