"""What the answer of a case says that its caller may do is what the operations let them do."""

from typing import Any

from identity.roles.ready import READY_ROLES
from servicekit import Caller
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_possible import House, Trials, looks
from tests.service_desk.builders import ALL, a_case, step

SOLUTION, RATING = {"solution": "已开通导出权限。"}, {"rating": 5, "rating_comment": None}
STEPS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "open": [],
    "in_progress": [("start", {})],
    "waiting": [("start", {}), ("pause", {"reason": "等客户回复"})],
    "resolved": [("resolve", SOLUTION)],
    "closed": [("close", SOLUTION)],
}


def test_can_names_what_the_operations_let_the_caller_do(service: RunningService) -> None:
    """(W-2) In each state, by each role, for the owner, their superior, a colleague and a stranger."""
    house = House()
    house.move_in(service)
    owner = caller(*ALL, account_id=house.owner_id)
    bodies: dict[str, Any] = {
        "update_case": {"data": {"priority": "high"}},
        "create_case_note": {"data": {"text": "已致电客户"}},
        "pause_case": {"data": {"reason": "等配件"}},
        "resolve_case": {"data": SOLUTION},
        "close_case": {"data": SOLUTION},
        "rate_case": {"data": RATING},
        "reopen_case": {"data": {"reason": "又出现了"}},
    }
    trials = Trials(service, "get_case", house, [role.permissions for role in READY_ROLES])
    for status, steps in STEPS.items():
        case = a_case(service, owner)
        for name, data in steps:
            case = step(service, owner, name, case, **data)
        faults = trials.faults(case["id"], lambda who: {**bodies, **_to_oneself(who)})
        assert (case["status"], faults) == (status, [])
    assert trials.untried == set() and looks(service) == {"get_case"}


def _to_oneself(who: Caller) -> dict[str, dict[str, dict[str, str]]]:
    """Whom a case may be given to is no question of the case."""
    return {"assign_case": {"data": {"handler_id": str(who.account_id)}}}
