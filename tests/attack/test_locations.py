"""Every operation that creates says where the record is read, and there it is (K-4)."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from tests.attack.records import TODAY
from tests.attack.routes import Routes
from tests.attack.world import World


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """Return what is sent where the example names what there is not, or what there is already."""
    mark = secrets.token_hex(4)
    return {
        "POST /v1/accounts": {
            "username": f"located.{mark}",
            "display_name": "定位",
            "department_id": world.ids["department_id"],
            "password": secrets.token_urlsafe(16),
        },
        "POST /v1/approval-delegations": {
            "account_id": world.accounts["superior"],
            "delegate_id": world.accounts["owner"],
            "starts_at": f"{TODAY + timedelta(days=60)}T00:00:00Z",
            "ends_at": f"{TODAY + timedelta(days=61)}T00:00:00Z",
        },
        "POST /v1/departments": {"name": f"定位 {mark}", "parent_id": None},
        "POST /v1/pools": {
            "name": f"定位 {mark}",
            **dict.fromkeys(("members_group_id", "admins_group_id"), world.ids["user_group_id"]),
        },
        "POST /v1/products": {
            "name": f"定位 {mark}",
            "code": f"L-{mark}",
            "price": "1.00",
            "currency": "CNY",
        },
        "POST /v1/roles": {"code": f"located_{mark}", "name": mark, "permissions": {"customer.read": "own"}},
        "POST /v1/bank-accounts": {
            "name": f"定位 {mark}",
            "bank": "招商银行",
            "number": f"1219{int(mark, 16):012d}",
            "currency": "CNY",
        },
        "POST /v1/service-accounts": {"name": f"定位 {mark}", "permissions": {"customer.read": "own"}},
        "POST /v1/webhooks": {
            "url": "https://receiver.example.com/kehu",
            "event_types": ["contract.*"],
            "active": False,
        },
        "POST /v1/receipts": {
            "receivable_id": world.ids["receivable_id"],
            "amount": "1.00",
            "received_on": TODAY.isoformat(),
            "bank_account_id": world.ids["bank_account_id"],
        },
        "POST /v1/payments": {
            "payable_id": world.ids["payable_id"],
            "amount": "1.00",
            "paid_on": TODAY.isoformat(),
            "bank_account_id": world.ids["bank_account_id"],
        },
    }


def test_every_record_that_is_created_can_be_read_where_its_location_says(
    world: World, routes: Routes
) -> None:
    """(K-4): contacts, addresses, activities and notes were said to be where nothing is."""
    suiting, admin = bodies(world), world.administrator
    lost = []
    for route in routes.all:
        if "201" not in route.declared["responses"]:
            continue
        body = suiting.get(route.name) or {**(world.filled(routes.body_of(route)) or {})}
        if route.name not in suiting:
            body |= {named: f"L-{secrets.token_hex(4)}" for named in ("name", "code") if named in body}
        answer = admin.post(world.path_of(route), json=body)
        assert answer.status_code == 201, (route.name, answer.text)
        found = admin.get(answer.headers["location"])
        if found.status_code != 200 or found.json()["id"] != answer.json()["id"]:
            lost.append((route.name, answer.headers["location"], found.status_code))
        assert "Location" in route.declared["responses"]["201"]["headers"], route.name
    assert not lost


def test_nothing_else_says_where_a_record_is(world: World) -> None:
    """(K-4): only what is created has a Location."""
    path = f"/v1/customers/{world.ids['customer_id']}"
    assert "location" not in world.administrator.get(path).headers


@pytest.mark.parametrize("noun", ["customer", "lead", "opportunity"])
def test_a_part_of_another_record_is_not_found(world: World, noun: str) -> None:
    """(K-4): an activity is read within its own record alone."""
    plurals = {"customer": "customers", "lead": "leads", "opportunity": "opportunities"}
    own = f"/v1/{plurals[noun]}/{world.ids[f'{noun}_id']}/activities"
    of_others = [part for path, part in world.parts.items() if path != own]
    for part in of_others:
        answer = world.administrator.get(f"{own}/{part}")
        assert (answer.status_code, answer.json()["code"]) == (404, "activity-not-found")
