"""The history of accounts: what is secret stands in none (CU-23, ID-38)."""

import json

from servicekit.testing import RunningService
from tests.identity.people import PASSWORD, acting, an_account, change, the_administrator


def test_a_password_is_in_no_history_though_its_change_is(service: RunningService) -> None:
    admin = the_administrator(service)
    account = an_account(service, admin)
    service.call("set_password", admin, account_id=account["id"], data={"password": f"{PASSWORD} neu"})
    change(service, admin, account, roles=["finance"])
    page = service.call("list_account_history", admin, account_id=account["id"], query={})
    roles, password, created = page["items"]
    assert roles["changes"] == {"roles": [["salesperson"], ["finance"]]}
    assert (password["operation"], password["changes"]) == ("set_password", {})
    assert created["changes"]["display_name"] == [None, "王芳"]
    told = json.dumps(page)
    assert PASSWORD not in told and "hash" not in told


def test_whoever_sees_a_card_is_told_of_changes_to_the_card(service: RunningService) -> None:
    admin = the_administrator(service)
    account, other = an_account(service, admin), an_account(service, admin, "li.na")
    change(service, admin, account, email="wang@example.com")
    change(service, admin, account, display_name="王芳芳")
    query = {"filter[kind]": "changed"}
    items = service.call(
        "list_account_history", acting(service, other["id"]), account_id=account["id"], query=query
    )["items"]
    assert [entry["changes"] for entry in items] == [{"display_name": ["王芳", "王芳芳"]}]
