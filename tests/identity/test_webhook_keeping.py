"""Who keeps webhooks, and how they are changed (GW-62)."""

import pytest

from servicekit import Conflict, Forbidden, Invalid, NotFound
from servicekit.base.ids import new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import acting, an_account, the_administrator
from tests.identity.receivers import ADMIN, a_webhook, change


def test_webhooks_are_for_those_who_may_see_everything(service: RunningService) -> None:
    admin = the_administrator(service)
    webhook = a_webhook(service, "https://erp.example.com/", who=admin)
    salesperson = acting(service, an_account(service, admin)["id"])
    for who in (
        salesperson,
        caller("webhook.read", "webhook.write"),
        caller("webhook.read:department", "webhook.write:department"),
    ):
        for operation, arguments in (
            ("list_webhooks", {"query": {}}),
            ("get_webhook", {"webhook_id": webhook["id"]}),
            ("create_webhook", {"data": {"url": "https://x.example.com/", "event_types": ["*"]}}),
            ("update_webhook", {"webhook_id": webhook["id"], "data": {"active": False}}),
            ("delete_webhook", {"webhook_id": webhook["id"]}),
            ("rotate_webhook_secret", {"webhook_id": webhook["id"]}),
            ("test_webhook", {"webhook_id": webhook["id"]}),
            ("resend_webhook", {"webhook_id": webhook["id"], "data": {"delivery_id": str(new_id())}}),
            ("list_webhook_deliveries", {"webhook_id": webhook["id"], "query": {}}),
            ("list_webhook_attempts", {"webhook_id": webhook["id"], "query": {}}),
        ):
            with pytest.raises(Forbidden) as refused:
                service.call(operation, who, **arguments)
            assert refused.value.code == "permission-required"
    with pytest.raises(NotFound) as missing:
        service.call("get_webhook", admin, webhook_id=str(new_id()))
    assert missing.value.code == "webhook-not-found"


def test_a_webhook_is_changed_as_every_record_is(service: RunningService) -> None:
    webhook = a_webhook(service, "https://erp.example.com/")
    changed = change(service, webhook, event_types=["receipt.*"], description="金蝶")
    assert changed["event_types"] == ["receipt.*"] and changed["url"] == webhook["url"]
    assert changed["version"] == webhook["version"] + 1
    with pytest.raises(Conflict):
        service.call(
            "update_webhook", ADMIN, {"if_match": "1"}, webhook_id=webhook["id"], data={"active": False}
        )
    with pytest.raises(Invalid) as refused:
        change(service, webhook, url="http://user@erp.example.com/")
    assert [error["field"] for error in refused.value.errors] == ["url"]
    found = service.call("list_webhooks", ADMIN, query={"filter[description][contains]": "金蝶"})
    assert [item["id"] for item in found["items"]] == [webhook["id"]]
    first = service.call(
        "create_webhook",
        ADMIN,
        {"idempotency_key": "k1"},
        data={"url": "https://a.example.com/", "event_types": ["*"]},
    )
    again = service.call(
        "create_webhook",
        ADMIN,
        {"idempotency_key": "k1"},
        data={"url": "https://a.example.com/", "event_types": ["*"]},
    )
    assert again == {**first, "secret": None}
