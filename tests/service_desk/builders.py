"""What the service desk's tests are made of."""

from typing import Any

from servicekit import Caller, new_id
from servicekit.testing import RunningService

ALL = ("case.read", "case.write", "case.close", "customer.read", "contact.read")


def a_case(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    """Open a case by phone, with what the test changes."""
    data = {
        "customer_id": str(new_id()), "subject": "无法导出客户列表", "channel": "phone",
        "description": "点击导出后\n提示没有权限。", **values,
    }  # fmt: skip
    case: dict[str, Any] = service.call("create_case", who, data=data)
    return case


def step(
    service: RunningService, who: Caller, name: str, case: dict[str, Any], **data: Any
) -> dict[str, Any]:
    """Take a step with a case: ``start``, ``close`` and so on."""
    arguments = {"case_id": case["id"]} | ({"data": data} if name != "start" else {})
    answer: dict[str, Any] = service.call(f"{name}_case", who, **arguments)
    return answer


def an_account(service: RunningService, who: Caller, **values: Any) -> None:
    account = {
        "account_id": who.account_id, "display_name": "刘洋", "department_id": who.department_id,
        "manager_id": None, "active": True, "version": 1, **values,
    }  # fmt: skip
    service.deliver_and_wait("identity", "account.changed", account)


def found(service: RunningService, who: Caller, **query: str) -> list[str]:
    return [item["id"] for item in service.call("list_cases", who, query=query)["items"]]
