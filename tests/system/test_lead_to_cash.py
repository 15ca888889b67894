"""The main flow over HTTP, as issue and README tell it, on the whole platform."""

import secrets
import time
from typing import Any

import pytest
from tests.days import today
from tests.judged import Client

from client import HttpError

TODAY = today().isoformat()


def soon(look: Any, seconds: float = 30.0) -> Any:
    """Return what a look finds as soon as it finds something; the bound is generous."""
    until = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > until:
            assert found, "it did not appear"
            return found
        time.sleep(0.05)


class People:
    """A company of its own for one test: a region with a head, two teams with a salesperson each."""

    def __init__(self, platform: Any) -> None:
        self.url = platform.url
        self.admin = Client(platform.url).sign_in("admin", platform.admin_password)
        tag = secrets.token_hex(3)
        self.region = self.admin.post("/v1/departments", {"name": f"大区 {tag}", "parent_id": None})["id"]
        self.head = self.person(f"head.{tag}", "sales_manager", self.region)
        self.seller = self.person(f"seller.{tag}", "salesperson", self.team(f"一部 {tag}"))
        self.colleague = self.person(f"colleague.{tag}", "salesperson", self.team(f"二部 {tag}"))
        self.accountant = self.person(f"accountant.{tag}", "finance", self.region)
        self.agent = self.person(f"agent.{tag}", "service_agent", self.region)

    def team(self, name: str) -> str:
        """Create a department below the region."""
        return str(self.admin.post("/v1/departments", {"name": name, "parent_id": self.region})["id"])

    def person(self, username: str, role: str, department_id: str) -> Client:
        """Create an account and sign it in at once."""
        password = secrets.token_urlsafe(12)
        body = {
            "username": username, "display_name": username, "department_id": department_id, "roles": [role],
            "password": password,
        }  # fmt: skip
        self.admin.post("/v1/accounts", body)
        return Client(self.url).sign_in(username, password)


@pytest.fixture(scope="module")
def people(platform: Any) -> People:
    return People(platform)


def a_customer(client: Client) -> dict[str, Any]:
    """Convert a fresh lead, and wait until the customer service has heard of it."""
    company = f"苏州启辰电子有限公司 {secrets.token_hex(4)}"
    lead = client.post(
        "/v1/leads",
        {"company_name": company, "contact_name": "周静怡", "mobile": "13900001111", "email": "zhou@example.com",
         "source": "website", "remark": "索取报价"},
    )  # fmt: skip
    opportunity = {
        "name": "CRM 项目",
        "amount": "36000.00",
        "currency": "CNY",
        "expected_close_on": "2027-12-31",
    }
    ids: dict[str, Any] = client.post(f"/v1/leads/{lead['id']}/convert", {"opportunity": opportunity})
    soon(lambda: status_of(client, f"/v1/customers/{ids['customer_id']}") == 200)
    return {**ids, "company": company, "lead": lead}


def a_contract(client: Client, customer_id: str, **values: Any) -> dict[str, Any]:
    """Draft a contract of 36,000 in two instalments, with what the test changes."""
    body = {
        "customer_id": customer_id, "name": "年度合同", "nature": "income", "payment_mode": "instalments",
        "currency": "CNY", "amount": "36000.00", "starts_on": "2026-12-01", "ends_on": "2027-11-30",
        "lines": [{"name": "CRM 企业版", "quantity": "1", "price": "36000.00"}],
        "payment_terms": [
            {"due_on": "2027-01-31", "amount": "12000.01"}, {"due_on": "2027-06-30", "amount": "23999.99"},
        ],
        **values,
    }  # fmt: skip
    drafted: dict[str, Any] = client.post("/v1/contracts", body)
    return drafted


def status_of(client: Client, path: str, method: str = "GET", body: Any = None, **headers: str) -> int:
    """Return the status of a request, whatever it is."""
    try:
        return client.send(method, path, body=body, headers=headers).status
    except HttpError as error:
        return error.status


def test_a_lead_becomes_a_customer_with_a_contact_and_an_opportunity(people: People) -> None:
    """SA-09, SA-19, CU-03."""
    seller = people.seller
    made = a_customer(seller)
    assert made["lead"]["status"] == "untouched"
    assert made["merged"] is False
    customer = seller.get(f"/v1/customers/{made['customer_id']}")
    assert (customer["name"], customer["owner_id"]) == (made["company"], made["lead"]["owner_id"])
    contacts = seller.get(f"/v1/customers/{made['customer_id']}/contacts")["items"]
    assert [(c["id"], c["name"]) for c in contacts] == [(made["contact_id"], "周静怡")]
    opportunity = seller.get(f"/v1/opportunities/{made['opportunity_id']}")
    assert (opportunity["customer_id"], opportunity["amount"]) == (made["customer_id"], "36000.00")
    with pytest.raises(HttpError) as refused:
        seller.post(f"/v1/leads/{made['lead']['id']}/convert", {"opportunity": None})
    assert (refused.value.status, refused.value.problem["code"]) == (409, "lead-already-converted")


def test_a_second_lead_of_the_same_company_is_merged_into_the_customer(people: People) -> None:
    """SA-19."""
    made = a_customer(people.seller)
    lead = people.seller.post("/v1/leads", {"company_name": made["company"], "contact_name": "吴志强"})
    again = people.seller.post(f"/v1/leads/{lead['id']}/convert", {"opportunity": None})
    assert (again["merged"], again["customer_id"], again["opportunity_id"]) == (
        True,
        made["customer_id"],
        None,
    )
    path = f"/v1/customers/{made['customer_id']}/contacts"
    soon(lambda: {c["name"] for c in people.seller.get(path)["items"]} == {"周静怡", "吴志强"})


def test_a_signed_contract_raises_receivables_and_a_receipt_settles_them(people: People) -> None:
    """CT-05, FI-01 to FI-03."""
    seller, accountant = people.seller, people.accountant
    made = a_customer(seller)
    seller.post(f"/v1/opportunities/{made['opportunity_id']}/win", {"closed_on": TODAY, "amount": "36000.00"})
    contract = a_contract(seller, made["customer_id"], opportunity_id=made["opportunity_id"])
    assert contract["status"] == "draft"
    with pytest.raises(HttpError) as refused:
        seller.post(f"/v1/contracts/{contract['id']}/sign", {"signed_on": TODAY})
    assert (refused.value.status, refused.value.problem["code"]) == (409, "contract-not-approved")
    assert seller.post_once_known(f"/v1/contracts/{contract['id']}/submit")["status"] == "approved"
    assert seller.post(f"/v1/contracts/{contract['id']}/sign", {"signed_on": TODAY})["status"] == "signed"
    path = f"/v1/receivables?filter[contract_id]={contract['id']}&sort=due_on"
    first, second = soon(lambda: seller.get(path)["items"])
    assert (first["amount"], second["amount"]) == ("12000.01", "23999.99")
    assert (first["status"], first["outstanding_amount"]) == ("unsettled", "12000.01")
    receipt = {
        "receivable_id": first["id"],
        "amount": "5000.00",
        "received_on": TODAY,
        "bank_account_id": None,
    }
    booked = accountant.post("/v1/receipts", receipt, key=contract["id"])
    assert accountant.post("/v1/receipts", receipt, key=contract["id"]) == booked
    settled = accountant.get(f"/v1/receivables/{first['id']}")
    assert (settled["settled_amount"], settled["outstanding_amount"]) == ("5000.00", "7000.01")
    assert settled["status"] == "partial"
    with pytest.raises(HttpError) as too_much:
        accountant.post("/v1/receipts", {**receipt, "amount": "7000.02"})
    assert too_much.value.status == 409
    accountant.post("/v1/receipts", {**receipt, "amount": "7000.01"})
    assert accountant.get(f"/v1/receivables/{first['id']}")["status"] == "settled"


def test_a_flow_makes_a_contract_wait_for_its_approvers(people: People) -> None:
    """CT-03, CT-04, GW-56."""
    flow = people.admin.post(
        "/v1/approval-flows",
        {
            "name": "泰铢合同", "subject_type": "contract",
            "condition": {"nature": "income", "currency": "THB"},
            "steps": [{"kind": "role", "role": "finance"}],
        },
    )  # fmt: skip
    terms: dict[str, Any] = {"payment_mode": "one_off", "payment_terms": [], "currency": "THB"}
    customer_id = a_customer(people.seller)["customer_id"]

    def submitted() -> dict[str, Any]:
        contract = a_contract(people.seller, customer_id, **terms)
        answer: dict[str, Any] = people.seller.post_once_known(f"/v1/contracts/{contract['id']}/submit")
        return answer if answer["status"] == "pending_approval" else {}

    contract = soon(submitted)  # The contract service hears of the new flow a moment later.
    path = "/v1/approvals?filter[state]=pending"
    task = soon(
        lambda: [a for a in people.accountant.get(path)["items"] if a["subject_id"] == contract["id"]]
    )[0]
    assert status_of(people.colleague, f"/v1/approvals/{task['id']}/approve", "POST", {"comment": ""}) in (
        403,
        404,
    )
    people.accountant.post(f"/v1/approvals/{task['id']}/approve", {"comment": "同意"})
    soon(lambda: people.seller.get(f"/v1/contracts/{contract['id']}")["status"] == "approved")
    with pytest.raises(HttpError) as twice:
        people.accountant.post(f"/v1/approvals/{task['id']}/approve", {"comment": "同意"})
    assert twice.value.status == 409
    people.admin.patch(f"/v1/approval-flows/{flow['id']}", {"active": False})


def test_sibling_departments_do_not_see_each_other_and_the_head_sees_both(people: People) -> None:
    """ID-21, CU-12."""
    mine, theirs = a_customer(people.seller), a_customer(people.colleague)
    for path in ("customers", "opportunities"):
        key = "customer_id" if path == "customers" else "opportunity_id"
        assert status_of(people.seller, f"/v1/{path}/{theirs[key]}") == 404
        assert status_of(people.colleague, f"/v1/{path}/{mine[key]}") == 404
        for made in (mine, theirs):
            soon(
                lambda made=made, path=path, key=key: status_of(people.head, f"/v1/{path}/{made[key]}") == 200
            )
    assert status_of(people.seller, f"/v1/leads/{theirs['lead']['id']}", "PATCH", {"remark": "x"}) == 404


def test_everything_about_a_customer_stands_on_one_page_even_when_a_service_is_stopped(
    people: People, platform: Any
) -> None:
    made = a_customer(people.seller)
    case = {
        "customer_id": made["customer_id"],
        "subject": "无法登录",
        "channel": "phone",
        "description": "忘记密码",
    }
    people.agent.post("/v1/cases", case)
    path = f"/v1/customers/{made['customer_id']}/overview"
    page = people.admin.get(path)
    names = {"customer", "contacts", "activities", "opportunities", "contracts", "receivables", "cases"}
    assert {name for name in page if name in names} == names
    assert {page[name]["status"] for name in names} == {"ok"}
    assert page["cases"]["items"][0]["subject"] == "无法登录"
    platform.stop("finance")
    page = people.admin.get(path)
    assert page["receivables"]["status"] == "unavailable"
    assert {page[name]["status"] for name in names - {"receivables"}} == {"ok"}
    with pytest.raises(HttpError) as stopped:
        impatient = Client(platform.url, patience=0, token=people.admin.token)
        impatient.get("/v1/receivables")
    assert stopped.value.status == 503


def test_what_happens_while_finance_is_stopped_is_made_up_for(people: People, platform: Any) -> None:
    made = a_customer(people.seller)
    platform.stop("finance")
    contract = a_contract(people.seller, made["customer_id"])
    people.seller.post_once_known(f"/v1/contracts/{contract['id']}/submit")
    people.seller.post(f"/v1/contracts/{contract['id']}/sign", {"signed_on": TODAY})
    platform.start("finance")
    path = f"/v1/receivables?filter[contract_id]={contract['id']}"
    assert len(soon(lambda: people.admin.get(path)["items"])) == 2


def test_every_step_of_a_process_can_be_traced(people: People) -> None:
    made = a_customer(people.seller)
    contract = a_contract(people.seller, made["customer_id"])
    people.seller.post_once_known(f"/v1/contracts/{contract['id']}/submit")
    answer = people.seller.send("POST", f"/v1/contracts/{contract['id']}/sign", body={"signed_on": TODAY})
    path = f"/v1/processes/{answer.headers['x-correlation-id']}"

    def steps() -> set[tuple[str, str, str]]:
        found = people.seller.get(path)["steps"]
        return {(step["service"], step["kind"], step["name"]) for step in found}

    wanted = {
        ("contract", "operation", "sign_contract"),
        ("contract", "event_published", "contract.signed"),
        ("finance", "event_handled", "contract.signed"),
        ("finance", "event_published", "receivable.raised"),
    }
    soon(lambda: wanted <= steps())
    assert status_of(people.colleague, path) == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/leads", {"company_name": "", "mobile": 5, "colour": "red"}, 422),
        ("POST", "/v1/leads", [], 400),
        ("GET", "/v1/leads/01936f3a-7c00-7000-8000-00000000dead", None, 404),
        ("GET", "/v1/leads/1;drop", None, 404),
        ("GET", "/v1/leads?limit=0", None, 422),
        ("GET", "/v1/leads?cursor=abc", None, 400),
        ("POST", "/v1/departments", {"name": "x", "parent_id": None}, 403),
        ("GET", "/v1/nothing", None, 404),
        ("DELETE", "/v1/leads", None, 405),
        ("POST", "/v1/contracts", {"amount": "1e400", "customer_id": "x"}, 422),
    ],
)
def test_bad_requests_get_a_clear_error(
    people: People, method: str, path: str, body: Any, status: int
) -> None:
    try:
        answered, problem = people.seller.send(method, path, body=body).status, {}
    except HttpError as error:
        answered, problem = error.status, error.problem
    assert answered == status
    assert problem["code"]
    assert problem["status"] == status


def test_a_stale_version_is_refused(people: People) -> None:
    lead = people.seller.post("/v1/leads", {"company_name": "旧版本公司", "contact_name": "周敏"})
    first = people.seller.send("GET", f"/v1/leads/{lead['id']}")
    etag = first.headers["etag"]
    path = f"/v1/leads/{lead['id']}"
    assert status_of(people.seller, path, "PATCH", {"remark": "一"}, **{"If-Match": etag}) == 200
    assert status_of(people.seller, path, "PATCH", {"remark": "二"}, **{"If-Match": etag}) == 412


def test_without_or_with_a_wrong_token_nobody_gets_in(platform: Any) -> None:
    for token in (None, "nonsense", "a.b.c"):
        assert status_of(Client(platform.url, token=token), "/v1/leads") == 401
    wrong = {"grant_type": "password", "username": "admin", "password": "wrong"}
    with pytest.raises(HttpError) as refused:
        Client(platform.url).send("POST", "/v1/auth/token", form=wrong)
    assert (refused.value.status, refused.value.problem.get("error")) == (400, "invalid_grant")
