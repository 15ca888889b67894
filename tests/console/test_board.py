"""The board with a whole company's pipeline on it: 8,800 opportunities. Issue 10, "Shown" and line 6."""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from decimal import Decimal
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from psycopg2.extras import execute_values
from tests.console.conftest import Judge
from tests.console.people import enter, eventually, made, there
from tests.own_platform import database_of
from tests.system.pipeline import DATA, STAGES, read

from stack.platform import Platform

FIRST, SECOND, THIRD = "初步接洽", "需求确认", "方案报价"
NAMES = {"prospecting": FIRST, "engaging": SECOND, "proposing": THIRD, "negotiating": "商务谈判"}
MADE_UP = 8_800
PAGE = 50

Deal = tuple[str, str, Decimal]
Sums = dict[str, tuple[int, Decimal]]


def pipeline() -> list[Deal]:
    """Return names, stages and amounts: of the real pipeline where it is at hand, or as many that are made up."""
    chance = random.Random(8_800)
    if not DATA.is_dir():
        stages = ["won"] * 48 + ["lost"] * 28 + [*NAMES] * 6
        return [
            (f"商机 {number:04}", chance.choice(stages), Decimal(chance.randrange(10**7)) / 100)
            for number in range(MADE_UP)
        ]
    return [
        (
            row["opportunity_id"],
            STAGES[row["deal_stage"]],
            Decimal(row["close_value"] or chance.randrange(9999)),
        )
        for row in read("sales_pipeline.csv")
    ]


def put(platform: Platform, owner_id: str, deals: list[Deal]) -> None:
    """Put opportunities into the database of sales: one request each would take minutes, and show nothing more."""
    rows = [
        (str(uuid4()), owner_id, name, stage, stage if stage in ("won", "lost") else "open", amount)
        for name, stage, amount in deals
    ]
    template = "(%s, 1, now(), now(), %s, %s, %s, %s, %s, 'CNY', 'medium', current_date)"
    with database_of(platform, "sales") as cursor:
        execute_values(
            cursor,
            "INSERT INTO opportunity (id, version, created_at, updated_at, owner_id, name, stage, status, amount,"
            " currency, importance, started_on) VALUES %s",
            rows,
            template=template,
            page_size=1_000,
        )


@pytest.fixture(scope="module")
def sums(platform: Platform) -> Sums:
    """What the columns of the board come to."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for _, stage, amount in pipeline():
        found[NAMES.get(stage, stage)].append(amount)
    return {stage: (len(amounts), sum(amounts, Decimal(0))) for stage, amounts in found.items()}


@pytest.fixture(scope="module")
def seller(platform: Platform) -> dict[str, str]:
    """Somebody whose pipeline it is: nothing else of the platform is on their board."""
    account = {"username": f"board.{secrets.token_hex(2)}", "password": secrets.token_urlsafe(12)}
    where = made(platform, "/v1/departments", name=f"看板部 {account['username']}", parent_id=None)["id"]
    role = {"display_name": "看板销售", "department_id": where, "roles": ["salesperson"]}
    owner_id = made(platform, "/v1/accounts", **role, **account)["id"]
    put(platform, owner_id, pipeline())
    return account


def stage_of(platform: Platform, owner: dict[str, str], name: str) -> str:
    """The stage that everybody else sees."""
    [found] = there(platform, "/v1/opportunities", **{"filter[name]": name})["items"]
    return str(found["stage"])


def column(page: Page, stage: str) -> Locator:
    return page.get_by_role("region", name=stage)


def reads(page: Page, stage: str, count: int, amount: Decimal) -> None:
    """See how many there are in a stage, and what they come to."""
    expect(column(page, stage).get_by_role("heading")).to_have_text(f"{stage} {count}")
    expect(column(page, stage)).to_contain_text(f"¥{amount:,.2f}")


def test_a_board_of_thousands_adds_up_moves_and_takes_back(
    page: Page, platform: Platform, seller: dict[str, str], sums: Sums, barriers: Judge
) -> None:
    """(W-6) By the menu and its keys, by dragging, and down to what is further below."""
    assert sum(count for count, _ in sums.values()) == MADE_UP
    page.goto("/opportunities/board")
    enter(page, seller["username"], seller["password"])
    for stage in (FIRST, SECOND):
        reads(page, stage, *sums[stage])
    first, second = (column(page, stage) for stage in (FIRST, SECOND))
    cards = first.get_by_role("listitem")
    expect(cards).to_have_count(PAGE)
    assert barriers(page) == []

    (count, amount), (others, their_amount) = sums[FIRST], sums[SECOND]
    name = cards.first.get_by_role("link").first.inner_text()
    moved = there(platform, "/v1/opportunities", **{"filter[name]": name})["items"][0]
    moved_amount = Decimal(moved["amount"])
    first.get_by_role("button", name=f"移动“{name}”").press("Enter")
    expect(page.get_by_role("menuitem", name=f"移到{SECOND}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(second.get_by_role("link", name=name)).to_be_visible()
    reads(page, FIRST, count - 1, amount - moved_amount)
    reads(page, SECOND, others + 1, their_amount + moved_amount)
    assert stage_of(platform, seller, name) == "engaging"
    page.get_by_role("button", name="撤销").click()
    reads(page, FIRST, count, amount)
    assert stage_of(platform, seller, name) == "prospecting"

    first.get_by_role("listitem").filter(has_text=name).drag_to(column(page, THIRD))
    expect(column(page, THIRD).get_by_role("link", name=name)).to_be_visible()
    reads(page, FIRST, count - 1, amount - moved_amount)
    assert eventually(page, lambda: stage_of(platform, seller, name) == "proposing")

    second.get_by_role("listitem").last.scroll_into_view_if_needed()
    second.get_by_role("button", name="加载更多").click()
    expect(second.get_by_role("listitem")).to_have_count(2 * PAGE)
