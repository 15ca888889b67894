"""A reference to another service's record is judged by whom that service has granted it to, and opportunities are
shared like customers."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from sales.opportunities.queries import OPPORTUNITIES
from servicekit import Caller, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import an_opportunity

ALL = ("opportunity.read", "opportunity.write", "customer.read")


def tell_of_access(service: RunningService, customer_id: Any, version: int, *grants: dict[str, Any]) -> None:
    """Tell sales of a customer, and to whom it is granted, as the customer service does."""
    told = {
        "customer_id": customer_id, "name": "上海云图", "kind": "company", "status": "basic",
        "owner_id": str(new_id()), "version": version, "grants": [*grants],
    }  # fmt: skip
    service.deliver_and_wait("customer", "customer.access_changed", told)


def a_grant(to: UUID, **values: Any) -> dict[str, Any]:
    """Return a right to view, with what the test changes."""
    return {
        "principal_id": str(to), "kind": "account", "reason": "share", "level": "view",
        "security_from": 10, "security_to": 100, "until": None, **values,
    }  # fmt: skip


def test_a_customer_that_is_shared_may_be_named_until_that_is_taken_back(service: RunningService) -> None:
    """CU-16: sales asks nobody; it goes by the grants that the customer's events have told."""
    me, customer_id = caller(*ALL), new_id()
    tell_of_access(service, customer_id, 1)
    named = {"name": "采购", "customer_id": str(customer_id)}
    with pytest.raises(Invalid) as hidden:
        service.call("create_opportunity", me, data=named)
    assert hidden.value.code == "unknown-customer"
    tell_of_access(service, customer_id, 2, a_grant(me.account_id))
    assert service.call("create_opportunity", me, data=named)["customer_id"] == str(customer_id)
    tell_of_access(service, customer_id, 3)
    with pytest.raises(Invalid):
        service.call("create_opportunity", me, data=named)


def test_older_news_of_grants_come_too_late(service: RunningService) -> None:
    """Events come twice and out of order."""
    me, customer_id = caller(*ALL), new_id()
    tell_of_access(service, customer_id, 3, a_grant(me.account_id))
    tell_of_access(service, customer_id, 2)
    named = {"name": "采购", "customer_id": str(customer_id)}
    assert service.call("create_opportunity", me, data=named)["customer_id"] == str(customer_id)


def test_a_team_of_an_opportunity_sees_it_and_its_sums(service: RunningService) -> None:
    """CU-22: the list, the single look and the totals agree."""
    owner, member = caller(*ALL), caller(*ALL)
    service.employ(member.account_id)
    opportunity = an_opportunity(service, owner)
    which = {"opportunity_id": opportunity["id"]}
    with pytest.raises(NotFound):
        service.call("get_opportunity", member, **which)
    service.call("add_opportunity_member", owner, **which, data={"account_id": member.account_id})
    assert service.call("get_opportunity", member, **which)["id"] == opportunity["id"]
    assert [each["id"] for each in service.call("list_opportunities", member, query={})["items"]] == [
        opportunity["id"]
    ]
    totals = service.call("total_opportunities", member, query={})["items"]
    assert [(each["count"], each["amount"]) for each in totals] == [(1, "12000.00")]
    service.call("remove_opportunity_member", owner, **which, member_id=member.account_id)
    assert service.call("total_opportunities", member, query={})["items"] == []


def test_the_name_of_a_customer_is_shown_to_those_alone_who_may_see_it(service: RunningService) -> None:
    """Whoever has the opportunity does not have its customer by that: by the owner, by a grant, or not at all."""
    me, customer_id, open_id = caller(*ALL), new_id(), new_id()
    tell_of_access(service, customer_id, 1, a_grant(me.account_id))
    tell_of_access(service, open_id, 1, a_grant(me.account_id))
    closed = an_opportunity(service, me, customer_id=str(customer_id))
    an_opportunity(service, me, customer_id=str(open_id))
    assert closed["customer_name"] == "上海云图"
    tell_of_access(service, customer_id, 2)

    def named(who: Caller) -> tuple[Any, list[Any]]:
        one = service.call("get_opportunity", who, opportunity_id=closed["id"])["customer_name"]
        listed = service.call("list_opportunities", who, query={"fields": "customer_name"})["items"]
        return one, [each["customer_name"] for each in listed]

    assert named(me) == (None, ["上海云图", None])
    assert named(caller(*ALL[:2], account_id=me.account_id)) == (None, [None, None])
    everything = caller("opportunity.read:all", "customer.read:all")
    assert named(everything) == ("上海云图", ["上海云图", "上海云图"])


def test_a_page_asks_once_whose_names_are_shown(service: RunningService) -> None:
    """However many rows it has."""
    me = caller(*ALL)
    for _ in range(3):
        customer_id = new_id()
        tell_of_access(service, customer_id, 1, a_grant(me.account_id))
        an_opportunity(service, me, customer_id=str(customer_id))

    def statements(limit: int) -> int:
        asked: list[str] = []
        engine = service.database.autocommit_engine

        def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        with service.database.autocommit_sessions() as session:
            page = OPPORTUNITIES.page(session, me, {"limit": str(limit)})
        event.remove(engine, "before_cursor_execute", listen)
        assert [each["customer_name"] for each in page["items"]] == ["上海云图"] * limit
        return len(asked)

    statements(1)  # Which pools there are is remembered.
    assert statements(1) == statements(3)
