"""Many at once: one winner, and money conserved (R13, R23)."""

from __future__ import annotations

import time
from decimal import Decimal
from functools import partial
from typing import Any

from figures import Figures
from signing import TODAY
from world import World, side_by_side

from client import Client, HttpError


def asked(world: World, method: str, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    """Status and body of one request on a connection of its own."""
    client = Client(world.url, patience=0.0, token=world.admin.token)
    try:
        answer = client.send(method, path, body=body, headers=headers)
        return answer.status, answer.body
    except HttpError as error:
        return error.status, error.problem
    finally:
        if client._connection is not None:
            client._connection.close()


def at_once(
    world: World, times: int, method: str, path: str, body: Any, **headers: str
) -> list[tuple[int, Any]]:
    return side_by_side([partial(asked, world, method, path, body, **headers) for _ in range(times)])


def a_draft(world: World, amount: str = "1000.00") -> dict[str, Any]:
    body = {"customer_id": world.a_customer(), "name": f"竞争 {time.time_ns()}", "nature": "income",
            "payment_mode": "one_off", "currency": "CNY", "amount": amount}  # fmt: skip
    drafted: dict[str, Any] = world.admin.post("/v1/contracts", body)
    return drafted


def receivables_of(world: World, contract_id: str) -> list[dict[str, Any]]:
    until = time.monotonic() + 20
    path = f"/v1/receivables?filter[contract_id]={contract_id}"
    while not (found := world.admin.get(path)["items"]) and time.monotonic() < until:
        time.sleep(0.1)
    return list(found)


def test_of_many_at_once_one_wins(world: World, figures: Figures) -> None:
    """Convert, sign, change and pay by many at once: one winner each, and money conserved to the cent."""
    rounds = world.size(1, 20)
    winners: dict[str, list[int]] = {
        "convert": [],
        "sign": [],
        "If-Match": [],
        "one key": [],
        "other body": [],
    }
    strays: list[tuple[int, Any]] = []
    for _ in range(rounds):
        lead = world.admin.post(
            "/v1/leads", {"company_name": f"竞争 {time.time_ns()}", "contact_name": "周静怡"}
        )
        tried = {
            "convert": at_once(world, 20, "POST", f"/v1/leads/{lead['id']}/convert", {"opportunity": None})
        }
        draft = a_draft(world)
        path = f"/v1/contracts/{draft['id']}"
        match = {"If-Match": f'"{draft["version"]}"'}
        tried["If-Match"] = at_once(world, 10, "PATCH", path, {"remark": "改"}, **match)
        world.admin.post_once_known(f"{path}/submit")
        tried["sign"] = at_once(world, 10, "POST", f"{path}/sign", {"signed_on": TODAY})
        for name, answers in tried.items():
            winners[name].append(sum(status < 300 for status, _ in answers))
            strays += [a for a in answers if a[0] >= 300 and a[0] not in (409, 412)]
        key = {"Idempotency-Key": f"race-{time.time_ns()}"}
        body = {"name": f"竞争客户 {time.time_ns()}", "kind": "company"}
        same = at_once(world, 10, "POST", "/v1/customers", body, **key)
        winners["one key"].append(len({answer["id"] for status, answer in same if status == 201}))
        strays += [a for a in same if a[0] not in (201, 409)]
        other = asked(world, "POST", "/v1/customers", {**body, "name": "另一个"}, **key)
        winners["other body"].append(int(other[0] == 422))
        strays += pay_at_once(world, draft["id"])
    for name, counts in winners.items():
        figures.note(f"{name}: most winners of a race", max(counts), at_most=1)
    figures.note("races", rounds * (len(winners) + 1))
    figures.note("answers that were neither success nor a refusal", len(strays), at_most=0)
    assert all(count == 1 for counts in winners.values() for count in counts), winners
    assert strays == []


def pay_at_once(world: World, contract_id: str) -> list[tuple[int, Any]]:
    """Ten pay 300 of 1,000 at once: three get through, and 100 is left."""
    owed = receivables_of(world, contract_id)
    assert [one["amount"] for one in owed] == ["1000.00"], "signed ten times at once, owed once"
    receipt = {
        "receivable_id": owed[0]["id"],
        "amount": "300.00",
        "received_on": TODAY,
        "bank_account_id": None,
    }
    answers = at_once(world, 10, "POST", "/v1/receipts", receipt)
    left = world.admin.get(f"/v1/receivables/{owed[0]['id']}")
    paid = sum(Decimal("300.00") for status, _ in answers if status == 201)
    assert Decimal(left["outstanding_amount"]) == Decimal("1000.00") - paid
    assert paid <= Decimal("1000.00")
    return [answer for answer in answers if answer[0] not in (201, 409)]
