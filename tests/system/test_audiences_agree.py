"""Who sees a customer sees its name wherever it is named, and may name it; nobody else does.

A company is drawn, things happen to it, and whenever it is quiet the five services say the same of everybody.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import Any

import orjson
import pytest
from tests.system.drawn_company import CASE, CONTRACT, OPPORTUNITY, Company, Person

from client import HttpError

SHOWN = {"sales": "opportunities", "finance": "receivables", "service-desk": "cases"}
"""By service, the records beside which the name of a customer stands."""
TAKEN = {
    "sales": ("opportunities", OPPORTUNITY),
    "contract": ("contracts", CONTRACT),
    "service-desk": ("cases", CASE),
}
"""By service, the records that name a customer."""
SEED, ROUNDS, HAPPENINGS = 1, 2, 15
PATIENCE = 20.0
"""Seconds that news may take on a busy machine."""


def seen_at_home(company: Company, person: Person) -> set[str]:
    """Return the customers that somebody may look at, one by one; their list shows the same."""
    seen = set()
    for customer_id in company.customers:
        try:
            seen.add(person.client.get(f"/v1/customers/{customer_id}")["id"])
        except HttpError as error:
            assert error.status == 404, error
    listed = {each["id"] for each in person.client.pages("/v1/customers?fields=id")}
    assert listed & {*company.customers} == seen
    return seen


def named(company: Company, person: Person, nouns: str) -> set[str]:
    """Return the customers whose names somebody is shown beside other records; their ids are shown to everybody."""
    which = f"fields=customer_id,customer_name&filter[customer_id][in]={','.join(company.customers)}"
    rows = [*person.client.pages(f"/v1/{nouns}?{which}")]
    assert {each["customer_id"] for each in rows} == {*company.customers}
    return {each["customer_id"] for each in rows if each["customer_name"] is not None}


def differences(company: Company) -> list[tuple[Any, ...]]:
    """Return who sees of what more or less than at home."""
    found = []
    for number, person in enumerate(company.people):
        home = seen_at_home(company, person)
        for service, nouns in SHOWN.items():
            if (other := named(company, person, nouns)) != home:
                found.append((number, service, other - home, home - other))
    return found


def once_quiet(company: Company) -> list[tuple[Any, ...]]:
    """Return what differs once the news of everything has come."""
    until = time.monotonic() + PATIENCE
    while (found := differences(company)) and time.monotonic() < until:
        time.sleep(0.3)
    return found


def is_taken(person: Person, path: str, body: Any, customer_id: str) -> bool:
    """Tell whether somebody may name a customer; out of use it is known to them all the same."""
    try:
        person.client.post(f"/v1/{path}", {**body, "customer_id": customer_id})
    except HttpError as error:
        code = error.problem["code"]
        assert code in ("unknown-customer", "customer-invalid"), error
        return code == "customer-invalid"
    return True


def misjudged(company: Company) -> list[tuple[Any, ...]]:
    """Return who may name what they do not see, or may not name what they see."""
    found = []
    for number, person in enumerate(company.people):
        home = seen_at_home(company, person)
        for service, (path, body) in TAKEN.items():
            for customer_id in company.customers:
                if is_taken(person, path, body, customer_id) != (customer_id in home):
                    found.append((number, service, customer_id, customer_id in home))
    return found


@pytest.fixture(scope="module")
def company(platform: Any) -> Iterator[Company]:
    with closing(Company(platform, Random(SEED))) as company:
        yield company


def test_a_name_is_shown_and_taken_where_its_customer_is_seen(company: Company) -> None:
    """CU-06, CU-16, CU-20, CU-35: by owner, superior, scope, share, pool, department and limit."""
    happened: list[str] = []
    for _ in range(ROUNDS):
        assert once_quiet(company) == [], happened
        happened += [company.happen() for _ in range(HAPPENINGS)]
    assert once_quiet(company) == [], happened
    assert misjudged(company) == [], happened


def test_copies_from_before_know_it_once_they_are_made_again(platform: Any, company: Company) -> None:
    """CU-06, CU-20, CU-35, M-23: and the comparison of records finds what they do not know."""
    company.make_all_sorts()
    assert once_quiet(company) == []
    for unknown in ("facts = NULL", "claim_state = 'own'", "sharing = 'private'"):
        platform.change("sales", f"UPDATE customer_copy SET {unknown}")
        assert {each[1] for each in differences(company)} == {"sales"}, unknown
        assert "sales" in unlike(company), unknown
        company.admin.post("/v1/bus/customer/rebuild", {"consumer": "sales"})
        assert once_quiet(company) == [], unknown
        assert unlike(company) == set(), unknown


def unlike(company: Company) -> set[str]:
    """Return the services whose copies of customers are not as the customers are."""
    answer = company.admin.send("GET", "/v1/bus/audit?kind=customer-kinds&grace=0").body
    return {line["service"] for line in map(orjson.loads, answer.splitlines()) if "audit" in line}
