"""The case's own rules: no database, no broker."""

from typing import Any

import pytest

from service_desk.cases.model import STATUSES, Case
from servicekit import Conflict, Invalid, new_id

ME = new_id()


def a_case(status: str = "open", **values: Any) -> Case:
    """Return a case that was opened by phone, with what the test changes."""
    case = Case.open(ME, **{"customer_id": new_id(), "subject": "无法导出", "channel": "phone", **values})
    case.status = status
    return case


def test_a_case_goes_from_open_to_closed_step_by_step() -> None:
    """SD-01, SD-06, SD-10."""
    case = a_case()
    case.start(ME)
    case.pause("等待截图", ME)
    case.start(ME)
    case.resolve("已重置权限", ME)
    case.close(ME, rating=5)
    assert (case.status, case.solution, case.rating) == ("closed", "已重置权限", 5)
    assert case.started_at and case.resolved_at and case.closed_at


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("open", {"assign", "revise", "start", "resolve", "close"}),
        ("in_progress", {"assign", "revise", "pause", "resolve", "close"}),
        ("waiting", {"assign", "revise", "start", "resolve", "close"}),
        ("resolved", {"assign", "revise", "close", "rate", "reopen"}),
        ("closed", {"rate", "reopen"}),
    ],
)
def test_each_state_allows_only_its_own_steps(status: str, allowed: set[str]) -> None:
    """SD-06."""
    assert status in STATUSES
    steps = {
        "assign": lambda case: case.assign(new_id(), ME),
        "revise": lambda case: case.revise(priority="high"),
        "start": lambda case: case.start(ME),
        "pause": lambda case: case.pause("等待", ME),
        "resolve": lambda case: case.resolve("好了", ME),
        "close": lambda case: case.close(ME, solution="好了"),
        "rate": lambda case: case.rate(4, None, ME),
        "reopen": lambda case: case.reopen("又坏了", ME),
    }
    for name, step in steps.items():
        case = a_case(status)
        if name in allowed:
            step(case)
        else:
            with pytest.raises(Conflict):
                step(case)
            assert case.status == status


def test_a_case_is_not_closed_without_a_solution() -> None:
    """SD-06."""
    case = a_case("in_progress")
    with pytest.raises(Invalid) as refused:
        case.close(ME, rating=5)
    assert (refused.value.code, case.status, case.rating) == ("solution-required", "in_progress", None)
    case.close(ME, solution="已重置权限")
    assert case.resolved_at == case.closed_at


def test_a_comment_comes_with_a_rating() -> None:
    """SD-10."""
    with pytest.raises(Invalid):
        a_case().close(ME, solution="好了", rating_comment="很快")


def test_a_case_belongs_to_whoever_answers_for_it_now() -> None:
    """SD-01, SD-06."""
    handler, helper = new_id(), new_id()
    case = a_case()
    assert (case.owner_id, case.opened_by, case.handler_id) == (ME, ME, None)
    case.start(helper)
    assert case.owner_id == case.handler_id == helper
    case.assign(handler, ME)
    assert case.owner_id == case.handler_id == handler
    given = a_case(handler_id=handler)
    given.start(helper)
    assert (given.owner_id, given.opened_by) == (handler, ME)


def test_a_reopened_case_needs_a_solution_anew() -> None:
    """SD-06."""
    case = a_case()
    case.close(ME, solution="好了", rating=2, rating_comment="没好")
    case.reopen("又坏了", ME)
    assert (case.status, case.solution, case.rating, case.closed_at) == ("open", None, None, None)
    with pytest.raises(Invalid):
        case.close(ME)


def test_the_customer_s_last_word_counts() -> None:
    """SD-10."""
    case = a_case("resolved")
    case.rate(2, "慢", ME)
    case.rate(4, None, ME)
    assert (case.rating, case.rating_comment) == (4, None)
