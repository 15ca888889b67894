"""The history of customers: every change, and every look (CU-23)."""

from typing import Any

from servicekit.testing import RunningService, wait_until
from tests.customer.people import a_customer, a_salesperson


def history(service: RunningService, who: Any, customer: Any, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.call(
        "list_customer_history", who, customer_id=customer["id"], query=query
    )["items"]
    return found


def test_who_looked_at_a_customer_is_told_once_a_minute(service: RunningService) -> None:
    who = a_salesperson()
    customer = a_customer(service, who)
    for _ in range(3):
        service.call("get_customer", who, {"client_address": "203.0.113.7"}, customer_id=customer["id"])
    seen = wait_until(lambda: history(service, who, customer, **{"filter[kind]": "viewed"}))
    assert [(look["actor_id"], look["address"], look["changes"]) for look in seen] == [
        (str(who.account_id), "203.0.113.7", {})
    ]


def test_what_a_customer_is_found_by_is_in_no_history(service: RunningService) -> None:
    who = a_salesperson()
    customer = a_customer(service, who, phone="138 0013 8000")
    service.call("update_customer", who, customer_id=customer["id"], data={"name": "蓝鲸科技"})
    changed, created = history(service, who, customer, **{"filter[kind][in]": "created,changed"})
    assert changed["changes"] == {"name": ["上海云图科技有限公司", "蓝鲸科技"]}
    assert created["changes"].keys() <= customer.keys()
