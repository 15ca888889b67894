"""Limits of roles to kinds of records, through the service's entrypoints (CU-20)."""

from typing import Any

import pytest

from servicekit import Forbidden, Invalid
from servicekit.testing import RunningService
from tests.identity.people import an_account, signed_in, the_administrator

COMPANIES = {"field": "kind", "operator": "eq", "value": "company"}
GRADE_A = {"field": "grade", "operator": "eq", "value": "A"}


def a_role(service: RunningService, code: str, scope: str = "all", **values: Any) -> dict[str, Any]:
    data = {"code": code, "name": code, "permissions": {"customer.read": scope}, **values}
    made: dict[str, Any] = service.call("create_role", the_administrator(service), data=data)
    return made


def test_a_limit_stands_in_what_is_signed_of_whoever_has_the_role(service: RunningService) -> None:
    """CU-20: and no longer once it is taken back."""
    role = a_role(service, "companies", limits={"customer.read": COMPANIES})
    assert role["limits"] == {"customer.read": COMPANIES}
    account = an_account(service, the_administrator(service), roles=["companies"])
    assert facts(service, account)["limits"] == {"customer.read": [{"scope": "all", "where": COMPANIES}]}
    admin = the_administrator(service)
    service.call("update_role", admin, role_id=role["id"], data={"limits": {}})
    assert "limits" not in facts(service, account)


def facts(service: RunningService, account: dict[str, Any]) -> dict[str, Any]:
    """What is signed of an account."""
    admin = the_administrator(service)
    told: dict[str, Any] = service.call("resolve_subject", admin, account_id=account["id"])
    return told


def test_roles_add_up_each_with_its_limit(service: RunningService) -> None:
    """CU-20: none is widened by another, and what covers another makes it needless."""
    a_role(service, "companies", limits={"customer.read": COMPANIES})
    a_role(service, "own", "own")
    both = an_account(service, the_administrator(service), username="both", roles=["companies", "own"])
    assert facts(service, both)["limits"] == {
        "customer.read": [{"scope": "all", "where": COMPANIES}, {"scope": "own", "where": None}]
    }
    a_role(service, "everything")
    more = an_account(service, the_administrator(service), username="more", roles=["companies", "everything"])
    assert "limits" not in facts(service, more)


@pytest.mark.parametrize(
    ("limits", "place"),
    [
        ({"lead.read": COMPANIES}, "limits.lead.read"),
        ({"customer.read": {"field": "nothing", "operator": "eq", "value": 1}}, "limits.customer.read.field"),
        (
            {"customer.read": {"field": "quiet_since", "operator": "empty", "value": True}},
            "limits.customer.read.field",
        ),
        (
            {"customer.read": {"field": "number", "operator": "eq", "value": "1"}},
            "limits.customer.read.field",
        ),
        ({"*": COMPANIES}, "limits.*"),
        ({"customer.read": "all"}, "limits"),
        ({"customer.read": {"field": "name", "operator": "contains", "value": "x" * 5000}}, "limits"),
    ],
)
def test_a_limit_that_nobody_could_judge_is_refused(
    service: RunningService, limits: dict[str, Any], place: str
) -> None:
    """CU-20, GW-05."""
    with pytest.raises(Invalid) as refused:
        a_role(service, "wrong", limits=limits)
    assert [each["field"] for each in refused.value.errors] == [place]


def test_who_is_limited_hands_out_no_more(service: RunningService) -> None:
    """CU-20, ID-21: a role without the limit, or with another, is out of reach; one that says more is not."""
    a_role(service, "companies", limits={"customer.read": COMPANIES})
    keeper = {"role.read": "all", "role.write": "all", "customer.read": "all"}
    admin = the_administrator(service)
    data = {"code": "keeper", "name": "keeper", "permissions": keeper, "limits": {"customer.read": COMPANIES}}
    service.call("create_role", admin, data=data)
    an_account(service, the_administrator(service), username="keeper", roles=["keeper"])
    who = signed_in(service, "keeper")
    for limits in ({}, {"customer.read": GRADE_A}):
        data = {"code": "more", "name": "more", "permissions": {"customer.read": "own"}, "limits": limits}
        with pytest.raises(Forbidden) as refused:
            service.call("create_role", who, data=data)
        assert refused.value.code == "permission-out-of-reach"
    narrower = {"all": [COMPANIES, GRADE_A]}
    data["limits"] = {"customer.read": narrower}
    assert service.call("create_role", who, data=data)["limits"] == {"customer.read": narrower}
