"""A copy of a customer is judged like the customer at home: by its pool, its owner's department and limits to kinds."""

from typing import Any
from uuid import UUID

import pytest

from sales.customer_copy import CustomerCopy
from servicekit import Caller, Invalid, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import an_opportunity

ALL = ("opportunity.read", "opportunity.write", "customer.read")
COMPANIES = {"field": "kind", "operator": "eq", "value": "company"}


def tell(
    service: RunningService, customer_id: UUID, version: int, happened: str = "updated", **values: Any
) -> None:
    """Tell sales of a customer as the customer service does."""
    told = {
        "customer_id": customer_id, "name": "上海云图", "kind": "company", "status": "basic", "grade": None,
        "sharing": "private", "pool_id": None, "claim_state": "own", "version": version, **values,
    }  # fmt: skip
    service.deliver_and_wait("customer", f"customer.{happened}", told)


def name_shown(service: RunningService, who: Caller, customer_id: UUID) -> bool:
    """Tell whether somebody is shown the name, in the list as in the single look, and may name the customer."""
    seller = caller("opportunity.read", "opportunity.write", "customer.read:all", account_id=who.account_id)
    made = an_opportunity(service, seller, customer_id=str(customer_id))
    shown = service.call("get_opportunity", who, opportunity_id=made["id"])["customer_name"] is not None
    query = {"filter[id]": made["id"], "fields": "id,customer_name"}
    (listed,) = service.call("list_opportunities", who, query=query)["items"]
    assert (listed["customer_name"] is not None) is shown
    data = {"name": "采购", "customer_id": str(customer_id)}
    if shown:
        assert service.call("create_opportunity", who, data=data)["customer_id"] == str(customer_id)
        return True
    with pytest.raises(Invalid) as refused:
        service.call("create_opportunity", who, data=data)
    assert refused.value.code == "unknown-customer"
    return False


def a_pool(service: RunningService, members: UUID, admins: UUID) -> UUID:
    """Let sales know of a pool of customers."""
    pool_id = new_id()
    body = {
        "members_group_id": str(members),
        "admins_group_id": str(admins),
        "name": "公海",
        "policy": "claim",
    }
    told = {
        "definition_id": str(pool_id), "kind": "pool", "noun": "customer", "key": str(pool_id), "body": body,
        "active": True, "position": 0, "version": 1,
    }  # fmt: skip
    service.deliver_and_wait("identity", "definition.changed", told)
    return pool_id


def test_who_had_a_customer_of_a_pool_sees_its_name_no_more_and_its_members_do(
    service: RunningService,
) -> None:
    """CU-35, CU-121: while it lies there; late and doubled news change nothing."""
    owner, group, customer_id = caller(*ALL), new_id(), new_id()
    member = caller(*ALL, principals=(group,))
    pool_id = a_pool(service, group, new_id())
    tell(service, customer_id, 1, "created", owner_id=owner.account_id)
    assert (name_shown(service, owner, customer_id), name_shown(service, member, customer_id)) == (
        True,
        False,
    )
    lies = {"owner_id": owner.account_id, "pool_id": pool_id, "claim_state": "unclaimed"}
    for version, values in ((3, lies), (2, {"owner_id": owner.account_id}), (3, lies)):
        tell(service, customer_id, version, **values)
    assert (name_shown(service, owner, customer_id), name_shown(service, member, customer_id)) == (
        False,
        True,
    )
    tell(service, customer_id, 4, owner_id=member.account_id, pool_id=pool_id, claim_state="claimed")
    assert (name_shown(service, owner, customer_id), name_shown(service, member, customer_id)) == (
        False,
        True,
    )


def test_the_department_of_its_owner_sees_the_name_of_a_public_customer(service: RunningService) -> None:
    """CU-06: that department, and no other."""
    home, customer_id = new_id(), new_id()
    owner = service.employ(department_id=home)
    colleague, stranger = caller(*ALL, department_id=home), caller(*ALL, department_id=new_id())
    for version, sharing in ((1, "private"), (2, "public"), (3, "private")):
        tell(service, customer_id, version, owner_id=owner, sharing=sharing)
        assert name_shown(service, colleague, customer_id) is (sharing == "public")
        assert name_shown(service, stranger, customer_id) is False


@pytest.mark.parametrize("happened", ["updated", "upgraded", "invalidated", "access_changed"])
def test_a_limit_hides_the_names_of_other_kinds(service: RunningService, happened: str) -> None:
    """CU-20: whatever event has told of what kind it is; another's as one's own."""
    customer_id, me = new_id(), new_id()
    limits = {"customer.read": (("all", COMPANIES),)}
    who = caller("opportunity.read", "opportunity.write", "customer.read:all", limits=limits, account_id=me)
    tell(service, customer_id, 1, owner_id=me)
    assert name_shown(service, who, customer_id) is True
    tell(service, customer_id, 2, happened, owner_id=me, kind="person", grants=[])
    assert name_shown(service, who, customer_id) is False


@pytest.mark.parametrize(
    "where",
    [
        {"not": {"field": "grade", "operator": "eq", "value": "A"}},
        {"field": "grade", "operator": "empty", "value": True},
        {"field": "pinyin", "operator": "eq", "value": "shanghaiyuntu"},
        {"field": "gone", "operator": "eq", "value": 1},
    ],
)
def test_a_limit_on_what_has_not_been_told_lets_nothing_through(service: RunningService, where: Any) -> None:
    """CU-20: nor do the rows that were there before anybody told of kinds."""
    customer_id, me = new_id(), new_id()
    who = caller(*ALL, limits={"customer.read": (("own", where),)}, account_id=me)
    told = {"customer_id": customer_id, "name": "上海云图", "kind": "company", "owner_id": me, "version": 1}
    service.deliver_and_wait("customer", "customer.updated", told)
    assert name_shown(service, who, customer_id) is False
    assert name_shown(service, caller(*ALL, account_id=me), customer_id) is True


def test_news_of_a_version_that_knows_no_pools_are_kept_as_ever(service: RunningService) -> None:
    """M-24: its events lack what says how a customer stands."""
    customer_id = new_id()
    told = {"customer_id": customer_id, "name": "上海云图", "owner_id": new_id(), "version": 1}
    service.deliver_and_wait("customer", "customer.updated", told)
    with service.database.sessions() as session:
        kept = session.get_one(CustomerCopy, customer_id)
        assert (kept.claim_state, kept.sharing, kept.pool_id) == ("own", "private", None)
        assert kept.facts is not None and "grade" not in kept.facts


def test_nobody_names_what_is_theirs_without_the_permission_to_see_it(service: RunningService) -> None:
    """CU-16: as at home, where they are told that they see no customers."""
    customer_id, me = new_id(), new_id()
    tell(service, customer_id, 1, owner_id=me)
    who = caller("opportunity.read", "opportunity.write", account_id=me)
    assert name_shown(service, who, customer_id) is False
