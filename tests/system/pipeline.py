"""The real pipeline: drives a year of a company's sales through the HTTP API, as its clients would.

Reads ``../shared/data/maven-crm``: regional offices, managers and agents become departments and accounts, accounts
customers, the pipeline opportunities owned by their agents; each Won row becomes a signed contract, and finance raises
its receivable. ``make pipeline`` runs all of it on a platform of its own; the test suite a fixed fortieth.
"""

from __future__ import annotations

import contextlib
import csv
import secrets
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "maven-crm"
sys.path.insert(0, str(ROOT / "deploy" / "local"))

from client import Client  # noqa: E402 - the script finds its own way to it

WORKERS = 6
"""Agents at work side by side."""

SPELLINGS = {"GTXPro": "GTX Pro"}
"""Products that the pipeline spells otherwise than the catalogue."""

DIRECTOR = "Maven Director"
"""An account that sees all that these people have, and nothing that others on the platform have."""

STAGES = {"Prospecting": "prospecting", "Engaging": "engaging", "Won": "won", "Lost": "lost"}


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the files."""
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def iso(us_date: str) -> str | None:
    """Return ``3/1/2017`` as ``2017-03-01``, and None for an empty cell."""
    return datetime.strptime(us_date, "%m/%d/%Y").date().isoformat() if us_date else None


@dataclass
class Timings:
    """How long each kind of step took, in seconds."""

    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        started = time.perf_counter()
        yield
        with self._lock:
            self.steps[name].append(time.perf_counter() - started)

    def slowest(self) -> tuple[str, float]:
        """Return the kind of step with the highest median, and that median."""
        medians = {name: sorted(times)[len(times) // 2] for name, times in self.steps.items()}
        return max(medians.items(), key=lambda item: item[1])


class Pipeline:
    """One run of the pipeline against a platform.

    Args:
        url: the gateway.
        admin_password: of the account ``admin``.
        every: 1 for all opportunities, 10 for each tenth.
    """

    def __init__(self, url: str, admin_password: str, every: int = 1) -> None:
        self.url = url
        self.admin = Client(url).sign_in("admin", admin_password)
        self.rows = read("sales_pipeline.csv")[::every]
        self.timings = Timings()
        self.passwords: dict[str, str] = {}
        self.accounts: dict[str, str] = {}
        self.customers: dict[str, str] = {}
        self.products: dict[str, str] = {}
        self.managers: dict[str, list[str]] = defaultdict(list)

    def run(self) -> None:
        """Load the people, the customers and the products, then let the agents work."""
        self.load_people()
        self.load_products()
        self.load_customers()
        by_agent: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.rows:
            by_agent[row["sales_agent"]].append(row)
        # The busiest first, so that no single agent is left working alone at the end.
        agents = sorted(by_agent, key=lambda agent: -len(by_agent[agent]))
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lambda agent: self.work_as(agent, by_agent[agent]), agents))

    def load_people(self) -> None:
        """Make a department of the company, each office and each manager's team, and an account a person."""
        company = self.department("Maven Sales", None)
        # Agents sell to each other's accounts here, which needs that they may see them (SA-25).
        sight = {"code": "sees_customers", "name": "Sees customers", "permissions": {"customer.read": "all"}}
        self.admin.post("/v1/roles", sight)
        self.account(DIRECTOR, company, "sales_manager")
        self.director = self.sign_in(DIRECTOR)
        offices: dict[str, str] = {}
        teams: dict[str, str] = {}
        for person in read("sales_teams.csv"):
            office, manager = person["regional_office"], person["manager"]
            if office not in offices:
                offices[office] = self.department(office, company)
            if manager not in teams:
                teams[manager] = self.department(f"Team {manager}", offices[office])
                self.account(manager, teams[manager], "sales_manager")
            roles = ["salesperson", "sees_customers"]
            self.account(person["sales_agent"], teams[manager], *roles, manager_id=self.accounts[manager])
            self.managers[manager].append(person["sales_agent"])

    def department(self, name: str, parent_id: str | None) -> str:
        """Create a department and return its id."""
        with self.timings.step("create department"):
            return str(self.admin.post("/v1/departments", {"name": name, "parent_id": parent_id})["id"])

    def account(self, name: str, department_id: str, *roles: str, manager_id: str | None = None) -> None:
        """Create an account that can sign in at once."""
        self.passwords[name] = secrets.token_urlsafe(12)
        body = {
            "username": self.username(name), "display_name": name, "department_id": department_id,
            "roles": list(roles), "password": self.passwords[name], "manager_id": manager_id,
        }  # fmt: skip
        with self.timings.step("create account"):
            self.accounts[name] = self.admin.post("/v1/accounts", body)["id"]

    @staticmethod
    def username(name: str) -> str:
        """Return the account name of a person."""
        return name.lower().replace(" ", ".")

    def sign_in(self, name: str) -> Client:
        """Return a client signed in as a person."""
        with self.timings.step("sign in"):
            return Client(self.url).sign_in(self.username(name), self.passwords[name])

    def load_products(self) -> None:
        """Create the catalogue."""
        for row in read("products.csv"):
            body = {
                "name": row["product"], "code": row["product"].replace(" ", "-").upper(),
                "category": row["series"], "price": row["sales_price"], "currency": "USD", "unit": "licence",
            }  # fmt: skip
            with self.timings.step("create product"):
                self.products[row["product"]] = self.admin.post("/v1/products", body)["id"]

    def load_customers(self) -> None:
        """Create the customers; the agent with the most deals there is the owner."""
        deals: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.rows:
            deals[row["account"]][row["sales_agent"]] += 1
        for row in read("accounts.csv"):
            name = row["account"]
            body = {
                "name": name,
                "industry": row["sector"],
                "region": row["office_location"],
                "kind": "company",
            }
            if deals[name]:
                body["owner_id"] = self.accounts[deals[name].most_common(1)[0][0]]
            with self.timings.step("create customer"):
                self.customers[name] = self.admin.post("/v1/customers", body)["id"]

    def work_as(self, agent: str, rows: list[dict[str, str]]) -> None:
        """Do one agent's year: open opportunities, win and lose them, and sign what was won."""
        with contextlib.closing(self.sign_in(agent)) as client:
            for row in rows:
                self.follow(client, row)

    def follow(self, client: Client, row: dict[str, str]) -> None:
        """Take one opportunity as far as its row says."""
        opportunity_id = self.open(client, row)
        closed_on = iso(row["close_date"])
        address = f"/v1/opportunities/{opportunity_id}"
        if row["deal_stage"] == "Won":
            with self.timings.step("win"):
                client.post(f"{address}/win", {"closed_on": closed_on, "amount": f"{row['close_value']}.00"})
            self.sign(client, row, opportunity_id)
        elif row["deal_stage"] == "Lost":
            with self.timings.step("lose"):
                client.post(f"{address}/lose", {"closed_on": closed_on, "reason": "other"})

    def open(self, client: Client, row: dict[str, str]) -> str:
        """Create the opportunity of a row, in the stage it was engaged in."""
        product = SPELLINGS.get(row["product"], row["product"])
        body = {
            "name": f"{row['account'] or 'No account'} – {product} – {row['opportunity_id']}",
            "product_id": self.products[product],
            "currency": "USD",
            "amount": f"{row['close_value'] or 0}.00",
            "stage": "prospecting" if row["deal_stage"] == "Prospecting" else "engaging",
        }
        if row["account"]:
            body["customer_id"] = self.customers[row["account"]]
        if engaged := iso(row["engage_date"]):
            body["started_on"] = engaged
        with self.timings.step("create opportunity"):
            return str(client.post("/v1/opportunities", body)["id"])

    def sign(self, client: Client, row: dict[str, str], opportunity_id: str) -> None:
        """Draft, submit and sign the contract of a won opportunity, on the day it was won."""
        product = SPELLINGS.get(row["product"], row["product"])
        value, closed_on = f"{row['close_value']}.00", iso(row["close_date"])
        body = {
            "customer_id": self.customers[row["account"]],
            "opportunity_id": opportunity_id,
            "name": f"{row['account']} {row['opportunity_id']}",
            "nature": "income",
            "payment_mode": "one_off",
            "currency": "USD",
            "amount": value,
            "starts_on": closed_on,
            "lines": [{"product_id": self.products[product], "quantity": "1", "price": value}],
        }
        with self.timings.step("create contract"):
            address = f"/v1/contracts/{client.post('/v1/contracts', body)['id']}"
        with self.timings.step("submit contract"):
            client.post_once_known(f"{address}/submit")
        with self.timings.step("sign contract"):
            client.post(f"{address}/sign", {"signed_on": closed_on})

    def expected_stages(self) -> Counter[str]:
        """Return how many opportunities belong in each stage."""
        return Counter(STAGES[row["deal_stage"]] for row in self.rows)

    def expected_sum(self) -> Decimal:
        """Return what all receivables together must be."""
        return sum(
            (Decimal(row["close_value"]) for row in self.rows if row["deal_stage"] == "Won"), Decimal(0)
        )

    def count(self, client: Client, path: str) -> int:
        """Return how many records of a list a client sees."""
        joint = "&" if "?" in path else "?"
        return int(client.get(f"{path}{joint}limit=1&count=true")["total"])

    def stages(self) -> Counter[str]:
        """Return how many opportunities the platform has in each stage."""
        return Counter(
            {
                stage: self.count(self.director, f"/v1/opportunities?filter[stage]={stage}")
                for stage in STAGES.values()
            }
        )

    def receivables(self) -> dict[str, list[Decimal]]:
        """Return the amounts of all receivables by contract."""
        found: dict[str, list[Decimal]] = defaultdict(list)
        for receivable in self.director.pages("/v1/receivables?sort=created_at"):
            found[receivable["contract_id"]].append(Decimal(receivable["amount"]))
        return found

    def wait_for_receivables(self, seconds: float = 120) -> None:
        """Wait until finance has heard of every signed contract."""
        wanted = self.expected_stages()["won"]
        until = time.monotonic() + seconds
        while self.count(self.director, "/v1/receivables") < wanted and time.monotonic() < until:
            time.sleep(0.2)


def main() -> int:
    """Run all of it on a platform of its own, and print what came out."""
    from stack.places import Place
    from stack.platform import Platform
    from stack.upkeep import drop_data

    place = Place(ROOT / ".local" / "pipeline")
    drop_data(place)
    platform = Platform(place)
    try:
        platform.up()
        return report(Pipeline(platform.url, platform.admin_password))
    finally:
        platform.stop_all()


def report(pipeline: Pipeline) -> int:
    """Run the pipeline and print counts, sums, duration and the slowest step; return 0 if all is as it must be."""
    started = time.perf_counter()
    pipeline.run()
    loaded = time.perf_counter() - started
    pipeline.wait_for_receivables()
    followed = time.perf_counter() - started - loaded
    stages, receivables = pipeline.stages(), pipeline.receivables()
    total = sum((amount for amounts in receivables.values() for amount in amounts), Decimal(0))
    signed = pipeline.count(pipeline.director, "/v1/contracts?filter[status]=signed")
    twice = sum(len(amounts) > 1 for amounts in receivables.values())
    steps = sum(len(times) for times in pipeline.timings.steps.values())
    slowest, median = pipeline.timings.slowest()
    print(f"opportunities      {sum(stages.values()):>14,}  {dict(sorted(stages.items()))}")
    print(f"signed contracts   {signed:>14,}")
    print(
        f"receivables        {sum(map(len, receivables.values())):>14,}"
        f"  for {len(receivables):,} contracts, {twice} twice"
    )
    print(f"sum of receivables {total:>14,.2f}")
    print(f"requests           {steps:>14,}  in {loaded:.1f} s, {steps / loaded:.0f} a second")
    print(f"finance caught up  {followed:>14.1f}  s after the last signature")
    print(f"slowest step       {slowest:>14}  median {median * 1000:.0f} ms")
    print(f"{'step':<20}{'number':>8}{'median ms':>11}{'p95 ms':>9}{'max ms':>9}")
    for name, times in sorted(pipeline.timings.steps.items()):
        ordered = sorted(times)
        middle, late, last = ordered[len(times) // 2], ordered[int(len(times) * 0.95)], ordered[-1]
        print(f"{name:<20}{len(times):>8,}{middle * 1000:>11.1f}{late * 1000:>9.1f}{last * 1000:>9.1f}")
    right = (
        stages == pipeline.expected_stages()
        and signed == pipeline.expected_stages()["won"] == len(receivables)
        and total == pipeline.expected_sum()
        and not twice
    )
    print("all as it must be" if right else "NOT as it must be")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
