"""The feed tells nobody more of an account or an approval than a look at it shows (M-12)."""

from typing import Any

from servicekit import Caller
from servicekit.testing import RunningService, wait_until
from tests.identity.people import PASSWORD, a_department, acting, an_account, change, the_administrator
from tests.identity.test_approvals import FINANCE, a_flow, approve, listed, submitted

NEW_PASSWORD = f"{PASSWORD} 43"


def told(service: RunningService, who: Caller, types: str) -> list[dict[str, Any]]:
    """Return what the feed tells somebody, once all there is has gone over the broker."""
    wait_until(lambda: all(event.published_at for event in service.published()))
    items: list[dict[str, Any]] = service.call("read_events", who, types=[types], limit=500)["items"]
    return items


def somebody(service: RunningService, name: str, permissions: dict[str, str], **values: Any) -> Caller:
    """Return somebody with a role of their own."""
    admin = the_administrator(service)
    service.call("create_role", admin, data={"code": name, "name": name, "permissions": permissions})
    return acting(service, an_account(service, admin, name, roles=[name], **values)["id"])


def test_the_feed_tells_of_an_account_only_whom_a_look_shows_the_whole_of_it(service: RunningService) -> None:
    """M-12: who keeps the account, and the person themselves; to others it told what the card hides."""
    admin = the_administrator(service)
    team = a_department(service, admin, "一部")
    boss = an_account(service, admin, "boss", roles=["sales_manager"])
    mate = an_account(service, admin, "mate", department_id=team["id"], manager_id=boss["id"])
    stranger = an_account(service, admin, "stranger")
    reading, keeping = {"account.read": "all"}, {"account.write": "department"}
    everybody = [
        admin,
        acting(service, boss["id"]),
        acting(service, mate["id"]),
        somebody(service, "keeper", reading | keeping, department_id=team["id"]),
        somebody(service, "near", {"account.read": "own", "account.write": "all"}),
        somebody(service, "blind", keeping, department_id=team["id"]),
    ]
    for account in (boss, mate, stranger):
        change(service, admin, account, locked=False)
        service.call("set_password", admin, account_id=account["id"], data={"password": NEW_PASSWORD})
    accounts = {str(event.subject) for event in service.published("account.changed")}
    seen = []
    for who in everybody:
        whole = {
            account_id
            for account_id in accounts
            if who.scope("account.read") and "username" in look(service, who, account_id)
        }
        assert {event["subject"] for event in told(service, who, "account.changed")} == whole
        changed = {event["subject"] for event in told(service, who, "account.password_changed")}
        assert changed == whole & {boss["id"], mate["id"], stranger["id"]}
        seen.append(len(whole))
    # The keeper also sees who else is in the team; who may not read accounts sees none.
    assert seen == [len(accounts), 1, 1, 3, 1, 0]


def look(service: RunningService, who: Caller, account_id: str) -> dict[str, Any]:
    """Return what a list shows somebody of one account; nothing if it does not show it."""
    items = service.call("list_accounts", who, query={"limit": "200"})["items"]
    found: dict[str, Any] = next((item for item in items if item["id"] == account_id), {})
    return found


def test_what_the_feed_does_not_tell_everybody_goes_to_the_other_services_all_the_same(
    service: RunningService,
) -> None:
    """M-12: their copies of the directory are made of it."""
    admin = the_administrator(service)
    me = acting(service, an_account(service, admin)["id"])
    other = an_account(service, admin, "other")
    assert other["id"] not in {event["subject"] for event in told(service, me, "account.*")}
    sent = [event for event in service.published("account.changed") if str(event.subject) == other["id"]]
    assert len(sent) == 1 and sent[0].published_at is not None


def test_the_feed_tells_of_approvals_whoever_sees_all_of_them(service: RunningService) -> None:
    """M-12: ``approval.read`` for all shows the approvals that concern somebody, not everybody's titles and amounts."""
    admin = the_administrator(service)
    clerk = acting(service, an_account(service, admin, "clerk", roles=["finance"])["id"])
    worker = acting(service, an_account(service, admin, "worker")["id"])
    reader = somebody(service, "reader", {"approval.read": "all"})
    overseer = somebody(service, "overseer", {"approval.read": "all", "approval.administer": "all"})
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, FINANCE))
    approve(service, clerk, approval_id)
    assert (listed(service, reader), listed(service, overseer)) == ([], [approval_id])
    assert told(service, reader, "approval.*") == []
    types = [event["type"] for event in told(service, overseer, "approval.*")]
    assert types == ["approval.requested", "approval.decided"]


def test_the_feed_tells_of_an_approval_whoever_wants_it_or_is_asked(service: RunningService) -> None:
    """(W-3): what waits for somebody shows with them at once, and goes away with those who were asked too.

    Who has the role that is asked, is found out when they read: whoever has lost it is told no more.
    """
    admin = the_administrator(service)
    clerk = acting(service, an_account(service, admin, "clerk", roles=["finance"])["id"])
    other = acting(service, an_account(service, admin, "other", roles=["finance"])["id"])
    worker = acting(service, an_account(service, admin, "worker")["id"])
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, FINANCE))
    approve(service, clerk, approval_id)
    newcomer = acting(service, an_account(service, admin, "newcomer", roles=["finance"])["id"])
    change(
        service, admin, service.call("get_account", admin, account_id=other.account_id), roles=["salesperson"]
    )
    assert told(service, acting(service, other.account_id), "approval.*") == []
    for who in (clerk, newcomer, worker):
        heard = [(event["type"], event["subject"]) for event in told(service, who, "approval.*")]
        assert heard == [("approval.requested", approval_id), ("approval.decided", approval_id)]
