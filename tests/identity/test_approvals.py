"""Approval flows and approvals through the entrypoints."""

from typing import Any
from uuid import UUID

import pytest

from identity.approvals.flow import ApprovalFlow
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.identity.people import acting, an_account, at_once, change, the_administrator

FINANCE = {"kind": "role", "role": "finance"}
SUPERIOR = {"kind": "superior"}


def a_flow(service: RunningService, admin: Caller, *steps: dict[str, Any], **values: Any) -> dict[str, Any]:
    data = {
        "name": "大额收入合同", "subject_type": "contract", "steps": list(steps),
        "condition": {"nature": "income", "currency": "CNY", "amount_from": "10000"}, **values,
    }  # fmt: skip
    flow: dict[str, Any] = service.call("create_approval_flow", admin, data=data)
    return flow


def submitted(service: RunningService, requester: Any, flow: Any, **values: Any) -> str:
    """Let the contract service say that a contract was submitted; return the approval's id."""
    data = {
        "approval_id": str(new_id()), "flow_id": flow["id"] if flow else None, "requester_id": requester,
        "contract_id": str(new_id()), "number": "HT20261122-0001", "name": "年度合同", "amount": "12000.00",
        "currency": "CNY", "nature": "income", "customer_id": str(new_id()), "version": 2, **values,
    }  # fmt: skip
    service.deliver_and_wait("contract", "contract.submitted", data)
    return str(data["approval_id"])


def get(service: RunningService, who: Caller, approval_id: str) -> dict[str, Any]:
    approval: dict[str, Any] = service.call("get_approval", who, approval_id=approval_id)
    return approval


def approve(service: RunningService, who: Caller, approval_id: str, **data: Any) -> dict[str, Any]:
    approval: dict[str, Any] = service.call("approve", who, approval_id=approval_id, data=data)
    return approval


def listed(service: RunningService, who: Caller, **query: str) -> list[str]:
    return [each["id"] for each in service.call("list_approvals", who, query=query)["items"]]


@pytest.fixture
def admin(service: RunningService) -> Caller:
    """The administrator."""
    return the_administrator(service)


@pytest.fixture
def people(service: RunningService, admin: Caller) -> dict[str, Caller]:
    """A boss, a worker who reports to them, two in finance, and a stranger."""
    boss = an_account(service, admin, "boss", roles=["sales_manager"], display_name="李娜")
    accounts = {
        "boss": boss,
        "worker": an_account(service, admin, "worker", manager_id=boss["id"], display_name="张伟"),
        "fin1": an_account(service, admin, "fin1", roles=["finance"], display_name="fin1"),
        "fin2": an_account(service, admin, "fin2", roles=["finance"], display_name="fin2"),
        "stranger": an_account(service, admin, "stranger"),
    }
    return {name: acting(service, account["id"]) for name, account in accounts.items()}


def test_a_flow_is_published_as_contract_copies_it(service: RunningService, admin: Caller) -> None:
    """GW-56, CT-03."""
    flow = a_flow(service, admin, SUPERIOR, FINANCE)
    event = service.published("approval_flow.changed")[-1].data
    assert event == {"flow_id": flow["id"], **{name: flow[name] for name in flow.keys() - {"id", "can"}}}
    assert event["condition"] == {"nature": "income", "currency": "CNY", "amount_from": "10000.00"}
    assert flow["steps"][0] == {"kind": "superior"}
    changed = service.call("update_approval_flow", admin, flow_id=flow["id"], data={"active": False})
    assert (changed["active"], changed["steps"], changed["version"]) == (False, flow["steps"], 2)
    assert service.published("approval_flow.changed")[-1].data["active"] is False
    assert service.call("list_approval_flows", admin, query={"filter[active]": "true"})["items"] == []


def test_a_flow_names_people_and_roles_that_exist(service: RunningService, admin: Caller) -> None:
    """GW-56."""
    for step, field in (
        ({"kind": "person", "account_id": str(new_id())}, "steps.1.account_id"),
        ({"kind": "role", "role": "kings"}, "steps.1.role"),
    ):
        with pytest.raises(Invalid) as refused:
            a_flow(service, admin, SUPERIOR, step)
        assert refused.value.errors[0]["field"] == field
    for condition in (
        {"amount_from": "-1", "currency": "CNY"},
        {"amount_from": 1.5, "currency": "CNY"},
        {"amount_from": "10000"},
        {"amount_from": "0.5", "currency": "JPY"},
        {"amount_from": "1.2345", "currency": "KWD"},
        {"currency": "RMB"},
        {"currency": "RMB1"},
        {"nature": "gift"},
        [],
        None,
    ):
        with pytest.raises(Invalid):
            a_flow(service, admin, SUPERIOR, condition=condition)


def test_a_flow_has_conditions_on_what_contracts_have(service: RunningService, admin: Caller) -> None:
    """GW-56 (decision 41): the fields are those of the contract file, and the place of what is wrong is told."""
    where = {"any": [{"field": "amount", "operator": "gte", "value": "50000.00"}]}
    flow = a_flow(service, admin, SUPERIOR, where=where, priority=3)
    assert (flow["where"], flow["priority"]) == (where, 3)
    assert service.published("approval_flow.changed")[-1].data["where"] == where
    wrong = {"any": [*where["any"], {"not": {"field": "colour", "operator": "eq", "value": "red"}}]}
    mine = {"field": "owner_id", "operator": "eq", "value": "me"}
    for tree, field in ((wrong, "where.any.1.not.field"), (mine, "where.value")):
        for call in (
            lambda tree=tree: a_flow(service, admin, SUPERIOR, where=tree),
            lambda tree=tree: service.call(
                "update_approval_flow", admin, flow_id=flow["id"], data={"where": tree}
            ),
        ):
            with pytest.raises(Invalid) as refused:
                call()
            assert [error["field"] for error in refused.value.errors] == [field]
    cleared = service.call("update_approval_flow", admin, flow_id=flow["id"], data={"where": None})
    assert (cleared["where"], cleared["condition"]) == (None, flow["condition"])


def test_a_flow_asks_people_who_work_here(service: RunningService, admin: Caller) -> None:
    """M-22: who leaves later stays in the flow, and the administrators are asked in their place."""
    mate = an_account(service, admin, "mate")
    step = {"kind": "person", "account_id": mate["id"]}
    flow = a_flow(service, admin, step)
    change(service, admin, mate, status="left")
    with pytest.raises(Invalid) as refused:
        a_flow(service, admin, SUPERIOR, step)
    assert (refused.value.code, refused.value.errors[0]["field"]) == ("account-left", "steps.1.account_id")
    kept = service.call(
        "update_approval_flow", admin, flow_id=flow["id"], data={"steps": [FINANCE, step], "name": "新"}
    )
    assert [each["kind"] for each in kept["steps"]] == ["role", "person"]
    service.call("update_approval_flow", admin, flow_id=flow["id"], data={"steps": [FINANCE]})
    with pytest.raises(Invalid) as refused:
        service.call("update_approval_flow", admin, flow_id=flow["id"], data={"steps": [step]})
    assert refused.value.code == "account-left"


def test_a_flow_has_no_conditions_on_what_its_subjects_do_not_have(
    service: RunningService, admin: Caller
) -> None:
    """GW-56: it would be for every one of them."""
    for condition, field in (
        ({"nature": "income"}, "condition.nature"),
        ({"currency": "CNY"}, "condition.currency"),
        ({"currency": "CNY", "amount_from": "1.00"}, "condition.amount_from"),
    ):
        with pytest.raises(Invalid) as refused:
            a_flow(service, admin, FINANCE, subject_type="customer", condition=condition)
        assert refused.value.errors[0]["field"] == field
    flow = a_flow(service, admin, FINANCE, subject_type="customer", condition={})
    with pytest.raises(Invalid):
        changed = {"condition": {"nature": "income"}}
        service.call("update_approval_flow", admin, flow_id=flow["id"], data=changed)
    with service.database.sessions.begin() as session:  # As a release before left it.
        session.get_one(ApprovalFlow, UUID(flow["id"])).condition = {"nature": "income"}
    off = service.call("update_approval_flow", admin, flow_id=flow["id"], data={"active": False})
    assert off["active"] is False


def test_what_a_flow_in_use_asks_stays(service: RunningService, admin: Caller) -> None:
    """GW-56: its steps would come to the administrators without a word."""
    group = service.call("create_user_group", admin, data={"name": "审批小组"})
    role = {"code": "auditor", "name": "审计", "permissions": {"approval.decide": "own"}}
    role = service.call("create_role", admin, data=role)
    flow = a_flow(
        service, admin, {"kind": "group", "group_id": group["id"]}, {"kind": "role", "role": "auditor"}
    )
    for operation, code, given in (
        ("delete_user_group", "group-in-use", {"user_group_id": group["id"]}),
        ("delete_role", "role-in-use", {"role_id": role["id"]}),
    ):
        with pytest.raises(Conflict) as refused:
            service.call(operation, admin, **given)
        assert refused.value.code == code
    service.call("update_approval_flow", admin, flow_id=flow["id"], data={"active": False})
    service.call("delete_user_group", admin, user_group_id=group["id"])
    service.call("delete_role", admin, role_id=role["id"])
    assert service.call("list_groups", admin, query={})["items"] == []


def test_an_approval_goes_from_the_superior_to_finance_and_ends_well(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56, CT-03, CT-04."""
    worker, boss, finance = people["worker"], people["boss"], people["fin1"]
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, SUPERIOR, FINANCE))
    requested = service.published("approval.requested")[-1].data
    assert (requested["approver_ids"], requested["step"]) == ([str(boss.account_id)], 1)
    assert listed(service, boss, **{"filter[state]": "pending"}) == [approval_id]
    assert listed(service, worker) == [approval_id]
    assert listed(service, finance) == []
    first = approve(service, boss, approval_id, comment="同意")
    assert (first["state"], first["step"], first["approver_role"]) == ("pending", 2, "finance")
    requested = service.published("approval.requested")[-1].data
    assert requested["approver_ids"] == [str(people["fin1"].account_id), str(people["fin2"].account_id)]
    assert service.published("approval.decided") == []
    assert listed(service, finance) == listed(service, people["fin2"]) == [approval_id]
    done = approve(service, finance, approval_id)
    assert done["state"] == "approved" and done["approver_role"] is None
    decided = service.published("approval.decided")[-1]
    assert str(decided.subject) == approval_id
    assert (decided.data["outcome"], decided.data["subject_id"]) == ("approved", done["subject_id"])
    assert decided.data["version"] == done["version"]
    history = get(service, worker, approval_id)["history"]
    assert [(h["step"], h["state"], h["decided_by_name"], h["comment"], h["as_administrator"]) for h in history] == [
        (1, "approved", "李娜", "同意", False), (2, "approved", "fin1", "", False),
    ]  # fmt: skip
    assert done["title"] == "HT20261122-0001 年度合同" and done["amount"] == "12000.00"
    assert listed(service, finance, **{"filter[state]": "approved"}) == [approval_id]
    assert listed(service, people["fin2"]) == []


def test_a_refusal_needs_a_reason_and_ends_it(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """CT-03."""
    approval_id = submitted(service, people["worker"].account_id, a_flow(service, admin, SUPERIOR, FINANCE))
    for data in ({}, {"comment": " "}, {"comment": None}, {"comment": 1}):
        with pytest.raises(Invalid) as refused:
            service.call("reject", people["boss"], approval_id=approval_id, data=data)
        assert refused.value.errors[0]["field"] == "comment"
    service.call("reject", people["boss"], approval_id=approval_id, data={"comment": "折扣过高"})
    decided = service.published("approval.decided")[-1].data
    assert (decided["outcome"], decided["comment"]) == ("rejected", "折扣过高")
    for attempt in ("approve", "reject"):
        with pytest.raises(Conflict) as again:
            service.call(attempt, people["boss"], approval_id=approval_id, data={"comment": "算了"})
        assert again.value.code == "approval-already-decided"
    assert len(service.published("approval.decided")) == 1


def test_who_is_not_asked_may_not_decide_and_who_has_nothing_to_do_with_it_sees_nothing(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56."""
    approval_id = submitted(service, people["worker"].account_id, a_flow(service, admin, SUPERIOR, FINANCE))
    with pytest.raises(Forbidden) as refused:
        approve(service, people["worker"], approval_id)
    assert refused.value.code == "not-an-approver"
    for attempt in (get, approve):
        with pytest.raises(NotFound):
            attempt(service, people["stranger"], approval_id)
    assert listed(service, people["stranger"]) == []
    with pytest.raises(Forbidden):
        approve(service, caller("approval.read"), approval_id)
    for unknown in ("42", str(new_id())):
        with pytest.raises(NotFound):
            approve(service, admin, unknown)


def test_an_administrator_may_decide_any_step_and_the_history_says_so(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56."""
    approval_id = submitted(service, people["worker"].account_id, a_flow(service, admin, SUPERIOR))
    assert listed(service, admin) == [approval_id]
    done = approve(service, admin, approval_id, comment="代批")
    assert done["state"] == "approved"
    step = done["history"][0]
    assert (step["as_administrator"], step["decided_by_name"]) == (True, "系统管理员")
    assert step["account_id"] == str(people["boss"].account_id)


def test_what_nobody_can_decide_goes_to_the_administrators(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56: no superior, an empty role, a person who left, an unknown flow, an unknown requester."""
    boss, finance = people["boss"], people["fin1"]
    person = {"kind": "person", "account_id": str(finance.account_id)}
    flow = a_flow(service, admin, person)
    change(service, admin, {"id": str(finance.account_id)}, status="left")
    for requester, bound in (
        (boss.account_id, a_flow(service, admin, SUPERIOR)),
        (boss.account_id, a_flow(service, admin, {"kind": "role", "role": "service_agent"})),
        (boss.account_id, flow),
        (new_id(), a_flow(service, admin, SUPERIOR)),
    ):
        waiting = get(service, admin, submitted(service, requester, bound))
        assert waiting["approver_role"] == "administrator"
        assert waiting["history"][0]["note"]
    unknown = get(service, admin, submitted(service, boss.account_id, {"id": str(new_id())}))
    assert unknown["approver_role"] == "administrator"
    assert approve(service, admin, unknown["id"])["history"][0]["as_administrator"] is False


def test_a_person_asked_by_name_decides(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56."""
    step = {"kind": "person", "account_id": str(people["stranger"].account_id)}
    approval_id = submitted(service, people["worker"].account_id, a_flow(service, admin, step))
    assert approve(service, people["stranger"], approval_id)["state"] == "approved"


def test_a_flow_that_is_changed_leaves_approvals_on_their_way_alone(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56: whoever decides, and whoever asked, reads what comes without reading the flow."""
    flow = a_flow(service, admin, SUPERIOR, FINANCE)
    approval_id = submitted(service, people["worker"].account_id, flow)
    service.call("update_approval_flow", admin, flow_id=flow["id"], data={"steps": [FINANCE]})
    assert get(service, people["worker"], approval_id)["steps"] == [SUPERIOR, FINANCE]
    assert approve(service, people["boss"], approval_id)["steps"] == [SUPERIOR, FINANCE]
    assert approve(service, people["fin1"], approval_id)["state"] == "approved"


def test_of_those_who_decide_at_once_exactly_one_wins(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56."""
    approval_id = submitted(service, people["worker"].account_id, a_flow(service, admin, FINANCE))
    decisions = [
        ("approve", people["fin1"], {"approval_id": approval_id, "data": {}}),
        ("reject", people["fin2"], {"approval_id": approval_id, "data": {"comment": "不同意"}}),
        ("approve", admin, {"approval_id": approval_id, "data": {}}),
    ]
    outcomes = at_once(service, decisions)
    assert sorted(outcomes) == ["approval-already-decided", "approval-already-decided", "ok"]
    assert len(service.published("approval.decided")) == 1


def test_who_comes_second_to_a_step_is_told_so_and_a_version_guards_the_next_one(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """GW-56."""
    approval_id = submitted(service, people["worker"].account_id, a_flow(service, admin, FINANCE, SUPERIOR))
    seen = get(service, admin, approval_id)["version"]
    approve(service, people["fin1"], approval_id)
    with pytest.raises(Conflict) as refused:
        approve(service, people["fin2"], approval_id)
    assert refused.value.code == "approval-already-decided"
    with pytest.raises(Conflict) as refused:
        service.call("approve", admin, headers={"if_match": str(seen)}, approval_id=approval_id, data={})
    assert refused.value.code == "stale-version"
    assert get(service, admin, approval_id)["step"] == 2


def test_a_submission_told_twice_is_asked_once_and_one_without_approval_never(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """CT-03."""
    flow, approval_id = a_flow(service, admin, SUPERIOR), str(new_id())
    for _ in range(2):
        submitted(service, people["worker"].account_id, flow, approval_id=approval_id)
    approve(service, people["boss"], approval_id)
    submitted(service, people["worker"].account_id, flow, approval_id=approval_id)
    submitted(service, people["worker"].account_id, None, approval_id=None)
    assert listed(service, admin) == [approval_id]
    assert get(service, admin, approval_id)["state"] == "approved"
    assert len(service.published("approval.requested")) == 1


def test_a_decision_leaves_the_service_with_the_process_it_belongs_to(
    service: RunningService, people: dict[str, Caller], admin: Caller
) -> None:
    """CT-04."""
    approval_id = submitted(service, people["worker"].account_id, a_flow(service, admin, SUPERIOR))
    process = str(new_id())
    service.call(
        "approve", people["boss"], headers={"correlation_id": process}, approval_id=approval_id, data={}
    )
    decided = service.published("approval.decided")[-1]
    assert str(decided.correlation_id) == process and decided.actor_id == people["boss"].account_id
    wait_until(lambda: service.published("approval.decided")[-1].published_at)
