"""A field is declared at a page, and is in forms, on records and in lists at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import Judge
from tests.console.people import changed, fill, heading, made, save, there

from stack.platform import Platform


def test_a_declared_field_is_asked_for_required_shown_and_found(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(CU-02, CU-63, GW-58)"""
    desk.goto("/fields?noun=customer")
    expect(heading(desk, "字段设置")).to_be_visible()
    desk.get_by_role("button", name="新建字段").click()
    form = desk.get_by_role("dialog", name="新建字段")
    fill(form, 中文名称="吉祥色", 英文名称="Lucky colour", 键="lucky_colour")
    form.get_by_label("类型", exact=True).click()
    desk.get_by_title("单选", exact=True).click()
    for count, (code, chinese, english) in enumerate((("red", "红色", "Red"), ("green", "绿色", "Green")), 1):
        form.get_by_role("button", name="添加选项").click()
        for what, text in (("代码", code), ("中文名称", chinese), ("英文名称", english)):
            form.get_by_label(f"选项 {count} 的{what}").fill(text)
    for mark in ("必填", "建立索引"):
        form.get_by_label(mark).check()
    expect(form.get_by_role("region", name="表单预览")).to_contain_text("吉祥色")
    assert barriers(desk) == []
    form.get_by_role("button", name="保存").click()
    preview = desk.get_by_role("complementary", name="表单预览")
    expect(preview.get_by_text("吉祥色")).to_be_visible()
    assert barriers(desk) == []

    desk.goto("/customers")
    desk.get_by_role("button", name="新建客户").click()
    form = desk.get_by_role("dialog", name="新建客户")
    fill(form, 客户名称="有颜色的客户")
    save(desk)
    expect(form.get_by_text("请填写吉祥色")).to_be_visible()
    form.get_by_label("吉祥色").click()
    desk.get_by_title("红色", exact=True).click()
    save(desk)
    expect(heading(desk, "有颜色的客户")).to_be_visible()
    expect(desk.get_by_role("definition").filter(has_text="红色")).to_be_visible()
    made(platform, "/v1/customers", name="另一个颜色的客户", custom={"lucky_colour": "green"})

    desk.goto("/customers?filter[custom.lucky_colour][in]=red&columns=name,custom.lucky_colour")
    expect(desk.get_by_role("link", name="有颜色的客户")).to_be_visible()
    expect(desk.get_by_role("link", name="另一个颜色的客户")).to_have_count(0)
    expect(desk.get_by_role("columnheader", name="吉祥色")).to_be_visible()
    expect(desk.get_by_role("cell", name="红色")).to_be_visible()
    assert barriers(desk) == []

    desk.goto("/fields?noun=customer")
    desk.get_by_role("switch", name="启用：吉祥色").click()
    expect(preview.get_by_text("吉祥色")).to_have_count(0)
    (field,) = [
        each
        for each in there(platform, "/v1/fields", **{"filter[noun]": "customer"})["items"]
        if each["key"] == "lucky_colour"
    ]
    assert (field["enabled"], field["required"]) == (False, True)


@pytest.mark.full
def test_what_forms_require_of_an_opportunity_is_relaxed(desk: Page, platform: Platform) -> None:
    """(CU-02, SA-25)"""
    desk.goto("/opportunities")
    desk.get_by_role("button", name="新建商机").first.click()
    form = desk.get_by_role("dialog", name="新建商机")
    fill(form, 商机名称="没有客户的商机")
    save(desk)
    expect(form.get_by_text("请填写客户")).to_be_visible()
    expect(form.get_by_text("请填写商机类型")).to_be_visible()
    settings = there(platform, "/v1/fields", **{"filter[noun]": "opportunity"})["items"]
    relaxed = [each for each in settings if each["key"] in ("customer_id", "type")]
    try:
        for each in relaxed:
            changed(platform, f"/v1/fields/{each['id']}", required=False)
        desk.goto("/opportunities")
        desk.get_by_role("button", name="新建商机").first.click()
        fill(form, 商机名称="没有客户的商机")
        save(desk)
        expect(heading(desk, "没有客户的商机")).to_be_visible()
        [kept] = there(platform, "/v1/opportunities", **{"filter[name]": "没有客户的商机"})["items"]
        assert (kept["customer_id"], kept["type"]) == (None, None)
    finally:
        for each in relaxed:
            changed(platform, f"/v1/fields/{each['id']}", required=True)
