"""What identity's answers say that their caller may do is what the operations let them do."""

from typing import Any
from uuid import UUID

import pytest

from identity.roles.ready import READY_ROLES
from servicekit import Caller
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_possible import House, disagreements, looks, rights_around
from tests.identity.people import PASSWORD, a_department, acting, an_account, the_administrator
from tests.identity.programs import a_service_account
from tests.identity.receivers import a_webhook
from tests.identity.test_approvals import FINANCE, SUPERIOR, a_flow, submitted
from tests.identity.test_pools import a_pool

ROLES = [role.permissions for role in READY_ROLES]
PROGRAM: dict[str, Any] = {"permissions": {"role.read": "all"}}
YESTERDAY = {"from": "2026-11-21T00:00:00Z", "to": "2026-11-22T00:00:00Z"}
BODIES: dict[str, Any] = {
    "update_account": {"data": {"email": "wang@example.com"}},
    "set_password": {"data": {"password": PASSWORD + " 2"}},
    "update_institution": {"data": {"name": "客户通（北京）有限公司"}},
    "update_position": {"data": {"name": "销售员"}},
    "update_user_group": {"data": {"description": "大客户"}},
    "update_department": {"data": {"code": "HD"}},
    "update_role": {"data": {"name": "另一个名字"}},
    "update_approval_flow": {"data": {"active": False}},
    "update_webhook": {"data": {"active": False}},
    "resend_webhook": {"data": YESTERDAY},
    "update_service_account": {"data": {"description": "总账"}},
    "rotate_service_account_secret": {"data": {}},
    "update_dictionary": {"data": {"open": True}},
    "create_term": {"data": {"label": {"zh": "直播", "en": "Live stream"}}},
    "update_numbering_rule": {"data": {"counts": "day"}},
    "update_parameter": {"data": {"value": "云图"}},
    "update_pool": {"data": {"may_move": True}},
    "update_field": {"data": {"common": True}},
}


@pytest.fixture
def admin(service: RunningService) -> Caller:
    return the_administrator(service)


@pytest.fixture
def house(service: RunningService, admin: Caller) -> House:
    """A house whose owner and superior have accounts, without a role."""
    house = House()
    house.department_id = UUID(a_department(service, admin, "华东")["id"])
    boss = an_account(service, admin, "boss", roles=[])
    owner = an_account(
        service, admin, "owner", roles=[], department_id=str(house.department_id), manager_id=boss["id"]
    )
    house.boss_id, house.owner_id = UUID(boss["id"]), UUID(owner["id"])
    return house


def faults_of(
    service: RunningService, house: House, look: str, record_id: Any, *looked_up: str, **more: Any
) -> list[str]:
    callers = house.everybody(rights_around(service, look, ROLES))
    bodies = {**BODIES, **more}
    return disagreements(service, look, record_id, callers, bodies=bodies, looked_up=looked_up)


def test_each_noun_with_something_to_do_is_looked_at_here(service: RunningService) -> None:
    """(W-2) One that comes is added to these tests."""
    nouns = (
        "webhook",
        "approval",
        "approval_delegation",
        "approval_flow",
        "service_account",
        "role",
        "account",
        "department",
        "institution",
        "user_group",
        "position",
        "dictionary",
        "term",
        "numbering_rule",
        "parameter",
        "field",
        "pool",
    )
    assert looks(service) == {f"get_{noun}" for noun in nouns}


def test_can_of_a_pool_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) Who sees it need not keep it."""
    assert faults_of(service, house, "get_pool", a_pool(service)["id"]) == []


def test_can_of_an_account_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) Nobody touches who may do more, and a program is kept where programs are."""
    place = {"department_id": str(house.department_id), "manager_id": str(house.boss_id)}
    seller = an_account(service, admin, "seller", **place)
    program = a_service_account(service, admin, **PROGRAM)
    for account_id in (house.owner_id, seller["id"], admin.account_id, program["id"]):
        assert faults_of(service, house, "get_account", account_id) == []


def test_can_of_a_department_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) One's own, those below, or all; that somebody is still in it, only the deletion finds out."""
    below = a_department(service, admin, "华东一组", {"id": str(house.department_id)})
    for department_id in (house.department_id, below["id"]):
        assert faults_of(service, house, "get_department", department_id, "department-in-use") == []


def test_can_of_an_institution_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) Held for all; that departments still belong to it, only the deletion finds out."""
    mine = service.call("list_institutions", admin, query={})["items"][0]
    empty = service.call("create_institution", admin, data={"name": "新机构"})
    for institution in (mine, empty):
        faults = faults_of(service, house, "get_institution", institution["id"], "institution-in-use")
        assert faults == []


def test_can_of_a_user_group_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) Held for all; whom it may be and who is in it, is looked up."""
    group = service.call("create_user_group", admin, data={"name": "小组"})
    joining = {"account_ids": [str(house.owner_id)]}
    more = {
        "add_user_group_members": {"data": joining},
        "remove_user_group_member": {"account_id": str(house.owner_id)},
    }
    service.call("add_user_group_members", admin, user_group_id=group["id"], data=joining)
    looked_up = ("user-group-member-not-found", "reach-widened")
    assert faults_of(service, house, "get_user_group", group["id"], *looked_up, **more) == []


def test_can_of_a_position_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) Held for all, and people are appointed by who keeps accounts; who that is, is looked up."""
    data = {"name": "销售", "department_id": str(house.department_id)}
    position = service.call("create_position", admin, data=data)
    more = {"appoint": {"data": {"account_ids": [str(house.owner_id)]}}}
    looked_up = ("reach-widened", "account-not-found", "permission-required", "account-out-of-reach")
    assert faults_of(service, house, "get_position", position["id"], *looked_up, **more) == []


def test_can_of_a_role_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) Ready ones stay, and nobody changes what allows more than they may do; who has it, is looked up."""
    mine = service.call(
        "create_role", admin, data={"code": "auditor", "name": "审计", "permissions": {"role.read": "all"}}
    )
    ready = service.call("list_roles", admin, query={})["items"]
    for role_id in {mine["id"], *(role["id"] for role in ready)}:
        more = {
            "add_role_members": {"data": {"account_ids": [str(house.owner_id)]}},
            "remove_role_member": {"account_id": str(house.owner_id)},
        }
        looked_up = (
            "role-in-use", "role-member-not-found", "reach-widened", "account-not-found", "permission-required",
            "account-out-of-reach",
        )  # fmt: skip
        assert faults_of(service, house, "get_role", role_id, *looked_up, **more) == []


def test_can_of_what_is_kept_for_all_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) Flows and webhooks have no states that keep anybody from anything."""
    flow = a_flow(service, admin, SUPERIOR)
    assert faults_of(service, house, "get_approval_flow", flow["id"]) == []
    webhook = a_webhook(service, "https://erp.example.com/hook", who=admin)
    assert faults_of(service, house, "get_webhook", webhook["id"]) == []


def test_can_of_a_definition_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) Whoever keeps definitions does everything with them."""
    term = service.call("get_dictionary", admin, key="source")["terms"][0]
    named = {"term_id": term["id"], "data": {"position": 1}}
    used = {"data": {"term_ids": [term["id"]], "active": True}}
    more = {"update_term": named, "use_terms": used}
    assert faults_of(service, house, "get_dictionary", "source", "term-taken", **more) == []
    assert faults_of(service, house, "get_numbering_rule", "customer") == []
    assert faults_of(service, house, "get_parameter", "company.name_zh") == []
    [field, *_] = service.call("list_fields", admin, query={})["items"]
    assert faults_of(service, house, "get_field", field["id"]) == []


def test_can_of_a_service_account_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """(W-2) One that may do more than the caller is not theirs to change; it has two secrets at the most."""
    modest, mighty = (a_service_account(service, admin, **each) for each in (PROGRAM, {"name": "金蝶"}))
    spare = service.call("rotate_service_account_secret", admin, service_account_id=modest["id"], data={})
    assert len(spare["secrets"]) == 2 and "rotate_service_account_secret" not in spare["can"]
    for program in (modest, mighty, a_service_account(service, admin, **PROGRAM, name="SAP")):
        kept = service.call("get_service_account", admin, service_account_id=program["id"])
        withdrawing = {"withdraw_service_account_secret": {"secret_id": kept["secrets"][0]["id"]}}
        assert faults_of(service, house, "get_service_account", program["id"], **withdrawing) == []


@pytest.mark.parametrize("decisions", [[], ["approve"], ["approve", "approve"], ["reject"]], ids="-".join)
def test_can_of_an_approval_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller, decisions: list[str]
) -> None:
    """(W-2) Only whom the step waits for decides it, and nobody what is their own."""
    own = caller("approval.read", "approval.decide").permissions
    finance = [
        acting(service, an_account(service, admin, name, roles=["finance"])["id"])
        for name in ("fin1", "fin2")
    ]
    asking = [
        *house.everybody([own, {"approval.read": "own"}, {**own, "approval.administer": "all"}]),
        *finance,
        admin,
    ]
    service.call("update_account", admin, account_id=house.boss_id, data={"roles": ["sales_manager"]})
    mine = submitted(service, str(house.owner_id), a_flow(service, admin, SUPERIOR, FINANCE))
    ofs = submitted(
        service, str(finance[0].account_id), a_flow(service, admin, FINANCE, FINANCE, name="财务")
    )
    boss = Caller(account_id=house.boss_id, display_name="李娜", permissions=own)
    for approval_id, deciders in ((mine, [boss, finance[0]]), (ofs, [finance[1], finance[1]])):
        for who, decision in zip(deciders, decisions, strict=False):
            service.call(decision, who, approval_id=approval_id, data={"comment": "已看"})
        lawyer = an_account(service, admin, f"lawyer{len(decisions)}{approval_id[-4:]}", roles=["finance"])
        bodies: dict[str, Any] = {
            name: {"data": {"comment": "已看"}}
            for name in ("approve", "reject", "withdraw_approval", "remind_approvers")
        }
        bodies["add_approvers"] = {"data": {"account_ids": [lawyer["id"]]}}
        bodies["hand_on_approval"] = {"data": {"account_id": lawyer["id"]}}
        assert disagreements(service, "get_approval", approval_id, asking, bodies=bodies) == []


def test_can_of_a_delegation_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, admin: Caller
) -> None:
    """GW-56: who is away ends it, or an administrator."""
    delegate = an_account(service, admin, "delegate")
    data = {
        "account_id": str(house.owner_id), "delegate_id": delegate["id"],
        "starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-01-02T00:00:00Z",
    }  # fmt: skip
    kept = service.call("create_approval_delegation", admin, data=data)
    assert faults_of(service, house, "get_approval_delegation", kept["id"]) == []
