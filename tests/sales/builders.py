"""What the tests of the sales service are built from."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller_header

WANTED = {"name": "CRM 采购", "amount": "12000.00", "currency": "CNY", "expected_close_on": "2027-03-31"}


def a_lead(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    """Create a lead, with what the test changes."""
    data = {
        "company_name": "上海云图科技有限公司", "contact_name": "张伟", "mobile": "138-0013-8000",
        "email": "Zhang.Wei@Example.com", "source": "展会", "remark": "想看演示", **values,
    }  # fmt: skip
    created: dict[str, Any] = service.call("create_lead", who, data=data)
    return created


def converted(service: RunningService, who: Caller, lead_id: str, **data: Any) -> dict[str, Any]:
    """Convert a lead, and return the answer."""
    conversion: dict[str, Any] = service.call("convert_lead", who, lead_id=lead_id, data=data)
    return conversion


def a_product(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    """Create a product, with what the test changes."""
    data = {
        "name": "GTX Pro 专业版",
        "code": "GTX-PRO",
        "category": "GTX",
        "unit": "套",
        "price": "4821",
        **values,
    }
    created: dict[str, Any] = service.call("create_product", who, data=data)
    return created


def an_opportunity(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    """Create an opportunity over 12,000 begun on 2026-11-01, with what the test changes."""
    data = {"name": "上海云图 CRM 采购", "amount": "12000.00", "started_on": "2026-11-01", **values}
    created: dict[str, Any] = service.call("create_opportunity", who, data=data)
    return created


def change(
    service: RunningService, who: Caller, operation: str, record_id: Any, **data: Any
) -> dict[str, Any]:
    """Call an operation of one opportunity with a body."""
    arguments = {"opportunity_id": record_id, "data": data}
    changed: dict[str, Any] = service.call(f"{operation}_opportunity", who, **arguments)
    return changed


def tell_of_customer(
    service: RunningService, customer_id: Any, name: str, version: int = 1, **values: Any
) -> None:
    """Tell sales of a customer as the customer service does."""
    what = "customer.created" if version == 1 else "customer.updated"
    told = {
        "customer_id": customer_id,
        "name": name,
        "owner_id": new_id(),
        "version": version,
        "number": "KH1",
        **values,
    }
    service.deliver_and_wait("customer", what, told)


def tell_of_merge(service: RunningService, gone: Any, kept: Any) -> None:
    """Tell sales that a customer went into another."""
    told = {"customer_id": gone, "kept_customer_id": kept, "version": 2}
    service.deliver_and_wait("customer", "customer.merged", told)


def at_once(
    service: RunningService, asked: list[tuple[str, dict[str, Any]]], *who: Caller
) -> list[dict[str, Any]]:
    """Send requests side by side, the callers in turn, each over a connection of its own; return the replies."""

    def send(one: tuple[str, dict[str, Any]], who: Caller) -> dict[str, Any]:
        apart = RunningService(service.service_class, service.settings)
        try:
            return apart.send(one[0], one[1], {"caller": caller_header(who)})
        finally:
            apart.connection.release()
            apart.database.dispose()

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(send, asked, cycle(who)))
