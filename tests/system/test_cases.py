"""What a user who moves here brings along (tests/cases): taken as it is, and found again by pasting any of it."""

import csv
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.judged import Client
from tests.system.test_lead_to_cash import People

from client import HttpError

CASES = Path(__file__).parents[1] / "cases"
DIRECTION_MARKS = str.maketrans("", "", "\u202a\u202c")
LEAD_FIELDS = {
    "contact_name": "name", "company_name": "company", "mobile": "mobile", "phone": "phone", "email": "email",
    "remark": "note",
}  # fmt: skip
ALSO_ASKED = {
    "陈静怡": {"mobile": ["13800130004", "+86 138-0013-0004", "130004"], "email": ["CHEN.JINGYI@yunshan.example"]},
    "李 娜": {"company": ["㈱山田", "(株)山田"], "name": ["李娜"]},
    "Jürgen Groß": {"name": ["GROSS", "Groß"], "company": ["STRASSE & SÖHNE"]},
    "Zoë Müller": {"name": ["Zoe\u0308 Mu\u0308ller", "Zoë"], "company": ["Cafe\u0301 noir"]},
    "周静怡": {"company": ["ABC商事 上海", "abc商事"], "mobile": ["13800130005", "801"]},
    "Ανδρέας Νικολάου": {"company": ["ΟΔΥΣΣΈΑΣ"]},
    "Dana Ortiz": {"mobile": ["5045550142", "+1 504 555 0142"]},
    "Lee Brown": {"mobile": ["555-123-4567"]},
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refused_field(row: dict[str, str]) -> str | None:
    """Return the column that a row has to be refused for, if it has to."""
    refused, _, field = row["expect"].partition("refuse: ")
    return None if refused else field.split(" ")[0] or None


@pytest.fixture(scope="module")
def seller(platform: Any) -> Client:
    return People(platform).seller


def find(client: Client, path: str, field: str, value: str, operator: str = "[contains]") -> set[str]:
    query = urlencode({f"filter[{field}]{operator}": value, "limit": 200})
    return {item["id"] for item in client.get(f"{path}?{query}")["items"]}


def as_kept(field: str, cell: str) -> str | None:
    """Return a cell as it is kept: composed, without direction marks; a mail address in small letters."""
    text = unicodedata.normalize("NFC", cell).translate(DIRECTION_MARKS).strip()
    return (text.lower() if field == "email" else text) or (None if field != "company_name" else "")


def asked_by(row: dict[str, str], column: str) -> list[str]:
    return [cell for cell in (row[column], *ALSO_ASKED.get(row["name"], {}).get(column, [])) if cell]


@pytest.mark.parametrize("row", rows("people.csv"), ids=lambda row: row["expect"] or row["name"])
def test_every_person_is_taken_as_a_lead_and_found_again(seller: Client, row: dict[str, str]) -> None:
    """(M-16, M-17)"""
    body = {field: row[column] for field, column in LEAD_FIELDS.items() if row[column]}
    if field := refused_field(row):
        with pytest.raises(HttpError) as refused:
            seller.post("/v1/leads", body)
        assert refused.value.status == 422
        assert field in str(refused.value.problem["errors"])
        return
    lead = seller.post("/v1/leads", body)
    assert {name: lead[name] for name in LEAD_FIELDS} == {
        name: as_kept(name, row[column]) for name, column in LEAD_FIELDS.items()
    }
    for field, column in LEAD_FIELDS.items():
        for term in asked_by(row, column):
            operator = "" if field == "email" else "[contains]"
            assert lead["id"] in find(seller, "/v1/leads", field, term, operator), (field, term)


@pytest.mark.parametrize("row", rows("people.csv"), ids=lambda row: row["expect"] or row["name"])
def test_every_person_is_taken_as_a_customer_with_a_contact_and_found_again(
    seller: Client, row: dict[str, str]
) -> None:
    """(M-16, M-17) CU-50, CU-78."""
    fields = {
        "name": "name", "mobile": "mobile", "office_phone": "phone", "email": "email", "remark": "note",
    }  # fmt: skip
    contact = {field: row[column] for field, column in fields.items() if row[column]}
    name = row["company"] or row["name"]
    body = {
        "name": name, "kind": "company" if row["company"] else "person", "contact": contact,
        "phone": row["phone"] or row["mobile"] or None, "email": row["email"],
    }  # fmt: skip
    if field := refused_field(row):
        with pytest.raises(HttpError) as refused:
            seller.post("/v1/customers", body)
        assert refused.value.status == 422
        assert field in str(refused.value.problem["errors"])
        return
    customer = seller.post("/v1/customers", body)
    contacts = f"/v1/customers/{customer['id']}/contacts"
    (kept,) = seller.get(contacts)["items"]
    assert {name: kept[name] for name in fields} == {
        name: as_kept(name, row[column]) for name, column in fields.items()
    }
    for term in (*asked_by(row, "company"), *([] if row["company"] else asked_by(row, "name"))):
        assert customer["id"] in find(seller, "/v1/customers", "name", term), term
        assert customer["id"] in find(seller, "/v1/customers", "search", term), term
    for column in ("phone", "email") if row["phone"] else ("mobile", "email"):
        for term in asked_by(row, column):
            assert customer["id"] in find(seller, "/v1/customers", "search", term), term
    for field, column in fields.items():
        for term in asked_by(row, column):
            operator = "" if field == "email" else "[contains]"
            assert find(seller, contacts, field, term, operator) == {kept["id"]}, (field, term)


@pytest.mark.parametrize("row", rows("companies.csv"), ids=lambda row: row["expect"])
def test_every_company_is_taken_with_what_it_may_buy_and_found_again(
    seller: Client, row: dict[str, str]
) -> None:
    """(M-17, M-19, M-24)"""
    customer = seller.post(
        "/v1/customers", {"name": row["name"], "region": row["region"], "source": row["source"]}
    )
    wish = {
        "name": row["name"], "customer_id": customer["id"], "started_on": row["started"],
        "amount": row["amount"], "currency": row["currency"], "source": row["source"],
    }  # fmt: skip
    for term in (
        row["name"],
        "上海 云图科技有限公司\u3000" if "云图" in row["name"] else row["name"].upper(),
    ):
        assert customer["id"] in find(seller, "/v1/customers", "name", term), term
        assert customer["id"] in find(seller, "/v1/customers", "name", term, ""), term
    # A term may be sent by its label, and is kept and found by its code (CU-64).
    for column in ("region", "source"):
        assert customer["id"] in find(seller, "/v1/customers", column, customer[column], "")
    quoted = f'"{customer["source"]}",别处'
    assert customer["id"] in find(seller, "/v1/customers", "source", quoted, "[in]")
    if field := refused_field(row):
        with pytest.raises(HttpError) as refused:
            seller.post("/v1/opportunities", wish)
        assert refused.value.status == 422
        assert field in str(refused.value.problem["errors"])
        return
    opportunity = seller.post("/v1/opportunities", wish)
    assert (opportunity["amount"], opportunity["currency"], opportunity["started_on"]) == (
        row["amount"], row["currency"], row["started"],
    )  # fmt: skip
    assert opportunity["id"] in find(seller, "/v1/opportunities", "name", row["name"])
