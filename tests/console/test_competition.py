"""Who else wants an opportunity: noted on its page, and read on the competitor's (SA-38)."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.console.conftest import Judge
from tests.console.people import fill, heading, made, save, there

from stack.platform import Platform


def test_who_else_wants_it_is_noted_and_read_at_the_competitor(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    rival = made(platform, "/v1/competitors", name="蓝海软件")
    deal = made(platform, "/v1/opportunities", name="医院 CRM", amount="500000.00", currency="CNY")
    desk.goto(f"/opportunities/{deal['id']}?tab=opportunity-competitors")
    desk.get_by_role("button", name="添加竞争对手").click()
    form = desk.get_by_role("dialog")
    form.get_by_label("竞争对手", exact=True).fill("蓝海")
    desk.get_by_title("蓝海软件", exact=True).click()
    fill(form, 对手报价="480000")
    save(desk)
    expect(desk.get_by_role("link", name="蓝海软件")).to_be_visible()
    [noted] = there(platform, f"/v1/opportunities/{deal['id']}/competitors")["items"]
    assert (noted["competitor_id"], noted["price"], noted["currency"]) == (rival["id"], "480000.00", "CNY")
    desk.goto(f"/competitors/{rival['id']}")
    expect(heading(desk, "蓝海软件")).to_be_visible()
    expect(desk.get_by_text("赢单 0 个，输单 0 个，进行中 1 个")).to_be_visible()
    expect(desk.get_by_role("link", name="医院 CRM").first).to_be_visible()
    assert barriers(desk) == []
