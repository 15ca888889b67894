"""Why somebody else sees a customer, or why not: asked by whoever may ask, answered by the rules that judge."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, NotFound, new_id
from servicekit.base.context import EVERYONE
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, caller_header, subject_text
from tests.customer.people import a_customer, a_salesperson
from tests.sharing import end_shares, share_record


def asked(service: RunningService, who: Caller, customer: dict[str, Any], about: Caller, **more: Any) -> Any:
    sent = {"query": {"account_id": str(about.account_id)}, "subject": subject_text(about), **more}
    return service.call("explain_customer_access", who, customer_id=customer["id"], **sent)


def lacks(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["level"], each["rule"]) for each in answer["why_not"]]


def test_the_answer_about_somebody_else_is_the_one_they_get_themselves(service: RunningService) -> None:
    owner, other = a_salesperson(), a_salesperson()
    service.employ(other.account_id, display_name="李雷")
    customer = a_customer(service, owner)
    share_record(service, owner, "customer", customer, "account", other.account_id)
    theirs = service.call("explain_customer_access", other, customer_id=customer["id"], query={})
    assert asked(service, owner, customer, other) == theirs
    assert (theirs["account_id"], theirs["level"]) == (str(other.account_id), "view")
    assert lacks(theirs) == [("edit", "scope"), ("edit", "level")]
    assert theirs["why_not"][1]["through"]["name"] == "李雷"


def test_whoever_edits_lacks_nothing(service: RunningService) -> None:
    owner = a_salesperson()
    customer = a_customer(service, owner)
    answer = service.call("explain_customer_access", owner, customer_id=customer["id"], query={})
    assert (answer["level"], answer["why_not"]) == ("edit", [])


def test_it_says_which_rule_keeps_somebody_out(service: RunningService) -> None:
    """No permission, out of scope, trusted too little, a share that has ended, one that nobody gave."""
    owner, group = a_salesperson(), new_id()
    customer = a_customer(service, owner)
    stranger = a_salesperson()
    assert lacks(asked(service, owner, customer, stranger)) == [("view", "scope"), ("view", "not-granted")]
    nobody = caller("lead.read:all")
    answer = asked(service, owner, customer, nobody)
    assert (answer["level"], answer["because"]) == ("none", [])
    assert lacks(answer) == [("view", "permission")]
    assert answer["why_not"][0]["permission"] == "customer.read"
    member = a_salesperson(principals=(new_id(), EVERYONE, group), security_level=5)
    share_record(service, owner, "customer", customer, "group", group)
    told = asked(service, owner, customer, member)
    assert lacks(told) == [("view", "scope"), ("view", "security-level")]
    assert (told["why_not"][1]["security_from"], told["why_not"][1]["security_to"]) == (10, 100)
    end_shares(service)
    assert lacks(asked(service, owner, customer, member))[1] == ("view", "ended")


def test_who_has_left_sees_nothing(service: RunningService) -> None:
    owner, gone = a_salesperson(), a_salesperson()
    customer = a_customer(service, owner)
    service.employ(gone.account_id, active=False)
    share_record(service, owner, "customer", customer, "everyone", None)
    answer = asked(service, owner, customer, gone)
    assert (answer["level"], lacks(answer)) == ("none", [("view", "account-left")])


def test_nobody_is_told_of_a_customer_that_they_do_not_see(service: RunningService) -> None:
    owner = a_salesperson()
    customer = a_customer(service, owner)
    with pytest.raises(NotFound):
        asked(service, a_salesperson(), customer, owner)


@pytest.mark.parametrize("forged", ["unsigned", "a caller", "somebody else", "missing", "no text"])
def test_only_whom_identity_has_signed_for_the_question_is_judged(
    service: RunningService, forged: str
) -> None:
    owner, other = a_salesperson(), a_salesperson()
    customer = a_customer(service, owner)
    subjects: dict[str, Any] = {
        "unsigned": subject_text(other).replace('"own"', '"all"'),
        "a caller": caller_header(other),
        "somebody else": subject_text(a_salesperson()),
        "missing": None,
        "no text": {"account_id": str(other.account_id)},
    }
    with pytest.raises(Forbidden) as refused:
        asked(service, owner, customer, other, subject=subjects[forged])
    assert refused.value.code == "caller-not-signed"


def test_a_subject_is_no_caller(service: RunningService) -> None:
    """With what is signed of somebody for a question nobody acts as them."""
    owner = a_salesperson()
    customer = a_customer(service, owner)
    with pytest.raises(Forbidden) as refused:
        service.call("get_customer", headers={"caller": subject_text(owner)}, customer_id=customer["id"])
    assert refused.value.code == "caller-not-signed"
