"""Webhooks through the entrypoints: real events in the real stream, real receivers on loopback."""

import json
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from identity.webhooks.delivery import RETENTION
from servicekit import NotFound, utcnow
from servicekit.base.ids import new_id
from servicekit.testing import RunningService, wait_until
from tests.identity.receivers import (
    ADMIN,
    BROKEN,
    OK,
    Message,
    a_subject,
    a_webhook,
    attempts,
    bind_feed,
    change,
    deliveries,
    execute,
    now,
    receiving,
    states,
    tell,
    webhook_now,
)


@pytest.fixture(autouse=True)
def _feed(service: RunningService) -> None:
    bind_feed(service, "contract")


def test_an_event_arrives_signed_and_as_it_was_published(service: RunningService) -> None:
    subject = a_subject()
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url)
        (event_id,) = tell(service, subject, "HT-1", name="上海云图")
        wait_until(lambda: states(service, webhook, subject=subject) == ["delivered"])
    (message,) = receiver.messages
    assert message.path == "/kehu" and message.id == event_id
    assert message.content_type == "application/cloudevents+json; charset=utf-8"
    assert message.event["data"] == {"contract_id": subject, "number": "HT-1", "name": "上海云图"}
    assert message.event["specversion"] == "1.0" and message.event["id"] == event_id
    assert message.is_signed_with(webhook["secret"])
    assert not message.is_signed_with("whsec_" + "QUJD" * 10)
    assert abs(int(message.headers["webhook-timestamp"]) - utcnow().timestamp()) < 300
    (attempt,) = attempts(service, webhook)
    assert (attempt["status"], attempt["error"], attempt["response"]) == (204, None, "")


def test_the_secret_is_shown_once_and_stands_in_no_event(service: RunningService) -> None:
    webhook = a_webhook(service, "https://hooks.example.com/T0K3N?key=s3cret", "receivable.settled")
    assert webhook["secret"].startswith("whsec_")
    rotated = service.call("rotate_webhook_secret", ADMIN, webhook_id=webhook["id"])
    assert rotated["secret"] != webhook["secret"] and rotated["previous_secret_until"] is not None
    shown = json.dumps(
        [
            webhook_now(service, webhook),
            change(service, webhook, description="ERP"),
            service.call("list_webhooks", ADMIN, query={}),
        ]
    )
    service.call("delete_webhook", ADMIN, webhook_id=webhook["id"])
    told = [event.data for event in service.published() if event.type.startswith("webhook.")]
    assert [event.type for event in service.published() if event.type.startswith("webhook.")] == [
        "webhook.created", "webhook.updated", "webhook.updated", "webhook.deleted",
    ]  # fmt: skip
    assert "whsec" not in shown + json.dumps(told)
    assert "s3cret" not in json.dumps(told) and told[0]["origin"] == "https://hooks.example.com"


def test_while_a_secret_is_being_replaced_both_sign(service: RunningService) -> None:
    with receiving() as receiver:
        old = a_webhook(service, receiver.url)
        new = service.call("rotate_webhook_secret", ADMIN, webhook_id=old["id"])
        tell(service, a_subject(), "HT-1")
        wait_until(lambda: receiver.messages)
        execute(service, "UPDATE webhook SET previous_secret_until = now() - interval '1 second'")
        tell(service, a_subject(), "HT-2")
        wait_until(lambda: len(receiver.messages) == 2)
    both, only_new = receiver.messages
    assert both.is_signed_with(old["secret"]) and both.is_signed_with(new["secret"])
    assert only_new.is_signed_with(new["secret"]) and not only_new.is_signed_with(old["secret"])


def test_only_the_types_and_values_asked_for_are_delivered(service: RunningService) -> None:
    large, small, other = a_subject(), a_subject(), a_subject()
    conditions = [{"field": "amount", "operator": "gte", "value": "10000.00"}]
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url, "contract.signed", conditions=conditions)
        tell(service, small, "HT-1", amount="9999.99")
        service.deliver(
            "contract",
            "contract.updated",
            {"contract_id": other, "amount": "20000.00"},
            subject=other,
            time=now(),
        )
        tell(service, large, "HT-2", amount="10000.00")
        wait_until(lambda: receiver.told(large))
    assert [delivery["subject"] for delivery in deliveries(service, webhook)] == [large]


def test_what_follows_about_a_record_waits_for_what_failed_and_other_records_do_not(
    service: RunningService,
) -> None:
    stuck, free = a_subject(), a_subject()
    mended: list[bool] = []

    def answer(message: Message) -> Any:
        return BROKEN if message.event["subject"] == stuck and not mended else OK

    with receiving(answer) as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, stuck, "1", "2", "3")
        wait_until(lambda: len(receiver.told(stuck)) >= 2)
        tell(service, free, "1", "2")
        wait_until(lambda: len(receiver.told(free)) == 2)
        tried = len(receiver.told(stuck))
        wait_until(lambda: len(receiver.told(stuck)) > tried)
        assert {number for _, number in receiver.told(stuck)} == {"1"}
        assert states(service, webhook, subject=stuck) == ["pending"] * 3
        mended.append(True)
        wait_until(lambda: states(service, webhook, subject=stuck) == ["delivered"] * 3)
    numbers = [number for _, number in receiver.told(stuck)]
    assert numbers[-3:] == ["1", "2", "3"] and set(numbers[:-3]) == {"1"}
    assert receiver.told(free) == [(free, "1"), (free, "2")]
    assert len({message.id for message in receiver.messages if message.event["data"]["number"] == "1"}) == 2
    failed = attempts(service, webhook, status="500")
    assert len(failed) == len(numbers) - 3
    assert failed[0]["response"] == "坏了 broken" and failed[0]["error"] == "the receiver did not accept it"


def test_what_is_never_taken_is_given_up_and_the_next_goes(service: RunningService) -> None:
    subject = a_subject()

    def answer(message: Message) -> Any:
        return BROKEN if message.event["data"]["number"] == "1" else OK

    with receiving(answer) as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, subject, "1", "2")
        wait_until(lambda: attempts(service, webhook))
        execute(
            service, "UPDATE webhook_delivery SET give_up_at = now() WHERE state = 'pending' AND tries > 0"
        )
        wait_until(lambda: states(service, webhook, subject=subject) == ["failed", "delivered"])
    assert receiver.told(subject)[-1] == (subject, "2")


def test_a_receiver_that_is_gone_switches_its_webhook_off(service: RunningService) -> None:
    with receiving(lambda message: ("410 Gone", [], b"")) as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, a_subject(), "1")
        wait_until(lambda: not webhook_now(service, webhook)["active"])
        tell(service, a_subject(), "2")
        (delivery,) = deliveries(service, webhook)
    assert delivery["state"] == "failed" and len(receiver.messages) == 1
    assert webhook_now(service, webhook)["stopped_because"] == "gone"
    (paused,) = service.published("webhook.paused")
    assert paused.data["webhook_id"] == webhook["id"] and paused.data["stopped_because"] == "gone"


def test_after_days_of_failure_a_webhook_is_paused_and_misses_nothing(service: RunningService) -> None:
    first, second = a_subject(), a_subject()
    mended: list[bool] = []
    with receiving(lambda message: OK if mended else BROKEN) as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, first, "1")
        wait_until(lambda: webhook_now(service, webhook)["failing_since"])
        assert webhook_now(service, webhook)["version"] == webhook["version"]
        execute(service, "UPDATE webhook SET failing_since = now() - interval '73 hours'")
        wait_until(lambda: not webhook_now(service, webhook)["active"])
        assert webhook_now(service, webhook)["stopped_because"] == "failing"
        (paused,) = service.published("webhook.paused")
        assert (
            paused.data["stopped_because"] == "failing" and paused.data["version"] == webhook["version"] + 1
        )
        assert REGISTRY.get_sample_value("kehu_webhooks_paused") == 1
        tell(service, second, "2")
        wait_until(lambda: states(service, webhook) == ["pending", "pending"])
        assert not receiver.told(second)
        mended.append(True)
        assert change(service, webhook, active=True)["failing_since"] is None
        assert REGISTRY.get_sample_value("kehu_webhooks_paused") == 0
        wait_until(lambda: states(service, webhook) == ["delivered", "delivered"])
    assert receiver.told(second) == [(second, "2")]


def test_one_success_ends_the_time_of_failure(service: RunningService) -> None:
    mended: list[bool] = []
    with receiving(lambda message: OK if mended else BROKEN) as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, a_subject(), "1")
        wait_until(lambda: webhook_now(service, webhook)["failing_since"])
        mended.append(True)
        wait_until(lambda: webhook_now(service, webhook)["failing_since"] is None)
        assert states(service, webhook) == ["delivered"]


def test_a_redirect_is_not_followed(service: RunningService) -> None:
    """R22."""
    with receiving() as inside:
        moved = ("302 Found", [("Location", inside.url)], b"")
        with receiving(lambda message: moved) as receiver:
            webhook = a_webhook(service, receiver.url)
            tell(service, a_subject(), "1")
            wait_until(lambda: attempts(service, webhook))
        assert attempts(service, webhook)[0]["status"] == 302
        assert "redirect" in attempts(service, webhook)[0]["error"]
        assert not inside.messages


def test_a_test_delivery_is_tried_once_also_while_the_webhook_is_off(service: RunningService) -> None:
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url, active=False)
        assert webhook["stopped_because"] == "administrator"
        sent = service.call("test_webhook", ADMIN, webhook_id=webhook["id"])
        wait_until(lambda: states(service, webhook) == ["delivered"])
        (message,) = receiver.messages
        assert message.event["type"] == sent["event_type"] == "webhook.test"
        assert message.is_signed_with(webhook["secret"]) and message.id == sent["event_id"]
        receiver.answer = lambda message: BROKEN
        service.call("test_webhook", ADMIN, webhook_id=webhook["id"])
        wait_until(lambda: states(service, webhook) == ["delivered", "failed"])
        tell(service, a_subject(), "1")
    assert len(receiver.messages) == 2
    assert webhook_now(service, webhook)["failing_since"] is None


def test_one_delivery_or_a_range_is_sent_again_with_the_same_id(service: RunningService) -> None:
    subject, other = a_subject(), a_subject()
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, subject, "1", "2")
        between = utcnow()
        tell(service, other, "3")
        wait_until(lambda: states(service, webhook) == ["delivered"] * 3)
        first = deliveries(service, webhook, subject=subject)[0]
        answer = service.call(
            "resend_webhook", ADMIN, webhook_id=webhook["id"], data={"delivery_id": first["id"]}
        )
        assert answer == {"count": 1}
        wait_until(lambda: len(receiver.messages) == 4)
        assert receiver.messages[3].id == first["event_id"]
        span = {"from": (between - timedelta(hours=1)).isoformat(), "to": between.isoformat()}
        assert service.call("resend_webhook", ADMIN, webhook_id=webhook["id"], data=span) == {"count": 2}
        wait_until(lambda: len(receiver.messages) == 6)
        wait_until(lambda: states(service, webhook) == ["delivered"] * 3)
        failed = {**span, "state": "failed"}
        assert service.call("resend_webhook", ADMIN, webhook_id=webhook["id"], data=failed) == {"count": 0}
        with pytest.raises(NotFound):
            service.call(
                "resend_webhook", ADMIN, webhook_id=webhook["id"], data={"delivery_id": str(new_id())}
            )
    assert [number for _, number in receiver.told(subject)] == ["1", "2", "1", "1", "2"]


def test_a_deleted_webhook_takes_everything_along(service: RunningService) -> None:
    with receiving(lambda message: BROKEN) as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, a_subject(), "1")
        wait_until(lambda: attempts(service, webhook))
        service.call("delete_webhook", ADMIN, webhook_id=webhook["id"])
        for operation in ("get_webhook", "list_webhook_deliveries", "list_webhook_attempts"):
            with pytest.raises(NotFound):
                arguments = {} if operation == "get_webhook" else {"query": {}}
                service.call(operation, ADMIN, webhook_id=webhook["id"], **arguments)
    with service.database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM webhook_delivery")) == 0


def test_old_deliveries_are_forgotten_and_waiting_ones_are_not(service: RunningService) -> None:
    subject = a_subject()

    def answer(message: Message) -> Any:
        return BROKEN if message.event["data"]["number"] == "2" else OK

    with receiving(answer) as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, subject, "1", "2")
        wait_until(lambda: attempts(service, webhook, status="500"))
        execute(service, "UPDATE webhook_delivery SET created_at = now() - interval '31 days'")
        RETENTION.forget(service.database, service.settings)
        assert states(service, webhook) == ["pending"]


def test_deliveries_are_found_by_state_type_and_record(service: RunningService) -> None:
    one, other = a_subject(), a_subject()
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url)
        tell(service, one, "1")
        tell(service, other, "1", "2")
        wait_until(lambda: states(service, webhook, state="delivered") == ["delivered"] * 3)
    assert len(deliveries(service, webhook, subject=other, event_type="contract.signed")) == 2
    assert deliveries(service, webhook, state="failed") == []
    (delivery,) = deliveries(service, webhook, subject=one)
    assert len(attempts(service, webhook, delivery_id=delivery["id"])) == 1
    assert delivery["give_up_at"] > (utcnow() + timedelta(hours=71)).isoformat()
