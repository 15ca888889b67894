"""What the finance service's tests are made of."""

from typing import Any

from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller

FINANCE = tuple(
    f"{permission}:all"
    for permission in (
        "receivable.read", "payable.read", "receipt.read", "receipt.write", "payment.read", "payment.write",
        "advance.read", "advance.write", "bank_account.read", "bank_account.write", "customer.read",
    )
)  # fmt: skip
SALES = ("receivable.read", "receipt.read", "advance.read")


def finance_person() -> Caller:
    """Return somebody who may do everything here, with everybody's records."""
    return caller(*FINANCE)


def a_contract(**values: Any) -> dict[str, Any]:
    """Return the payload of a signed contract over 12,000 to be paid at once, with what the test changes."""
    return {
        "contract_id": str(new_id()), "number": "HT20261122-0001", "name": "上海云图科技 2027 年度合同",
        "customer_id": str(new_id()), "opportunity_id": None, "owner_id": str(new_id()), "nature": "income",
        "payment_mode": "one_off", "currency": "CNY", "amount": "12000.00", "status": "signed",
        "signed_on": "2026-11-22", "ends_on": None, "payment_terms": [], "version": 3, **values,
    }  # fmt: skip


def a_term(due_on: str, amount: str) -> dict[str, Any]:
    """Return a payment term as contract.signed has it."""
    return {"term_id": str(new_id()), "due_on": due_on, "amount": amount}


def sign(service: RunningService, **values: Any) -> list[dict[str, Any]]:
    """Let a contract be signed, and return what it raised, by place."""
    contract = a_contract(**values)
    service.deliver_and_wait("contract", "contract.signed", contract)
    listing = "list_payables" if contract["nature"] == "expense" else "list_receivables"
    query = {"filter[contract_id]": contract["contract_id"]}
    items: list[dict[str, Any]] = service.call(listing, finance_person(), query=query)["items"]
    return sorted(items, key=lambda item: item["position"])


def a_receivable(service: RunningService, **values: Any) -> dict[str, Any]:
    """Return a receivable over 12,000, with what the test changes in its contract."""
    return sign(service, **values)[0]


def receive(
    service: RunningService, who: Caller, receivable: dict[str, Any], **values: Any
) -> dict[str, Any]:
    """Book a receipt of 2,000, with what the test changes."""
    headers = values.pop("headers", None)
    data = {
        "receivable_id": receivable["id"], "amount": "2000.00", "received_on": "2026-11-23", **values,
    }  # fmt: skip
    receipt: dict[str, Any] = service.call("create_receipt", who, headers, data=data)
    return receipt


def now(service: RunningService, receivable: dict[str, Any]) -> dict[str, Any]:
    """Return a receivable as it is now."""
    fresh: dict[str, Any] = service.call("get_receivable", finance_person(), receivable_id=receivable["id"])
    return fresh


def a_bank_account(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    """Open a bank account in CNY, with what the test changes."""
    data = {
        "name": "基本户",
        "bank": "招商银行上海分行",
        "number": "121900000012345",
        "currency": "CNY",
        **values,
    }
    account: dict[str, Any] = service.call("create_bank_account", who, data=data)
    return account
