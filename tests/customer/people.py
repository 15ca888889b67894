"""Who asks in these tests, and what they begin with."""

from typing import Any

from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller

ALL = (
    "customer.read", "customer.write", "contact.read", "contact.write",
)  # fmt: skip


def a_salesperson(*more: str, **values: Any) -> Caller:
    """Return somebody who works with customers of their own, with further permissions where named."""
    return caller(*ALL, *more, **values)


def a_customer(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    """Create a customer with what the test changes."""
    created: dict[str, Any] = service.call(
        "create_customer", who, data={"name": "上海云图科技有限公司", **values}
    )
    return created


def a_contact(service: RunningService, who: Caller, customer_id: str, **values: Any) -> dict[str, Any]:
    """Add a contact with what the test changes."""
    data = {"name": "王芳", **values}
    created: dict[str, Any] = service.call("create_contact", who, customer_id=customer_id, data=data)
    return created


def in_the_directory(
    service: RunningService, who: Caller, name: str, *path: Any, manager: Any = None, institution: Any = None
) -> None:
    """Tell the service of somebody, and of the departments from the top to their own."""
    for depth, department in enumerate(path, 1):
        service.deliver_and_wait(
            "identity",
            "department.changed",
            {"department_id": department, "name": "部门", "path": path[:depth], "version": 1},
        )
    account = {
        "account_id": who.account_id,
        "display_name": name,
        "department_id": path[-1] if path else None,
        "institution_id": institution,
    }
    service.deliver_and_wait(
        "identity", "account.changed", {**account, "manager_id": manager, "active": True, "version": 1}
    )


def a_conversion(**values: Any) -> dict[str, Any]:
    """Return what sales tells of a converted lead, with what the test changes."""
    return {
        "lead_id": new_id(), "customer_id": new_id(), "contact_id": new_id(), "opportunity_id": None,
        "owner_id": new_id(), "merged": False, "company_name": "上海云图科技有限公司", "contact_name": "王芳",
        "title": None, "mobile": "138 0013 8000", "phone": None, "email": "Wang@Example.com", "source": "展会",
        "version": 3, **values,
    }  # fmt: skip
