"""Steps of approvals: side by side, one or all of several, groups, superiors at a height, heads of departments."""

from typing import Any
from uuid import UUID

import pytest

from servicekit import Caller, Conflict, Forbidden, Invalid
from servicekit.testing import RunningService
from tests.identity.people import a_department, acting, an_account, change, the_administrator
from tests.identity.test_approvals import FINANCE, SUPERIOR, a_flow, approve, get, listed, submitted
from tests.identity.test_own_requests import MINE


def people(service: RunningService, *names: str, **values: Any) -> list[Caller]:
    admin = the_administrator(service)
    accounts = [an_account(service, admin, name, display_name=name, **values) for name in names]
    return [acting(service, account["id"]) for account in accounts]


def named(*callers: Caller, **more: Any) -> dict[str, Any]:
    return {"kind": "person", "account_ids": [str(each.account_id) for each in callers], **more}


def a_group(service: RunningService, *members: Caller) -> str:
    admin = the_administrator(service)
    group = service.call("create_user_group", admin, data={"name": "评审组"})
    ids = [str(each.account_id) for each in members]
    service.call("add_user_group_members", admin, user_group_id=group["id"], data={"account_ids": ids})
    return str(group["id"])


def states(approval: dict[str, Any]) -> dict[str, str]:
    return {each["account_name"] or each["role"] or "group": each["state"] for each in approval["asked"]}


def test_all_of_several_must_agree(service: RunningService) -> None:
    """GW-56: the step ends with the last of them, and each is told apart."""
    worker, one, two = people(service, "worker", "one", "two")
    flow = a_flow(service, the_administrator(service), named(one, two, agree="all"))
    approval_id = submitted(service, worker.account_id, flow)
    first = approve(service, one, approval_id, comment="好")
    assert (first["state"], states(first)) == ("pending", {"one": "approved", "two": "pending"})
    progressed = service.published("approval.progressed")[-1].data
    assert progressed["approver_ids"] == [str(two.account_id)]
    assert listed(service, one, **MINE) == [] and listed(service, two, **MINE) == [approval_id]
    with pytest.raises(Conflict) as refused:
        approve(service, one, approval_id)
    assert refused.value.code == "approval-already-decided"
    assert approve(service, two, approval_id)["state"] == "approved"
    assert [(each["decided_by_name"], each["comment"]) for each in get(service, worker, approval_id)["asked"]] == [
        ("one", "好"), ("two", ""),
    ]  # fmt: skip


def test_one_of_several_is_enough_and_the_others_are_spared(service: RunningService) -> None:
    """GW-56."""
    worker, one, two = people(service, "worker", "one", "two")
    flow = a_flow(service, the_administrator(service), named(one, two))
    approval_id = submitted(service, worker.account_id, flow)
    assert {*service.published("approval.requested")[-1].data["approver_ids"]} == {
        str(one.account_id),
        str(two.account_id),
    }
    done = approve(service, two, approval_id)
    assert (done["state"], states(done)) == ("approved", {"one": "passed", "two": "approved"})


def test_steps_run_side_by_side_and_the_next_one_waits_for_all_of_them(service: RunningService) -> None:
    """GW-56."""
    worker, one, two, last = people(service, "worker", "one", "two", "last")
    flow = a_flow(service, the_administrator(service), named(one), named(two) | {"beside": True}, named(last))
    approval_id = submitted(service, worker.account_id, flow)
    begun = get(service, worker, approval_id)
    assert ([each["steps"] for each in begun["stages"]], begun["step"], len(begun["history"])) == (
        [[1, 2], [3]],
        2,
        2,
    )
    assert listed(service, one, **MINE) == listed(service, two, **MINE) == [approval_id]
    assert listed(service, last) == []
    half = approve(service, two, approval_id)
    assert [task["state"] for task in half["history"]] == ["pending", "approved"]
    with pytest.raises(Conflict):
        approve(service, one, approval_id, step=2)
    both = approve(service, one, approval_id)
    assert [task["state"] for task in both["history"]] == ["approved", "approved", "pending"]
    assert approve(service, last, approval_id)["state"] == "approved"


def test_a_refusal_in_one_of_them_ends_all(service: RunningService) -> None:
    """GW-56."""
    worker, one, two = people(service, "worker", "one", "two")
    flow = a_flow(service, the_administrator(service), named(one), named(two) | {"beside": True}, FINANCE)
    approval_id = submitted(service, worker.account_id, flow)
    refused = service.call("reject", two, approval_id=approval_id, data={"comment": "不行"})
    assert refused["state"] == "rejected"
    assert [task["state"] for task in refused["history"]] == ["passed", "rejected"]
    assert service.published("approval.decided")[-1].data["comment"] == "不行"
    with pytest.raises(Conflict):
        approve(service, one, approval_id)


def test_a_user_group_is_asked_as_it_is_when_somebody_decides(service: RunningService) -> None:
    """GW-56: of those in it who want it themselves the others are asked."""
    admin = the_administrator(service)
    worker, one, late = people(service, "worker", "one", "late")
    group_id = a_group(service, worker, one)
    flow = a_flow(service, admin, {"kind": "group", "group_id": group_id})
    approval_id = submitted(service, worker.account_id, flow)
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(one.account_id)]
    with pytest.raises(Forbidden) as refused:
        approve(service, worker, approval_id)
    assert refused.value.code == "own-request" and listed(service, worker, **MINE) == []
    service.call(
        "add_user_group_members", admin, user_group_id=group_id, data={"account_ids": [str(late.account_id)]}
    )
    assert listed(service, late, **MINE) == [approval_id]
    assert approve(service, late, approval_id)["state"] == "approved"


def test_all_of_a_group_are_asked_by_name(service: RunningService) -> None:
    """GW-56: but for who wants it."""
    worker, one, two = people(service, "worker", "one", "two")
    step = {"kind": "group", "group_id": a_group(service, worker, one, two), "agree": "all"}
    approval_id = submitted(service, worker.account_id, a_flow(service, the_administrator(service), step))
    assert states(get(service, worker, approval_id)) == {"one": "pending", "two": "pending"}


def test_a_superior_at_a_height_is_asked(service: RunningService) -> None:
    """GW-56: where nobody stands so high the administrators are."""
    (top,) = people(service, "top")
    (boss,) = people(service, "boss", manager_id=str(top.account_id))
    (worker,) = people(service, "worker", manager_id=str(boss.account_id))
    admin = the_administrator(service)
    flow = a_flow(service, admin, SUPERIOR | {"height": 2})
    approval_id = submitted(service, worker.account_id, flow)
    assert states(get(service, worker, approval_id)) == {"top": "pending"}
    approval_id = submitted(service, boss.account_id, flow)
    assert states(get(service, boss, approval_id)) == {"administrator": "pending"}


def test_the_head_of_the_department_is_asked_and_of_a_head_the_one_above(service: RunningService) -> None:
    """GW-56, ID-04."""
    admin = the_administrator(service)
    house = a_department(service, admin, "总部")
    sales = a_department(service, admin, "销售", parent_id=house["id"])
    heads = {}
    for department, name in ((house, "president"), (sales, "head")):
        data = {"name": name, "department_id": department["id"], "management": True}
        position = service.call("create_position", admin, data=data)
        holding = [{"position_id": position["id"], "kind": "main", "started_on": None}]
        heads[name] = acting(
            service, an_account(service, admin, name, display_name=name, positions=holding)["id"]
        )
    worker = acting(service, an_account(service, admin, "worker", department_id=sales["id"])["id"])
    flow = a_flow(service, admin, {"kind": "department_head"})
    approval_id = submitted(service, worker.account_id, flow)
    assert states(get(service, worker, approval_id)) == {"head": "pending"}
    assert approve(service, heads["head"], approval_id)["state"] == "approved"
    approval_id = submitted(service, heads["head"].account_id, flow)
    assert states(get(service, heads["head"], approval_id)) == {"president": "pending"}


def test_where_one_of_all_leaves_the_administrators_are_asked_in_their_place(service: RunningService) -> None:
    """GW-56, M-22."""
    admin = the_administrator(service)
    worker, one, two = people(service, "worker", "one", "two")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one, two, agree="all")))
    change(service, admin, {"id": str(two.account_id)}, status="left")
    waiting = get(service, admin, approval_id)
    assert states(waiting) == {"one": "pending", "two": "replaced", "administrator": "pending"}
    assert approve(service, one, approval_id)["state"] == "pending"
    assert approve(service, admin, approval_id)["state"] == "approved"


def test_a_step_says_no_more_and_no_less_than_its_kind_takes(service: RunningService) -> None:
    """GW-56."""
    admin = the_administrator(service)
    for step, field in (
        ({"kind": "group"}, "steps.0.group_id"),
        ({"kind": "group", "group_id": str(UUID(int=7))}, "steps.0.group_id"),
        ({"kind": "superior", "height": 0}, "steps.0.height"),
        ({"kind": "role", "role": "finance", "height": 2}, "steps.0.height"),
        ({"kind": "superior", "agree": "most"}, "steps.0.agree"),
        ({"kind": "superior", "escalate_after": 0}, "steps.0.escalate_after"),
        ({"kind": "person", "account_ids": []}, "steps.0.account_id"),
        ({"kind": "person", "account_ids": [str(UUID(int=7))]}, "steps.0.account_ids.0"),
    ):
        with pytest.raises(Invalid) as refused:
            a_flow(service, admin, step)
        assert refused.value.errors[0]["field"] == field


def test_versions_of_a_flow_can_be_read_and_an_approval_names_its_own(service: RunningService) -> None:
    """GW-56."""
    admin = the_administrator(service)
    (worker,) = people(service, "worker")
    flow = a_flow(service, admin, SUPERIOR)
    approval_id = submitted(service, worker.account_id, flow)
    service.call("update_approval_flow", admin, flow_id=flow["id"], data={"steps": [FINANCE], "name": "新"})
    versions = service.call("list_approval_flow_versions", admin, flow_id=flow["id"])["items"]
    assert [(each["version"], each["name"], each["steps"]) for each in versions] == [
        (2, "新", [FINANCE]), (1, flow["name"], [SUPERIOR]),
    ]  # fmt: skip
    assert versions[0]["changed_by_name"] == admin.display_name
    assert get(service, admin, approval_id)["flow_version"] == 1


def test_flows_are_for_nouns_and_steps_that_need_consent(service: RunningService) -> None:
    """GW-56: the contract files name them."""
    admin = the_administrator(service)
    subjects = {each["noun"]: each for each in service.call("list_approval_subjects", admin)["items"]}
    assert (
        subjects["contract"]["steps"][0]["key"]
        == a_flow(service, admin, SUPERIOR)["subject_step"]
        == "submit"
    )
    for values, field in (
        ({"subject_type": "lead"}, "subject_type"),
        ({"subject_step": "sing"}, "subject_step"),
    ):
        with pytest.raises(Invalid) as refused:
            a_flow(service, admin, SUPERIOR, **values)
        assert refused.value.errors[0]["field"] == field
