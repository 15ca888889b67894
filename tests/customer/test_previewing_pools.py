"""What a change of rights would do to customers that lie in pools, that are public, and where roles are limited."""

from typing import Any

import pytest

from servicekit import Caller, Conflict, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, subject_text
from tests.customer.people import a_customer, a_salesperson, in_the_directory
from tests.customer.test_asking_about_others import asked
from tests.customer.test_pools import a_pool, in_a_pool, somebody
from tests.customer.test_previewing import ADMIN, preview_share, previewed

COMPANIES = {"field": "kind", "operator": "eq", "value": "company"}


def limited(who: Caller, **limits: Any) -> Caller:
    """The same person, with limits by permission, each in the scope that is held: ``customer_read``."""
    parts = {name.replace("_", "."): each for name, each in limits.items()}
    scoped = {name: ((str(who.scope(name)), where),) for name, where in parts.items()}
    return a_salesperson(account_id=who.account_id, limits=scoped)


def test_a_limit_loses_what_is_of_another_kind_to_see_and_to_change(service: RunningService) -> None:
    """CU-20: a limit on seeing takes changing with it; given up, both come back; with samples."""
    me = a_salesperson()
    for kind in ("company", "person", "person"):
        a_customer(service, me, kind=kind, name=f"客户 {kind}")
    few = limited(me, customer_read=COMPANIES)
    lost = previewed(service, me, few)
    assert (lost["customer", "view"], lost["customer", "edit"]) == ((0, 2), (0, 2))
    gained = previewed(service, few, me)
    assert (gained["customer", "view"], gained["customer", "edit"]) == ((2, 0), (2, 0))
    pair = {"before": subject_text(me), "after": subject_text(few)}
    told = service.call("preview_access", ADMIN, people=[pair], moved=[])["people"][0]
    assert {each["title"] for each in told[0]["loses"]["samples"]} == {"客户 person"}
    assert told[0]["gains"]["samples"] == []


def test_another_limit_gains_one_kind_and_loses_another(service: RunningService) -> None:
    """CU-20: and what belongs to the customers goes with them."""
    me = a_salesperson()
    a_customer(service, me, kind="company", contact={"name": "王芳"})
    a_customer(service, me, kind="person", contact={"name": "李强"})
    a_customer(service, me, kind="person", contact={"name": "赵敏"})
    companies, persons = limited(me, customer_read=COMPANIES), limited(me, customer_read={"not": COMPANIES})
    told = previewed(service, companies, persons)
    assert (told["customer", "view"], told["contact", "view"]) == ((2, 1), (2, 1))


def test_a_limit_on_changing_loses_nothing_to_see(service: RunningService) -> None:
    """CU-20."""
    me = a_salesperson()
    a_customer(service, me, kind="person")
    told = previewed(service, me, limited(me, customer_write=COMPANIES))
    assert told == {("customer", "edit"): (0, 1)}


def test_a_wider_scope_to_change_gains_nothing_that_is_not_seen(service: RunningService) -> None:
    """CU-16: whoever may not look at a customer does nothing with it."""
    a_customer(service, a_salesperson())
    me = new_id()
    before = caller("customer.read", "customer.write", account_id=me)
    after = caller("customer.read", "customer.write:all", account_id=me)
    assert previewed(service, before, after) == {}


def test_who_joins_the_group_of_a_pool_gains_what_lies_in_it(service: RunningService) -> None:
    """CU-35: its members see it, who keeps it changes it; what the owner's place gives is not among it."""
    pool = a_pool(service)
    owner, _ = in_a_pool(service, pool)
    me = somebody()
    joined = a_salesperson(account_id=me.account_id, principals=(*me.principals, pool.members))
    kept = a_salesperson(account_id=me.account_id, principals=(*me.principals, pool.admins))
    plain = a_salesperson(account_id=me.account_id, principals=me.principals)
    assert previewed(service, plain, joined)["customer", "view"] == (1, 0)
    assert ("customer", "edit") not in previewed(service, plain, joined)
    assert previewed(service, plain, kept)["customer", "edit"] == (1, 0)
    assert previewed(service, kept, plain)["customer", "view"] == (0, 1)
    place = {"manager_id": str(me.account_id), "department_id": None, "institution_id": None}
    service.employ(owner.account_id)
    service.employ(me.account_id)
    moved = {"account_id": str(owner.account_id), **place}
    assert previewed(service, plain, plain, moved) == {}


def test_who_comes_into_a_department_gains_its_public_customers(service: RunningService) -> None:
    """CU-06: the owner's or one's own move, there and away; only seeing."""
    home, owner, colleague = new_id(), somebody(), new_id()
    inside = a_salesperson(account_id=colleague, department_id=home)
    outside = a_salesperson(account_id=colleague, department_id=new_id())
    in_the_directory(service, owner, "王芳", home)
    in_the_directory(service, inside, "李强", home)
    a_customer(service, owner, sharing="public")
    assert previewed(service, outside, inside) == {("customer", "view"): (1, 0)}
    assert previewed(service, inside, outside)["customer", "view"] == (0, 1)
    away = {
        "account_id": str(owner.account_id),
        "manager_id": None,
        "department_id": None,
        "institution_id": None,
    }
    assert previewed(service, inside, inside, away)["customer", "view"] == (0, 1)
    elsewhere = new_id()
    near = a_salesperson(account_id=colleague, department_id=elsewhere)
    here = {**away, "department_id": str(elsewhere)}
    assert previewed(service, near, near, here)["customer", "view"] == (1, 0)


def test_what_lies_in_a_pool_is_shared_with_nobody(service: RunningService) -> None:
    """CU-35: the preview of a share is refused as the share is."""
    pool = a_pool(service)
    _, customer = in_a_pool(service, pool)
    other = a_salesperson()
    service.employ(other.account_id)
    with pytest.raises(Conflict) as refused:
        preview_share(service, somebody(pool.admins), customer, other)
    assert refused.value.code == "lies-in-pool"


def test_a_share_shows_nothing_of_another_kind(service: RunningService) -> None:
    """CU-20: whose role is limited gains nothing by it."""
    owner, other = a_salesperson(), a_salesperson()
    service.employ(other.account_id)
    customer = a_customer(service, owner, kind="person")
    few = limited(other, customer_read=COMPANIES)
    assert preview_share(service, owner, customer, few) == [{"before": "none", "after": "none"}]
    assert preview_share(service, owner, customer, other) == [{"before": "none", "after": "view"}]


def lacking(service: RunningService, asker: Caller, customer: dict[str, Any], about: Caller) -> Any:
    answer = asked(service, asker, customer, about)
    return answer["level"], [(each["level"], each["rule"]) for each in answer["why_not"]]


def test_why_not_names_the_pool_the_department_and_the_limit(service: RunningService) -> None:
    """CU-06, CU-20, CU-35: whoever had it, who only sees what lies there, a colleague, and a role for other kinds."""
    pool, home = a_pool(service), new_id()
    owner, customer = in_a_pool(service, pool)
    alone, member, keeper = (
        a_salesperson(account_id=owner.account_id),
        somebody(pool.members),
        somebody(pool.admins),
    )
    not_shared = [("view", "pool"), ("view", "not-granted")]
    assert lacking(service, keeper, customer, alone) == ("none", not_shared)
    assert lacking(service, keeper, customer, member) == ("view", [("edit", "pool"), ("edit", "not-granted")])
    assert lacking(service, keeper, customer, keeper) == ("edit", [])
    colleague = somebody(department_id=home)
    in_the_directory(service, alone, "王芳", home)
    public = a_customer(service, alone, sharing="public", kind="person", name="张伟")
    beyond = [("edit", "scope"), ("edit", "not-granted")]
    assert lacking(service, alone, public, colleague) == ("view", beyond)
    few = limited(alone, customer_read=COMPANIES)
    assert lacking(service, ADMIN, public, few) == ("none", [("view", "limit")])
    fewer = limited(alone, customer_write=COMPANIES)
    assert lacking(service, ADMIN, public, fewer) == ("view", [("edit", "limit")])
