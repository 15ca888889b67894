"""Roles that keep some kinds of customers only, through the service's entrypoints (CU-20)."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, NotFound, new_id
from servicekit.testing import RunningService
from tests.customer.people import a_customer, a_salesperson
from tests.customer.test_sharing import a_full_customer, seen_in_every_way

COMPANIES = {"field": "kind", "operator": "eq", "value": "company"}
GRADE_A = {"field": "grade", "operator": "in", "value": ["A"]}


def limited(where: Any, *more: str, scope: str = "all", **values: Any) -> Caller:
    """Somebody who reads customers of one kind only, with their contacts."""
    limits = {"customer.read": ((scope, where),)}
    held = (f"customer.read:{scope}", f"contact.read:{scope}", "activity.read:all", *more)
    return a_salesperson(*held, limits=limits, **values)


def test_only_customers_of_a_kind_are_seen_with_what_belongs_to_them(service: RunningService) -> None:
    """CU-20: list, count, single look, feed, contacts and activities agree, also for one's own customers."""
    me = new_id()
    who = limited(GRADE_A, account_id=me)
    customer = a_full_customer(service, a_salesperson("activity.read", account_id=me))
    assert seen_in_every_way(service, who, customer) == {False}
    better = a_salesperson("activity.read", account_id=me)
    service.call("update_customer", better, customer_id=customer["id"], data={"grade": "A"})
    assert seen_in_every_way(service, who, customer) == {True}


def test_of_two_roles_each_gives_its_scope_with_its_limit(service: RunningService) -> None:
    """CU-20: everybody's companies and all of one's own, and not everybody's persons."""
    me = new_id()
    parts = (("all", COMPANIES), ("own", None))
    who = a_salesperson("customer.read:all", account_id=me, limits={"customer.read": parts})
    for owner in (who, a_salesperson()):
        for kind in ("company", "person"):
            a_customer(service, owner, name=kind, kind=kind)
    page = service.call("list_customers", who, query={"count": "true", "sort": "name"})
    seen = [(each["kind"], each["owner_id"] == str(me)) for each in page["items"]]
    assert (sorted(seen), page["total"]) == ([("company", False), ("company", True), ("person", True)], 3)


def test_a_share_shows_no_customer_of_another_kind(service: RunningService) -> None:
    """CU-20: a limit holds for what is shared too, and the explanation says so."""
    owner, me = a_salesperson(), new_id()
    customer = a_customer(service, owner, kind="person")
    service.employ(me)
    data = {"to": {"kind": "account", "id": str(me)}}
    service.call("share_customer", owner, customer_id=customer["id"], data=data)
    who = limited(COMPANIES, account_id=me, scope="own")
    with pytest.raises(NotFound):
        service.call("get_customer", who, customer_id=customer["id"])
    free = a_salesperson(account_id=me)
    assert service.call("get_customer", free, customer_id=customer["id"])["id"] == customer["id"]


def test_nobody_leaves_a_customer_as_one_of_a_kind_that_they_do_not_keep(service: RunningService) -> None:
    """CU-20: neither a new one nor by a change."""
    limits = {"customer.write": (("own", COMPANIES),)}
    who = a_salesperson(limits=limits)
    with pytest.raises(Forbidden) as refused:
        a_customer(service, who, kind="person")
    assert refused.value.code == "kind-out-of-reach"
    customer = a_customer(service, who)
    with pytest.raises(Forbidden) as refused:
        service.call("update_customer", who, customer_id=customer["id"], data={"kind": "person"})
    assert refused.value.code == "kind-out-of-reach"
    other = a_customer(service, a_salesperson(account_id=who.account_id), kind="person", name="张伟")
    with pytest.raises(Forbidden) as refused:
        service.call("update_customer", who, customer_id=other["id"], data={"remark": "改"})
    assert refused.value.code == "permission-required"
    assert "update_customer" not in service.call("get_customer", who, customer_id=other["id"])["can"]


def test_a_limit_on_what_is_not_there_shows_nothing(service: RunningService) -> None:
    """CU-20: rather nothing than everything."""
    who = limited({"field": "gone", "operator": "eq", "value": "x"})
    a_customer(service, who)
    assert service.call("list_customers", who, query={})["items"] == []
