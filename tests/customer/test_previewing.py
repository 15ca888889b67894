"""What people would gain and lose of this service's records by a change that has not been made."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, NotFound, new_id
from servicekit.base.context import EVERYONE
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, subject_text
from tests.customer.people import a_customer, a_salesperson
from tests.customer.test_sharing import a_full_customer
from tests.sharing import share_record

ADMIN = caller("customer.read:all", "contact.read:all", "activity.read:all")


def previewed(
    service: RunningService, before: Caller, after: Caller, *moved: dict[str, Any], asker: Caller = ADMIN
) -> dict[tuple[str, str], tuple[int, int]]:
    pair = {"before": subject_text(before), "after": subject_text(after)}
    told = service.call("preview_access", asker, people=[pair], moved=list(moved))["people"][0]
    return {(each["noun"], each["level"]): (each["gains"]["count"], each["loses"]["count"]) for each in told}


def test_a_wider_scope_gains_what_it_covers_and_a_narrower_one_loses_it(service: RunningService) -> None:
    me, owner = new_id(), a_salesperson()
    a_full_customer(service, owner)
    narrow, wide = caller("customer.read", account_id=me), caller("customer.read:all", account_id=me)
    assert previewed(service, narrow, wide) == {("customer", "view"): (1, 0)}
    assert previewed(service, wide, narrow) == {("customer", "view"): (0, 1)}
    assert previewed(service, wide, wide) == {}


def test_a_permission_that_goes_loses_everything(service: RunningService) -> None:
    owner = a_salesperson()
    a_full_customer(service, owner)
    nothing = caller(account_id=owner.account_id)
    lost = previewed(service, owner, nothing)
    assert lost["customer", "view"] == lost["customer", "edit"] == lost["contact", "view"] == (0, 1)


def test_a_new_superior_gains_what_their_people_have_and_the_directory_stays(service: RunningService) -> None:
    boss, owner = a_salesperson(), a_salesperson()
    service.employ(boss.account_id)
    service.employ(owner.account_id)
    customer = a_customer(service, owner)
    place = {"manager_id": str(boss.account_id), "department_id": None, "institution_id": None}
    moved = {"account_id": str(owner.account_id), **place}
    assert previewed(service, boss, boss, moved)["customer", "view"] == (1, 0)
    with pytest.raises(NotFound):
        service.call("get_customer", boss, customer_id=customer["id"])


def test_who_joins_a_group_gains_what_is_shared_with_it(service: RunningService) -> None:
    me, group, owner = new_id(), new_id(), a_salesperson()
    customer = a_customer(service, owner)
    share_record(service, owner, "customer", customer, "group", group)
    without = a_salesperson(account_id=me)
    within = a_salesperson(account_id=me, principals=(me, EVERYONE, group))
    assert previewed(service, without, within)["customer", "view"] == (1, 0)
    assert previewed(service, within, without)["customer", "view"] == (0, 1)


def test_names_are_shown_to_those_alone_who_see_the_records(service: RunningService) -> None:
    """Who keeps roles need not see customers."""
    me, owner = new_id(), a_salesperson()
    a_customer(service, owner)
    pair = {
        "before": subject_text(caller("customer.read", account_id=me)),
        "after": subject_text(caller("customer.read:all", account_id=me)),
    }
    for asker, shown in ((ADMIN, 1), (caller("role.write:all"), 0), (a_salesperson(), 0)):
        told = service.call("preview_access", asker, people=[pair], moved=[])["people"][0]
        assert (told[0]["gains"]["count"], len(told[0]["gains"]["samples"])) == (1, shown)


def test_nobody_counts_as_somebody_whom_identity_has_not_signed(service: RunningService) -> None:
    text = subject_text(ADMIN).replace("customer.read", "customer.write")
    with pytest.raises(Forbidden):
        service.call("preview_access", ADMIN, people=[{"before": text, "after": text}], moved=[])


def preview_share(
    service: RunningService, who: Caller, customer: dict[str, Any], about: Caller, **given: Any
) -> Any:
    data = {"to": {"kind": "account", "id": str(about.account_id)}, **given}
    return service.call(
        "preview_share",
        who,
        noun="customer",
        record_id=customer["id"],
        people=[subject_text(about)],
        share=data,
    )["people"]


def test_a_share_is_tried_and_not_given(service: RunningService) -> None:
    owner, other = a_salesperson(), a_salesperson()
    service.employ(other.account_id)
    customer = a_customer(service, owner)
    assert preview_share(service, owner, customer, other) == [{"before": "none", "after": "view"}]
    assert preview_share(service, owner, customer, other, level="edit") == [
        {"before": "none", "after": "edit"}
    ]
    assert preview_share(service, owner, customer, other, security_from=50) == [
        {"before": "none", "after": "none"}
    ]
    assert service.call("list_customer_shares", owner, customer_id=customer["id"])["items"] == []
    with pytest.raises(NotFound):
        service.call("get_customer", other, customer_id=customer["id"])


def test_what_one_may_not_share_one_does_not_try(service: RunningService) -> None:
    owner, other = a_salesperson(), a_salesperson()
    service.employ(other.account_id)
    customer = a_customer(service, owner)
    with pytest.raises(NotFound):
        preview_share(service, other, customer, other)
    with pytest.raises(Forbidden):
        preview_share(service, caller("customer.read:all"), customer, other)
