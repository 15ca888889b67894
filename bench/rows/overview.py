"""The customer overview, seven sections from five services and the session from a sixth, against its slowest one."""

import time
from statistics import median

import orjson

from bench.measure import Report, Row, Size, shown
from bench.office import Office, one_worker
from bench.stage import Stage, wait_for
from client import Client
from stack.output import Trouble

ROWS = 10
"""Records in each section, as many as the overview shows."""


def measure(stage: Stage, size: Size) -> Report:
    """Ask one after the other for the overview and for each section, as the overview asks for it."""
    one_worker(stage)
    office = Office(stage)
    _fill(office)
    overview = f"/v1/customers/{office.customer_id}/overview"
    of_customer, by_customer = (
        f"/v1/customers/{office.customer_id}",
        f"filter[customer_id]={office.customer_id}",
    )
    listed = f"?{by_customer}&limit={ROWS}&sort=-created_at"
    sections = {
        "customer": of_customer,
        "contacts": f"{of_customer}/contacts?limit={ROWS}",
        "activities": f"{of_customer}/activities?limit={ROWS}",
        "opportunities": f"/v1/opportunities{listed}",
        "contracts": f"/v1/contracts{listed}",
        "receivables": f"/v1/receivables{listed}",
        "cases": f"/v1/cases{listed}",
    }
    wait_for(lambda: _complete(office.client.get(overview)), 20, "a complete overview", pause=0.2)
    whole: list[float] = []
    slowest: list[float] = []
    alone: dict[str, list[float]] = {name: [] for name in sections}
    for _ in range(size.rounds):
        whole.append(_p50(office.client, overview, size.requests))
        for name, path in sections.items():
            alone[name].append(_p50(office.client, path, size.requests))
        slowest.append(max(figures[-1] for figures in alone.values()))
    parts = ", ".join(f"{name} {shown(median(figures))}" for name, figures in alone.items())
    row = Row(
        "overview of seven sections, p50", "ms", whole, "its slowest section alone", slowest, 2.0, at_least=False,
        note=f"the sections alone, in ms: {parts}",
    )  # fmt: skip
    return Report([row])


def _fill(office: Office) -> None:
    for place in range(ROWS):
        of_customer = f"/v1/customers/{office.customer_id}"
        office.client.post(f"{of_customer}/contacts", {"name": f"王强{place}"})
        office.client.post(
            f"{of_customer}/activities", {"kind": "visit", "content": f"演示了报价流程 {place}"}
        )
        office.client.post(
            "/v1/opportunities", {"name": f"CRM 采购 {place}", "customer_id": office.customer_id}
        )
        case = {"customer_id": office.customer_id, "subject": f"无法导出客户列表 {place}", "channel": "phone"}
        office.client.post("/v1/cases", case)
    for contract_id in office.approved_contracts(ROWS):
        office.client.post(f"/v1/contracts/{contract_id}/sign", {"signed_on": "2026-11-22"})


def _complete(overview: dict[str, dict[str, object]]) -> bool:
    refused = [name for name, section in overview.items() if section["status"] == "forbidden"]
    if refused:
        raise Trouble(f"the overview refuses {', '.join(refused)}")
    return all(
        section["status"] == "ok" and (name == "customer" or len(section["items"]) == ROWS)  # type: ignore[arg-type]
        for name, section in overview.items()
    )


def _p50(client: Client, path: str, requests: int) -> float:
    """Return the middle duration of requests one after the other, in milliseconds."""
    durations = []
    for _ in range(requests):
        began = time.perf_counter()
        answer = client.send("GET", path)
        durations.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise Trouble(f"{path} answered {answer.status}: {orjson.dumps(answer.body)[:200]!r}")
    return median(durations)
