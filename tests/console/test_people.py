"""Institutions, groups and positions at their pages (ID-01, ID-04, ID-05, ID-21, ID-26)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.console.people import PASSWORD, eventually, fill, heading, made, save, there

from stack.platform import Platform


def test_members_are_searched_for_and_taken_into_a_group_and_out_of_it(
    desk: Page, platform: Platform
) -> None:
    """ID-26."""
    person = made(
        platform, "/v1/accounts", username="group.wu", display_name="吴小组", password=PASSWORD, roles=[]
    )
    desk.goto("/groups?new=1")
    fill(desk.get_by_role("dialog"), 用户组名称="大客户小组")
    save(desk)
    expect(heading(desk, "大客户小组")).to_be_visible()
    desk.get_by_role("button", name="添加成员").first.click()
    desk.get_by_role("dialog").get_by_label("人员").fill("吴小")
    desk.get_by_title("吴小组", exact=True).click()
    desk.keyboard.press("Escape")
    desk.get_by_role("dialog").get_by_role("button", name="添加成员").click()
    [group] = there(platform, "/v1/groups", **{"filter[name]": "大客户小组"})["items"]
    members = f"/v1/groups/{group['id']}/members"

    def inside() -> list[str]:
        return [each["id"] for each in there(platform, members)["items"]]

    assert eventually(desk, lambda: inside() == [person["id"]])
    desk.goto(f"/groups/{group['id']}?tab=group-members")
    desk.get_by_role("button", name="移出用户组").click()
    desk.get_by_role("dialog").get_by_role("button", name="确定").click()
    assert eventually(desk, lambda: inside() == [])


@pytest.mark.full
def test_the_chart_shows_who_leads_below_whom(desk: Page, platform: Platform) -> None:
    """ID-04, ID-05."""
    head = made(platform, "/v1/departments", name="职位总部")
    team = made(platform, "/v1/departments", name="职位一部", parent_id=head["id"])
    chief = made(platform, "/v1/positions", name="总经理", department_id=head["id"], management=True)
    lead = {"department_id": team["id"], "management": True, "superior_id": chief["id"]}
    position = made(platform, "/v1/positions", name="一部经理", **lead)
    made(platform, "/v1/positions", name="一部文员", department_id=team["id"], superior_id=position["id"])
    holding = [{"position_id": position["id"]}]
    made(
        platform, "/v1/accounts", username="lead.zheng", display_name="郑经理", password=PASSWORD, roles=[],
        positions=holding,
    )  # fmt: skip
    desk.goto("/positions")
    desk.get_by_role("link", name="关系图").click()
    below = desk.get_by_role("listitem").filter(has_text="总经理").get_by_role("listitem")
    expect(below).to_have_count(1)
    expect(below.get_by_role("link", name="一部经理")).to_be_visible()
    expect(below.get_by_text("郑经理")).to_be_visible()
    # Only who leads stands in the chart, and below whom: the clerk does not (ID-05).
    assert desk.get_by_role("link", name="一部文员").count() == 0
    below.get_by_role("link", name="一部经理").click()
    expect(heading(desk, "一部经理")).to_be_visible()
    assert there(platform, f"/v1/positions/{position['id']}")["superior_id"] == chief["id"]


@pytest.mark.full
def test_a_role_for_given_departments_is_made_by_choosing_them(desk: Page, platform: Platform) -> None:
    """ID-21."""
    given = made(platform, "/v1/departments", name="指定大区")
    desk.goto("/roles?new=1")
    dialog = desk.get_by_role("dialog")
    fill(dialog, 角色名称="大区督导", 角色编码="region_inspector")
    dialog.get_by_role("radio", name="线索：查看: 指定部门").check()
    dialog.get_by_role("button", name="指定部门").click()
    dialog.get_by_label("部门", exact=True).fill("指定大")
    desk.get_by_title("指定大区", exact=True).click()
    save(desk)
    expect(heading(desk, "大区督导")).to_be_visible()
    [role] = there(platform, "/v1/roles", **{"filter[code]": "region_inspector"})["items"]
    assert role["departments"] == [{"department_id": given["id"], "below": True}]
    assert role["permissions"] == {"lead.read": "departments"}
