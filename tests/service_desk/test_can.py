"""What the answer of a case says that its caller may do is what the operations let them do."""

from typing import Any

import pytest

from identity.roles.ready import READY_ROLES
from servicekit import Caller
from servicekit.testing import RunningService, caller
from servicekit.testing_possible import House, callers_of, disagreements, looks, rights_around
from tests.service_desk.builders import ALL, a_case, step

SOLUTION, RATING = {"solution": "已开通导出权限。"}, {"rating": 5, "rating_comment": None}
STEPS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "open": [],
    "in_progress": [("start", {})],
    "waiting": [("start", {}), ("pause", {"reason": "等客户回复"})],
    "resolved": [("resolve", SOLUTION)],
    "closed": [("close", SOLUTION)],
}


@pytest.mark.parametrize("status", STEPS)
def test_can_names_what_the_operations_let_the_caller_do(service: RunningService, status: str) -> None:
    """(W-2) In each state, by each role, for the owner, their superior, a colleague and a stranger."""
    house = House()
    house.move_in(service)
    owner = caller(*ALL, account_id=house.owner_id)
    case = a_case(service, owner)
    for name, data in STEPS[status]:
        case = step(service, owner, name, case, **data)
    assert case["status"] == status and looks(service) == {"get_case"}
    bodies: dict[str, Any] = {
        "update_case": {"data": {"priority": "high"}},
        "create_case_note": {"data": {"text": "已致电客户"}},
        "pause_case": {"data": {"reason": "等配件"}},
        "resolve_case": {"data": SOLUTION},
        "close_case": {"data": SOLUTION},
        "rate_case": {"data": RATING},
        "reopen_case": {"data": {"reason": "又出现了"}},
    }
    rights = rights_around(service, "get_case", [role.permissions for role in READY_ROLES])
    faults = disagreements(
        service,
        "get_case",
        case["id"],
        callers_of(house, rights),
        bodies=lambda who: {**bodies, **_to_oneself(who)},
    )
    assert faults == []


def _to_oneself(who: Caller) -> dict[str, dict[str, dict[str, str]]]:
    """Whom a case may be given to is no question of the case."""
    return {"assign_case": {"data": {"handler_id": str(who.account_id)}}}
