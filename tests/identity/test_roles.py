"""Roles, and what every installation begins with, through their entrypoints."""

import importlib
import threading

import pytest

from identity.roles.ready import READY_ROLES
from identity.service import IdentityService
from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from tests.identity.people import (
    ADMIN_PASSWORD,
    PASSWORD,
    acting,
    an_account,
    at_once,
    change,
    last,
    resolve,
    sign_in,
    signed_in,
    the_administrator,
)


def test_preparing_again_and_at_once_changes_nothing(service: RunningService) -> None:
    """ID-17, ID-27."""
    before = len(service.published())
    threads = [threading.Thread(target=IdentityService.prepare, args=(service.settings,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(service.published()) == before
    admin = signed_in(service, "admin", ADMIN_PASSWORD)
    assert admin.permissions == {"*": "all"}
    roles = service.call("list_roles", admin, query={"sort": "created_at"})["items"]
    assert {role["code"] for role in roles if role["ready"]} == {
        "administrator", "sales_manager", "salesperson", "finance", "service_agent",
    }  # fmt: skip
    assert last(service, "account.changed")["username"] == "admin"


def test_what_the_organisation_made_of_a_ready_role_survives_the_next_migration(
    service: RunningService,
) -> None:
    """ID-17."""
    admin = the_administrator(service)
    role = service.call("list_roles", admin, query={"filter[code]": "finance"})["items"][0]
    service.call("update_role", admin, role_id=role["id"], data={"permissions": {"receipt.read": "all"}})
    IdentityService.prepare(service.settings)
    assert service.call("get_role", admin, role_id=role["id"])["permissions"] == {"receipt.read": "all"}


def test_a_changed_role_holds_for_everybody_who_has_it(service: RunningService) -> None:
    """ID-17, ID-18."""
    admin = the_administrator(service)
    data = {"code": "trainee", "name": "见习", "permissions": {"lead.read": "own"}}
    role = service.call("create_role", admin, data=data)
    an_account(service, admin, roles=["trainee"])
    tokens = sign_in(service, "wang.fang")
    service.call("update_role", admin, role_id=role["id"], data={"permissions": {"lead.read": "department"}})
    assert resolve(service, tokens)["permissions"] == {"lead.read": "department"}
    assert last(service, "access.changed") == {"account_id": None, "version": 2}
    with pytest.raises(Conflict) as refused:
        service.call("delete_role", admin, role_id=role["id"])
    assert refused.value.code == "role-in-use"
    with pytest.raises(Invalid):
        service.call("update_role", admin, role_id=role["id"], data={"code": "other"})
    with pytest.raises(Conflict) as refused:
        service.call("create_role", admin, data=data)
    assert refused.value.code == "role-code-taken"


def test_a_role_of_ones_own_can_be_deleted_and_a_ready_one_cannot(service: RunningService) -> None:
    """ID-17."""
    admin = the_administrator(service)
    role = service.call("create_role", admin, data={"code": "x", "name": "临时", "permissions": {}})
    service.call("delete_role", admin, role_id=role["id"])
    assert last(service, "access.changed")["version"] == role["version"] + 1
    ready = service.call("list_roles", admin, query={"filter[code]": "salesperson"})["items"][0]
    with pytest.raises(Conflict) as refused:
        service.call("delete_role", admin, role_id=ready["id"])
    assert refused.value.code == "role-ready-made"


def test_a_role_that_is_deleted_while_it_is_given_is_one_or_the_other(service: RunningService) -> None:
    """ID-17: whoever comes second is told so."""
    admin = the_administrator(service)
    account = an_account(service, admin)
    data = {"code": "brief", "name": "短", "permissions": {}}
    role = service.call("create_role", admin, data=data)
    give = {"account_id": account["id"], "data": {"roles": ["brief"]}}
    outcomes = at_once(
        service, [("update_account", admin, give), ("delete_role", admin, {"role_id": role["id"]})]
    )
    assert sorted(outcomes) in (["ok", "role-in-use"], ["invalid-input", "ok"])


def test_no_password_is_built_in(service: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    """ID-27, M-11: without a given password nothing is opened, a weak one is refused, and none stands in a log."""
    service.clean()
    monkeypatch.setenv("IDENTITY_ADMIN_PASSWORD", "admin123")
    with pytest.raises(Invalid):
        IdentityService.prepare(service.settings)
    monkeypatch.delenv("IDENTITY_ADMIN_PASSWORD")
    with pytest.raises(RuntimeError, match="IDENTITY_ADMIN_PASSWORD"):
        IdentityService.prepare(service.settings)
    for guess in ("", "admin", ADMIN_PASSWORD):
        with pytest.raises(Forbidden):
            sign_in(service, "admin", guess)


def a_release_that_gives(monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    """Let the ready role of salespeople come with more permissions."""
    roles = [
        role._replace(permissions={**role.permissions, **given}) if role.code == "salesperson" else role
        for role in READY_ROLES
    ]
    monkeypatch.setattr("identity.seeding.READY_ROLES", tuple(roles))


def test_what_a_release_gives_anew_reaches_the_ready_roles_once(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M-14: only what is new is added; what the organisation took away stays away."""
    admin = the_administrator(service)
    role = service.call("list_roles", admin, query={"filter[code]": "salesperson"})["items"][0]
    fewer = {name: scope for name, scope in role["permissions"].items() if name != "lead.convert"}
    service.call(
        "update_role", admin, role_id=role["id"], data={"permissions": {**fewer, "lead.read": "all"}}
    )
    a_release_that_gives(monkeypatch, **{"invoice.read": "own"})
    events = len(service.published("access.changed"))
    IdentityService.prepare(service.settings)
    given = service.call("get_role", admin, role_id=role["id"])["permissions"]
    assert given == {**fewer, "lead.read": "all", "invoice.read": "own"}
    assert len(service.published("access.changed")) == events + 1
    taken = {name: scope for name, scope in given.items() if name != "invoice.read"}
    service.call("update_role", admin, role_id=role["id"], data={"permissions": taken})
    IdentityService.prepare(service.settings)
    assert service.call("get_role", admin, role_id=role["id"])["permissions"] == taken


def test_what_was_given_before_it_was_written_down_is_known(service: RunningService) -> None:
    """M-14: the migration knows what the releases before it gave, whatever was made of it since."""
    module = importlib.import_module("identity.migrations.versions.0010_handed_out")
    assert set(module.GIVEN) == {role.code for role in READY_ROLES}
    assert "lead.convert" in module.GIVEN["salesperson"].split() and module.GIVEN["administrator"] == "*"


def test_nobody_gets_above_themselves_through_the_accounts_of_others(service: RunningService) -> None:
    """ID-17, ID-18."""
    admin = the_administrator(service)
    permissions = {"account.read": "all", "account.write": "all", "role.read": "all", "role.write": "all"}
    service.call("create_role", admin, data={"code": "hr", "name": "人事", "permissions": permissions})
    clerk_account = an_account(service, admin, "clerk", roles=["hr"])
    clerk = acting(service, clerk_account["id"])
    assert an_account(service, clerk, "colleague", roles=["hr"])["roles"] == ["hr"]
    for attempt in (
        lambda: an_account(service, clerk, "accomplice", roles=["administrator"]),
        lambda: change(service, clerk, clerk_account, roles=["hr", "administrator"]),
        lambda: change(service, clerk, {"id": str(admin.account_id)}, locked=True),
        lambda: service.call(
            "set_password", clerk, account_id=str(admin.account_id), data={"password": "taken over by me"}
        ),
        lambda: service.call(
            "create_role", clerk, data={"code": "god", "name": "神", "permissions": {"*": "all"}}
        ),
    ):
        with pytest.raises(Forbidden) as refused:
            attempt()
        assert refused.value.code.endswith("-out-of-reach")
    assert the_administrator(service).permissions == {"*": "all"}


def test_who_may_only_read_changes_nothing(service: RunningService) -> None:
    """ID-17."""
    admin = the_administrator(service)
    account = an_account(service, admin)
    worker = acting(service, account["id"])
    assert service.call("get_account", worker, account_id=account["id"]) == {**account, "can": []}
    assert len(service.call("list_accounts", worker, query={})["items"]) == 2
    for operation, arguments in (
        ("create_account", {"data": {}}),
        ("update_account", {"account_id": account["id"], "data": {"locked": False}}),
        ("set_password", {"account_id": account["id"], "data": {"password": PASSWORD}}),
        ("create_department", {"data": {"name": "我的"}}),
        ("create_role", {"data": {}}),
        ("create_approval_flow", {"data": {}}),
        ("list_sign_ins", {"query": {}}),
        ("rotate_signing_key", {}),
    ):
        with pytest.raises(Forbidden) as refused:
            service.call(operation, worker, **arguments)
        assert refused.value.code == "permission-required"
    with pytest.raises(NotFound):
        service.call("get_account", worker, account_id=str(new_id()))
