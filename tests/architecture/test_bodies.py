"""What a body may hold is bounded, and the contract files say how (M-02)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())


def sent(
    schema: Any, where: str, components: dict[str, Any], seen: frozenset[str]
) -> Iterator[tuple[str, Any]]:
    """Yield each part of a schema that clients send, with the way to it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from sent(components[name], f"{where}.{name}", components, seen | {name})
        return
    if schema.get("readOnly"):
        return
    yield where, schema
    for name, field in schema.get("properties", {}).items():
        yield from sent(field, f"{where}.{name}", components, seen)
    for kind in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(kind, []):
            yield from sent(option, where, components, seen)
    if "items" in schema:
        yield from sent(schema["items"], f"{where}[]", components, seen)


def bodies(service: str) -> Iterator[tuple[str, Any]]:
    """Yield each part of each body that a service takes, with the way to it."""
    path = ROOT / "services" / service / "api" / "openapi.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    components = document["components"]["schemas"]
    for route, item in document["paths"].items():
        for verb, operation in item.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from sent(content["schema"], f"{verb} {route}", components, frozenset())


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_that_is_sent_has_a_maximum_in_the_contract_file(service: str) -> None:
    lists = [(where, part) for where, part in bodies(service) if "array" in part.get("type", ())]
    assert [where for where, part in lists if not 0 < part.get("maxItems", 0) <= 1000] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_text_that_is_sent_has_a_longest_form_in_the_contract_file(service: str) -> None:
    bounds = {"maxLength", "pattern", "enum", "format"}
    texts = [(where, part) for where, part in bodies(service) if part.get("type") == "string"]
    assert [where for where, part in texts if not bounds & part.keys()] == []


def test_the_walk_finds_the_lists_that_are_known() -> None:
    found = {
        where.rpartition(".")[2] for where, part in bodies("contract") if "array" in part.get("type", ())
    }
    assert found == {"lines", "payment_terms", "all", "any", "value", "fields"}
    assert any(
        "array" in part.get("type", ()) for where, part in bodies("identity") if where.endswith(".value")
    )


AMOUNTS = {
    "identity": {"NewApprovalCondition.amount_from"},
    "sales": {
        "NewOpportunity.amount", "OpportunityChange.amount", "WantedOpportunity.amount", "WinOpportunity.amount",
        "NewProduct.price", "ProductChange.price",
        "NewOpportunityCompetitor.price", "OpportunityCompetitorChange.price",
        "NewOpportunityPartner.commission", "OpportunityPartnerChange.commission",
    },
    "contract": {"NewContract.amount", "ContractChange.amount", "NewPaymentTerm.amount"},
    "finance": {
        "AdvanceUse.amount", "BankAccountChange.opening_balance", "NewBankAccount.opening_balance",
        "NewPayment.amount", "NewReceipt.amount",
    },
}  # fmt: skip
"""Every amount that can be sent: each has its test that it keeps to its currency (``test_money.py`` of the service,
``test_approvals.py``), and so has whatever is added here."""


@pytest.mark.parametrize("service", SERVICES)
def test_every_amount_that_is_sent_is_known_to_keep_to_its_currency(service: str) -> None:
    """(M-19)"""
    money = {
        ".".join(where.rsplit(".", 2)[-2:])
        for where, part in bodies(service)
        if "[0-9]{1,15}" in part.get("pattern", "")
    }
    assert money == AMOUNTS.get(service, set())
