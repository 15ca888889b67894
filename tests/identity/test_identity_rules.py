"""Rules of identity that need no database and no broker."""

import secrets
from datetime import timedelta
from typing import Any, get_args

import pytest
from marshmallow import ValidationError

from identity.accounts.model import IN_SERVICE, REFUSED_BY, STATUSES, Account, Refusal, username_key
from identity.approvals.asked import Asked
from identity.approvals.flow_schemas import ApprovalFlowSchema
from identity.approvals.model import Approval
from identity.departments.model import Department
from identity.roles.model import Role
from identity.roles.permissions import covers, union
from identity.roles.ready import READY_ROLES
from identity.roles.schemas import RoleSchema
from identity.signin.log import REASONS, AtTheDoor, EndedBy
from identity.signin.passwords import ensure_good
from identity.signin.throttle import LENIENT, STRICT, SignInThrottle, keys_of_stranger
from servicekit import Conflict, Invalid, new_id, today, utcnow
from servicekit.testing_callers import caller


def a_department(parent: Department | None = None) -> Department:
    department = Department(name="部门")
    department.place_under(parent)
    return department


def test_a_path_leads_from_the_top_to_the_department_itself() -> None:
    """ID-02."""
    top = a_department()
    team = a_department(a_department(top))
    assert team.path[0] == top.id and team.path[-1] == team.id and len(team.path) == 3


def test_what_stands_below_a_moved_department_moves_along() -> None:
    """ID-02."""
    old, new = a_department(), a_department()
    region = a_department(old)
    team = a_department(region)
    region.place_under(new)
    team.follow(region)
    assert team.path == [new.id, region.id, team.id]


def test_a_department_cannot_stand_below_itself() -> None:
    """ID-02."""
    region = a_department()
    team = a_department(region)
    for parent in (region, team):
        with pytest.raises(Invalid):
            region.place_under(parent)


def an_account(**values: Any) -> Account:
    account = Account(password_hash="")
    account.fill_in(roles=[], username="wang.fang", display_name="王芳", **values)
    return account


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({}, None),
        ({"status": "left"}, "left"),
        ({"status": "retired"}, "retired"),
        ({"locked": True}, "locked"),
        ({"expires_on": today() - timedelta(days=1)}, "expired"),
        ({"expires_on": today() + timedelta(days=1)}, None),
    ],
)
def test_who_left_is_locked_or_has_expired_may_not_sign_in(
    values: dict[str, Any], refusal: str | None
) -> None:
    """ID-07 to ID-09."""
    account = an_account(**values)
    assert account.refusal == refusal
    assert account.may_sign_in is (refusal is None)


def test_every_reason_of_the_sign_in_log_has_a_name_whatever_the_status_of_an_account() -> None:
    """ID-37."""
    assert set(REASONS) == {*get_args(AtTheDoor), *get_args(Refusal), *get_args(EndedBy)}
    assert set(REFUSED_BY) == set(STATUSES) - {IN_SERVICE}


@pytest.mark.parametrize("other", ["WANG.FANG", " wang.fang ", "ｗａｎｇ.ｆａｎｇ"])
def test_usernames_that_look_alike_are_the_same(other: str) -> None:
    """ID-06."""
    assert username_key(other) == username_key("wang.fang")


def test_roles_add_up_to_the_widest_scope() -> None:
    """ID-18."""
    together = union([{"lead.read": "own", "case.read": "all"}, {"lead.read": "department"}, {}])
    assert together == {"lead.read": "department", "case.read": "all"}
    assert union([{"lead.read": "own"}, {"*": "all"}]) == {"lead.read": "all", "*": "all"}


def test_nobody_can_hand_out_more_than_they_hold() -> None:
    """ID-17."""
    me = caller("lead.read:department", "role.write:all")
    assert covers(me, {"lead.read": "own"}) and covers(me, {})
    assert not covers(me, {"lead.read": "all"})
    assert not covers(me, {"case.read": "own"})
    assert not covers(me, {"*": "own"})
    assert covers(caller("*:all"), {"*": "all", "case.read": "all"})


def test_the_ready_roles_are_well_formed() -> None:
    """ID-17."""
    assert [role.code for role in READY_ROLES] == [
        "administrator", "sales_manager", "salesperson", "finance", "service_agent",
    ]  # fmt: skip
    for role in READY_ROLES:
        RoleSchema().load({"code": role.code, "name": role.name, "permissions": role.permissions})


@pytest.mark.parametrize(
    "permissions",
    [
        None,
        [],
        "all",
        {"lead": "own"},
        {"lead.read": "everyone"},
        {"lead.read": None},
        {"lead.read": []},
        {"": "own"},
    ],
)
def test_permissions_must_be_permissions_with_scopes(permissions: Any) -> None:
    """ID-17."""
    with pytest.raises(ValidationError) as refused:
        RoleSchema().load({"code": "x", "name": "x", "permissions": permissions})
    assert set(refused.value.messages_dict) == {"permissions"}


def test_the_administrator_role_cannot_be_weakened_and_ready_roles_stay() -> None:
    """ID-17."""
    role = Role(code="administrator", name="系统管理员", permissions={"*": "all"}, ready=True)
    role.fill_in(name="超级管理员", permissions={"*": "all"})
    with pytest.raises(Conflict):
        role.fill_in(permissions={})
    with pytest.raises(Conflict):
        role.ensure_deletable()


def refused_fields(password: str) -> list[str]:
    """Return the fields that a new password of ``wang.fang`` is refused for."""
    try:
        ensure_good(password, ["wang.fang", "王芳", "fang@example.com", "13800138000"], "password")
    except Invalid as refused:
        return [error["field"] for error in refused.errors]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password",
        "Password1",
        "11111111",
        "12121212",
        "Wang.Fang",
        "wo ai n",
        "5201314520",
        "kehu2026",
        "Password1!",
        "qwerty12345",
        "ｋｅｈｕ２０２６",
        "wangfang1!",
        "Wang.Fang2026",
        "13800138000",
        "1qaz2wsx3edc",
        "P@ssw0rd",
        "woaini1314",
        "2026-11-25",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "客户客户客户客户",
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str) -> None:
    """ID-33."""
    assert refused_fields(password) == ["password"]


@pytest.mark.parametrize(
    "password", ["correct horse battery", "晴天下雨也要出门", "xK3!9qpz", secrets.token_urlsafe(9)]
)
def test_other_passwords_are_good(password: str) -> None:
    """ID-33."""
    assert refused_fields(password) == []


def test_guesses_wait_longer_each_time_and_ten_fill_the_window() -> None:
    """ID-30."""
    row, now, waits = SignInThrottle(key="pair:203.0.113.7/32 x", checked_at=[]), utcnow(), []
    for _ in range(STRICT):
        row.count(now)
        row.fail(now)
        waits.append(row.seconds_to_wait(now))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 600]
    assert row.seconds_to_wait(now + timedelta(seconds=599)) == 1
    assert row.seconds_to_wait(now + timedelta(seconds=601)) == 0
    assert row.failures == 0


def test_an_ipv6_client_is_counted_by_its_network() -> None:
    """ID-30."""
    assert keys_of_stranger("x", "2001:db8:1:2::1") == keys_of_stranger("x", "2001:db8:1:2:ffff::9")
    assert keys_of_stranger("x", "203.0.113.7") != keys_of_stranger("x", "203.0.113.8")
    assert keys_of_stranger("x", "testclient") == ["pair:testclient x", "account:x", "address:testclient"]
    assert keys_of_stranger("x", "") == ["pair: x", "account:x"]


def test_a_name_alone_is_throttled_late_and_never_made_to_wait_longer_and_longer() -> None:
    """M-08: strangers from everywhere must not lock anybody out."""
    row, now = SignInThrottle(key="account:x", checked_at=[]), utcnow()
    for _ in range(LENIENT - 1):
        row.count(now)
        row.fail(now)
    assert row.seconds_to_wait(now) == 0
    row.count(now)
    assert row.seconds_to_wait(now) == 600


def an_approval(steps: int = 2) -> Approval:
    approval = Approval(steps=[{"kind": "role", "role": "finance"}] * steps, tasks=[], asked=[])
    approval.open_stage()
    approval.ask(Asked(step=1, role="finance"))
    return approval


def decide(approval: Approval, outcome: str) -> None:
    step = approval.step
    seat = next(each for each in approval.asked if each.step == step)
    approval.decide(step, outcome, new_id(), "王芳", "", seat=seat)


def test_an_approval_is_approved_when_its_last_step_is() -> None:
    """GW-56."""
    approval = an_approval()
    decide(approval, "approved")
    assert approval.state == "pending"
    approval.open_stage()
    approval.ask(Asked(step=2, account_id=new_id()))
    decide(approval, "approved")
    assert approval.state == "approved" and approval.waiting is None


def test_one_refusal_rejects_all_of_it_and_nothing_can_be_decided_twice() -> None:
    """GW-56."""
    approval = an_approval()
    decide(approval, "rejected")
    assert approval.state == "rejected"
    with pytest.raises(Conflict) as refused:
        decide(approval, "approved")
    assert refused.value.code == "approval-already-decided"


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([], "steps"),
        (None, "steps"),
        ([{"kind": "person"}], "account_id"),
        ([{"kind": "role"}], "role"),
        ([{"kind": "superior", "role": "finance"}], "role"),
        ([{"kind": "role", "role": "finance", "account_id": str(new_id())}], "account_id"),
        ([{"kind": "committee"}], "kind"),
        ([{}], "kind"),
        ([{"kind": "superior"}] * 21, "steps"),
        (["superior"], "0"),
    ],
)
@pytest.mark.parametrize("partial", [True, False])
def test_steps_must_say_whom_they_are_for(steps: Any, field: str, partial: bool) -> None:
    """GW-56."""
    flow = {"name": "流程", "subject_type": "contract", "steps": steps}
    with pytest.raises(ValidationError) as refused:
        ApprovalFlowSchema(partial=partial).load(flow)
    assert field in str(refused.value.messages_dict)


def test_a_condition_is_kept_as_the_others_read_it() -> None:
    """GW-56."""
    flow = {"name": "流程", "subject_type": "contract", "steps": [{"kind": "superior"}]}
    condition = {"nature": None, "amount_from": "10000", "currency": "CNY"}
    loaded = ApprovalFlowSchema().load({**flow, "condition": condition})
    assert loaded["condition"] == {"amount_from": "10000.00", "currency": "CNY"}
    assert ApprovalFlowSchema().load(flow)["condition"] == {}
