"""Service accounts: programs with permissions of their own, and secrets that are shown once (K-8)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, utcnow
from servicekit.testing import RunningService
from tests.identity.people import (
    acting,
    an_account,
    caller_from,
    change,
    claims_of,
    last,
    resolve,
    the_administrator,
)
from tests.identity.programs import ERP, a_service_account, program_signs_in


@pytest.fixture
def admin(service: RunningService) -> Caller:
    return the_administrator(service)


def rotate(service: RunningService, admin: Caller, account: dict[str, Any], **data: Any) -> dict[str, Any]:
    made: dict[str, Any] = service.call(
        "rotate_service_account_secret", admin, service_account_id=account["id"], data=data
    )
    return made


def shown(service: RunningService, admin: Caller, account: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = service.call("get_service_account", admin, service_account_id=account["id"])
    return found


def update(service: RunningService, admin: Caller, account: dict[str, Any], **data: Any) -> dict[str, Any]:
    made: dict[str, Any] = service.call(
        "update_service_account", admin, service_account_id=account["id"], data=data
    )
    return made


def test_a_program_signs_in_with_its_secret_and_holds_what_it_was_given(
    service: RunningService, admin: Caller
) -> None:
    account = a_service_account(service, admin)
    tokens = program_signs_in(service, account)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert "refresh_token" not in tokens
    claims = claims_of(tokens)
    assert claims["client_id"] == claims["sub"] == account["id"] == account["client_id"]
    assert claims["iss"].startswith("http") and claims["aud"] == "kehu-api" and claims["jti"]
    facts = resolve(service, tokens)
    assert (facts["permissions"], facts["display_name"]) == (ERP, "用友 ERP")
    assert service.call("get_me", caller_from(facts))["permissions"] == ERP


def test_its_secret_is_shown_when_it_is_made_and_never_again(service: RunningService, admin: Caller) -> None:
    account = a_service_account(service, admin)
    secret = account["client_secret"]
    assert secret.startswith("kehu_") and len(secret) > 40
    again = shown(service, admin, account)
    assert "client_secret" not in again and secret not in str(again)
    listed = service.call("list_service_accounts", admin, query={})["items"]
    assert [each["id"] for each in listed] == [account["id"]] and secret not in str(listed)
    assert all(secret not in str(event.data) for event in service.published("service_account.created"))


def test_what_it_is_stands_in_the_list_of_accounts_and_in_events(
    service: RunningService, admin: Caller
) -> None:
    account = a_service_account(service, admin)
    kinds = {each["id"]: each["kind"] for each in service.call("list_accounts", admin, query={})["items"]}
    assert kinds[account["id"]] == "service" and kinds[str(admin.account_id)] == "person"
    told = last(service, "account.changed")
    assert (told["account_id"], told["kind"], told["active"]) == (account["id"], "service", True)
    created = last(service, "service_account.created")
    assert (created["name"], created["permissions"], created["status"]) == ("用友 ERP", ERP, "active")


def test_two_secrets_work_side_by_side_and_one_is_withdrawn_at_once(
    service: RunningService, admin: Caller
) -> None:
    account = a_service_account(service, admin)
    old = program_signs_in(service, account)
    second = rotate(service, admin, account)["client_secret"]
    new = program_signs_in(service, account, second)
    assert resolve(service, old) and resolve(service, new)
    with pytest.raises(Conflict) as refused:
        rotate(service, admin, account)
    assert refused.value.code == "too-many-secrets"
    first_id, second_id = [each["id"] for each in shown(service, admin, account)["secrets"]]
    arguments = {"service_account_id": account["id"], "secret_id": first_id}
    service.call("withdraw_service_account_secret", admin, **arguments)
    assert last(service, "session.revoked") == {
        "session_id": first_id, "account_id": account["id"], "version": last(service, "session.revoked")["version"],
    }  # fmt: skip
    with pytest.raises(Forbidden):
        resolve(service, old)
    with pytest.raises(Forbidden) as refused_old:
        program_signs_in(service, account)
    assert refused_old.value.code == "invalid-client"
    assert resolve(service, new)
    assert [each["id"] for each in shown(service, admin, account)["secrets"]] == [second_id]
    with pytest.raises(NotFound):
        service.call("withdraw_service_account_secret", admin, **arguments)


def test_a_secret_ends_when_it_was_said_to(service: RunningService, admin: Caller) -> None:
    with pytest.raises(Invalid):
        a_service_account(service, admin, secret_expires_at=(utcnow() - timedelta(hours=1)).isoformat())
    account = a_service_account(service, admin, secret_expires_at=(utcnow() + timedelta(days=1)).isoformat())
    tokens = program_signs_in(service, account)
    soon = text("UPDATE service_secret SET expires_at = now() + interval '10 minutes'")
    with service.database.engine.begin() as connection:
        connection.execute(soon)
    short = program_signs_in(service, account)
    claims = claims_of(short)
    assert claims["exp"] - claims["iat"] == short["expires_in"] <= 600
    past = text("UPDATE service_secret SET expires_at = now() - interval '1 second'")
    with service.database.engine.begin() as connection:
        connection.execute(past)
    with pytest.raises(Forbidden):
        resolve(service, tokens)
    with pytest.raises(Forbidden) as refused:
        program_signs_in(service, account)
    assert refused.value.code == "invalid-client"


def test_one_that_is_disabled_is_out_at_once_and_in_again_when_enabled(
    service: RunningService, admin: Caller
) -> None:
    account = a_service_account(service, admin)
    tokens = program_signs_in(service, account)
    assert update(service, admin, account, status="disabled")["status"] == "disabled"
    assert last(service, "access.changed")["account_id"] == account["id"]
    assert last(service, "account.changed")["active"] is False
    with pytest.raises(Forbidden):
        resolve(service, tokens)
    with pytest.raises(Forbidden):
        program_signs_in(service, account)
    update(service, admin, account, status="active")
    assert resolve(service, tokens)


def test_a_narrowed_account_may_less_at_once(service: RunningService, admin: Caller) -> None:
    account = a_service_account(service, admin)
    tokens = program_signs_in(service, account)
    update(service, admin, account, permissions={"receivable.read": "all"})
    assert resolve(service, tokens)["permissions"] == {"receivable.read": "all"}


def test_its_last_use_is_seen_and_is_no_change_of_the_account(service: RunningService, admin: Caller) -> None:
    account = a_service_account(service, admin)
    assert shown(service, admin, account)["last_used_at"] is None
    for _ in range(3):
        program_signs_in(service, account, client_address="203.0.113.7", user_agent="erp/1")
    seen = shown(service, admin, account)
    assert seen["last_used_at"] and seen["last_used_from"] == "203.0.113.7"
    assert seen["secrets"][0]["last_used_at"] == seen["last_used_at"]
    assert seen["version"] == account["version"]
    query = {"filter[account_id]": account["id"], "filter[outcome]": "signed_in"}
    assert len(service.call("list_sign_ins", admin, query=query)["items"]) == 1


@pytest.mark.parametrize("address", ["", "203.0.113.9"])
def test_guessing_is_throttled_and_keeps_nobody_else_out(
    service: RunningService, admin: Caller, address: str
) -> None:
    account = a_service_account(service, admin)
    codes: list[str] = []
    # Waits grow from the third failure on, and ten checks a window are all, however slow the machine is.
    while "too-many-attempts" not in codes and len(codes) < 11:
        with pytest.raises(Forbidden) as refused:
            program_signs_in(service, account, "kehu_wrong", client_address=address)
        codes.append(refused.value.code)
    assert codes[:3] == ["invalid-client"] * 3 and codes[-1] == "too-many-attempts"
    # A secret is not guessed, so whoever has it comes in, also from the address of who tries.
    for at in ("198.51.100.1", address):
        assert program_signs_in(service, account, client_address=at)["access_token"]
    with pytest.raises(Forbidden) as refused:
        program_signs_in(service, account, "kehu_wrong", client_address=address)
    assert refused.value.code == "too-many-attempts"


def test_a_secret_that_was_sent_for_the_id_is_not_kept(service: RunningService, admin: Caller) -> None:
    account = a_service_account(service, admin)
    for sent in (f" {account['client_secret']} ", "kehu_admin"):
        with pytest.raises(Forbidden):
            program_signs_in(service, {**account, "id": sent})
    found = service.call("list_sign_ins", admin, query={"filter[outcome]": "refused"})["items"]
    assert [each["username"] for each in found] == ["kehu_admin", " kehu_… "]


@pytest.mark.parametrize("client_id", ["", "nobody", "\x00", "01936f3a-7c00-7000-8000-00000000dead"])
def test_an_unknown_client_learns_nothing(service: RunningService, admin: Caller, client_id: str) -> None:
    account = a_service_account(service, admin)
    with pytest.raises(Forbidden) as refused:
        program_signs_in(service, {**account, "id": client_id})
    assert refused.value.code == "invalid-client"


def test_a_secret_opens_its_own_account_only(service: RunningService, admin: Caller) -> None:
    one = a_service_account(service, admin)
    other = a_service_account(service, admin, name="另一个")
    with pytest.raises(Forbidden):
        program_signs_in(service, one, other["client_secret"])


def test_a_name_is_given_once(service: RunningService, admin: Caller) -> None:
    a_service_account(service, admin)
    with pytest.raises(Conflict) as refused:
        a_service_account(service, admin, name="用友　ERP")
    assert refused.value.code == "service-account-name-taken"
    assert [error["field"] for error in refused.value.errors] == ["name"]


@pytest.mark.parametrize(
    "permission",
    [
        "*",
        "account.write",
        "approval.decide",
        "approval_flow.write",
        "definition.write",
        "department.write",
        "institution.write",
        "pool.write",
        "position.write",
        "role.write",
        "service_account.write",
        "signing_key.rotate",
        "user_group.write",
        "webhook.write",
    ],
)
def test_a_program_never_holds_what_is_for_people(
    service: RunningService, admin: Caller, permission: str
) -> None:
    """Neither hands out access nor decides for the house, whoever opens the account."""
    with pytest.raises(Invalid) as refused:
        a_service_account(service, admin, permissions={permission: "all"})
    assert permission in str(refused.value.errors)
    account = a_service_account(service, admin)
    with pytest.raises(Invalid):
        update(service, admin, account, permissions={permission: "all"})


def test_nobody_gives_a_program_more_than_they_may_do(service: RunningService, admin: Caller) -> None:
    role = {
        "code": "keeper",
        "name": "keeper",
        "permissions": {"service_account.read": "all", "service_account.write": "all", "lead.read": "own"},
    }
    service.call("create_role", admin, data=role)
    person = an_account(service, admin, roles=["keeper"])
    keeper = acting(service, person["id"])
    with pytest.raises(Forbidden) as refused:
        a_service_account(service, keeper, permissions={"lead.read": "all"})
    assert refused.value.code == "permission-out-of-reach"
    wide = a_service_account(service, admin)
    for attempt in (
        lambda: update(service, keeper, wide, description="mine"),
        lambda: rotate(service, keeper, wide),
    ):
        with pytest.raises(Forbidden) as refused:
            attempt()
        assert refused.value.code == "account-out-of-reach"
    own = a_service_account(service, keeper, name="own", permissions={"lead.read": "own"})
    assert program_signs_in(service, own)


def test_who_knows_its_secret_does_not_see_more_through_it(service: RunningService, admin: Caller) -> None:
    """ID-21: a keeper who places people cannot put their own program where it sees what they do not."""
    keeping = {"service_account.read": "all", "service_account.write": "all"}
    permissions = {**keeping, "account.write": "department", "lead.read": "department"}
    service.call("create_role", admin, data={"code": "placer", "name": "placer", "permissions": permissions})
    own, other = (
        service.call("create_department", admin, data={"name": name, "parent_id": None})["id"]
        for name in ("自己", "别人")
    )
    person = an_account(service, admin, roles=["placer"], department_id=own)
    an_account(service, admin, "li.na", department_id=other)
    placer = acting(service, person["id"])
    program = a_service_account(service, placer, department_id=own, permissions={"lead.read": "department"})
    with pytest.raises(Forbidden) as refused:
        update(service, placer, program, department_id=other)
    assert refused.value.code == "reach-widened"
    rotate(service, admin, program)
    with pytest.raises(Forbidden):
        update(service, placer, program, department_id=other)


def test_a_program_has_no_password_and_no_roles_and_is_nobodys_superior(
    service: RunningService, admin: Caller
) -> None:
    account = a_service_account(service, admin)
    name = "service:用友 ERP"
    for password in ("!", "", account["client_secret"]):
        with pytest.raises(Forbidden) as wrong:
            service.call("issue_token", None, grant_type="password", username=name, password=password)
        assert wrong.value.code == "invalid-credentials"
    new = {"password": "a-long-new-password-for-nobody"}
    for method, data in (("set_password", new), ("update_account", {"roles": ["administrator"]})):
        with pytest.raises(Conflict) as refused:
            service.call(method, admin, account_id=account["id"], data=data)
        assert refused.value.code == "not-a-person"
    person = an_account(service, admin)
    with pytest.raises(Invalid) as unknown:
        change(service, admin, person, manager_id=account["id"])
    assert unknown.value.code == "unknown-account"


def test_a_program_cannot_change_itself_or_open_others(service: RunningService, admin: Caller) -> None:
    account = a_service_account(service, admin)
    program = caller_from(resolve(service, program_signs_in(service, account)))
    for attempt in (
        lambda: update(service, program, account, permissions={"lead.read": "all"}),
        lambda: rotate(service, program, account),
        lambda: a_service_account(service, program, name="more"),
        lambda: shown(service, program, account),
        lambda: service.call(
            "update_account", program, account_id=account["id"], data={"roles": ["finance"]}
        ),
    ):
        with pytest.raises((Forbidden, NotFound)):
            attempt()


def test_a_program_that_signs_out_is_told_that_its_token_lives_on(
    service: RunningService, admin: Caller
) -> None:
    """RFC 7009, section 2.2.1."""
    tokens = program_signs_in(service, a_service_account(service, admin))
    program = caller_from(resolve(service, tokens))
    with pytest.raises(Invalid) as refused:
        service.call("revoke_session", program, session_id=str(program.session_id))
    assert refused.value.code == "unsupported-token-type"
    assert resolve(service, tokens)


def test_a_person_is_no_service_account(service: RunningService, admin: Caller) -> None:
    person = an_account(service, admin)
    with pytest.raises(NotFound):
        shown(service, admin, person)
