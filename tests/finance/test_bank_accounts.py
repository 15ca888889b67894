"""Bank accounts through the service's entrypoints."""

import json
import re
from pathlib import Path

import pytest

from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.finance.builders import (
    SALES,
    a_bank_account,
    a_receivable,
    finance_person,
    receive,
    sign,
)

OPENAPI = Path(__file__).parents[2] / "services/finance/api/openapi.json"


def test_a_bank_account_s_balance_follows_from_what_was_booked(service: RunningService) -> None:
    """FI-08."""
    me = finance_person()
    account = a_bank_account(service, me, opening_balance="100.00")
    assert (account["balance"], account["active"]) == ("100.00", True)
    receivable, payable = a_receivable(service), sign(service, nature="expense")[0]
    receive(service, me, receivable, bank_account_id=account["id"])
    wrong = receive(service, me, receivable, bank_account_id=account["id"], amount="5.00")
    service.call("reverse_receipt", me, receipt_id=wrong["id"], data={"reason": "金额有误"})
    data = {
        "payable_id": payable["id"], "amount": "600.00", "paid_on": "2026-11-24", "bank_account_id": account["id"],
    }  # fmt: skip
    service.call("create_payment", me, data=data)
    assert service.call("get_bank_account", me, bank_account_id=account["id"])["balance"] == "1500.00"
    listed = service.call("list_bank_accounts", me, query={"filter[name][contains]": "基本"})["items"]
    assert [item["balance"] for item in listed] == ["1500.00"]
    changed = service.call(
        "update_bank_account", me, bank_account_id=account["id"], data={"opening_balance": "-50.00"}
    )
    assert changed["balance"] == "1350.00"


def test_sums_of_the_greatest_amounts_are_as_the_contract_says(service: RunningService) -> None:
    """FI-08, FI-14: what adds up many amounts may have more digits than one of them has."""
    me, greatest = finance_person(), "9" * 15
    account = a_bank_account(service, me, opening_balance=f"{greatest}.00")
    for _ in range(2):
        receivable = a_receivable(service, amount=f"{greatest}.00")
        receive(service, me, receivable, bank_account_id=account["id"], amount=f"{greatest}.00")
    balance = service.call("get_bank_account", me, bank_account_id=account["id"])["balance"]
    (total,) = service.call("total_receivables", me, query={})["items"]
    assert (balance, total["amount"]) == ("2999999999999997.00", "1999999999999998.00")
    described = json.loads(OPENAPI.read_text(encoding="utf-8"))["components"]["schemas"]
    for schema, shown in (("BankAccount", {"balance": balance}), ("ObligationTotal", total)):
        for name in ("balance", "amount", "settled_amount", "outstanding_amount", "bad_debt_amount"):
            if name in shown:
                assert re.search(described[schema]["properties"][name]["pattern"], shown[name]), name


def test_a_bank_account_takes_only_its_own_currency_and_nothing_once_closed(service: RunningService) -> None:
    """FI-08."""
    me = finance_person()
    account = a_bank_account(service, me)
    dollars = a_receivable(service, currency="USD")
    with pytest.raises(Invalid) as refused:
        receive(service, me, dollars, bank_account_id=account["id"])
    assert refused.value.code == "currency-differs"
    with pytest.raises(Conflict) as fixed:
        service.call("update_bank_account", me, bank_account_id=account["id"], data={"currency": "USD"})
    assert fixed.value.code == "currency-fixed"
    closed = service.call("update_bank_account", me, bank_account_id=account["id"], data={"active": False})
    assert (closed["active"], closed["version"], closed["name"]) == (False, 2, "基本户")
    with pytest.raises(Conflict) as refused_closed:
        receive(service, me, a_receivable(service), bank_account_id=account["id"])
    assert refused_closed.value.code == "bank-account-closed"
    assert [event.data["active"] for event in service.published("bank_account.changed")] == [True, False]


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("name", "基本户", "基本 户\u200b"),
        ("name", "CNY Main", "ＣＮＹ  main"),
        ("number", "1219-A", "１２１９-a"),
    ],
)
def test_bank_accounts_that_only_look_different_are_one(
    service: RunningService, field: str, first: str, second: str
) -> None:
    """(M-17) FI-08."""
    me = finance_person()
    account = a_bank_account(service, me, **{field: first})
    with pytest.raises(Conflict) as refused:
        a_bank_account(service, me, **{"name": "另一户", "number": "7", field: second})
    assert refused.value.code == f"bank-account-{field}-taken"
    assert [error["field"] for error in refused.value.errors] == [field]
    listed = service.call("list_bank_accounts", me, query={f"filter[{field}]": second})["items"]
    assert [each["id"] for each in listed] == [account["id"]]


def test_a_bank_account_is_opened_once_and_by_finance_only(service: RunningService) -> None:
    """FI-08."""
    me = finance_person()
    account = a_bank_account(service, me)
    for values, code in (
        ({"number": None}, "bank-account-name-taken"),
        ({"name": "一般户"}, "bank-account-number-taken"),
    ):
        with pytest.raises(Conflict) as refused:
            a_bank_account(service, me, **values)
        assert refused.value.code == code
    a_bank_account(service, me, name="备用金", number=None, bank=None)
    a_bank_account(service, me, name="Petty cash", number=None, bank=None)
    for who in (caller(*SALES), caller("bank_account.read:all"), caller("bank_account.write")):
        with pytest.raises(Forbidden):
            a_bank_account(service, who, name="我的户")
    with pytest.raises(Forbidden):
        service.call("list_bank_accounts", caller(*SALES), query={})
    with pytest.raises(NotFound):
        service.call("get_bank_account", me, bank_account_id=str(new_id()))
    with pytest.raises(Conflict) as stale:
        service.call(
            "update_bank_account", me, {"if_match": "7"}, bank_account_id=account["id"], data={"bank": None}
        )
    assert stale.value.code == "stale-version"
    with pytest.raises(Invalid) as bad:
        a_bank_account(service, me, name=None, currency="cny", active=1, opening_balance="1,0")
    assert {error["field"] for error in bad.value.errors} == {"name", "currency", "active", "opening_balance"}
