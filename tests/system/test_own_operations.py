"""What the gateway's own operations really answer, held against what it publishes (K-2)."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from tests.published import Published
from tests.system.test_bus import failures, receivables, signed
from tests.system.test_lead_to_cash import People, a_customer, soon

PARKED = """
INSERT INTO failed_event (event_id, type, body, subject, correlation_id, attempts, state, error, failed_at)
VALUES (%s, 'contract.signed', %s, %s, %s, 6, 'parked', 'ValueError: of a test', now())
"""


class Asking:
    """Asks as the administrator, and holds every answer against the document."""

    def __init__(self, platform: Any) -> None:
        self.client = httpx2.Client(base_url=platform.url, timeout=60)
        self.published = Published(self.client.get("/openapi.json").json())
        form = {"grant_type": "password", "username": "admin", "password": platform.admin_password}
        self.tokens = self("POST", "/v1/auth/token", data=form).json()
        self.client.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"

    def __call__(self, method: str, path: str, expected: int = 200, **content: Any) -> httpx2.Response:
        answer: httpx2.Response = self.client.request(method, path, **content)
        assert answer.status_code == expected, answer.text
        self.published.check(answer)
        return answer


@pytest.fixture(scope="module")
def people(platform: Any) -> People:
    return People(platform)


@pytest.fixture
def ask(platform: Any) -> Iterator[Asking]:
    asking = Asking(platform)
    yield asking
    asking.client.close()


def test_signing_in_and_out_answer_as_published(platform: Any) -> None:
    ask = Asking(platform)
    refresh = {"grant_type": "refresh_token", "refresh_token": ask.tokens["refresh_token"]}
    tokens = ask("POST", "/v1/auth/token", data=refresh).json()
    ask("GET", "/.well-known/jwks.json")
    ask("GET", "/.well-known/oauth-authorization-server")
    assert ask("POST", "/v1/auth/revoke", 204, data={"token": tokens["refresh_token"]}).content == b""
    ask("POST", "/v1/auth/token", 400, data={"grant_type": "password", "username": "admin", "password": "no"})
    page = {"X-CSRF-Protection": "1"}
    body = {"username": "admin", "password": platform.admin_password}
    ask("POST", "/v1/auth/session", json=body, headers=page)
    ask("POST", "/v1/auth/session/renew", headers=page)
    ask("POST", "/v1/auth/session/renew", 403)
    ask("POST", "/v1/auth/session/end", 204, headers=page)
    ask("POST", "/v1/auth/session/renew", 401, headers=page)
    ask.client.close()


def test_the_views_answer_as_published(ask: Asking, people: People) -> None:
    made = a_customer(people.seller)
    contract = signed(people, made["customer_id"])
    overview = f"/v1/customers/{made['customer_id']}/overview"
    soon(lambda: ask("GET", overview).json()["receivables"]["items"])
    page = ask("GET", overview).json()
    assert all(section["status"] == "ok" for section in page.values())
    ask("GET", "/v1/customers/no-id/overview", 404)
    found = soon(
        lambda: ask("GET", "/v1/search", params={"q": contract["number"].lower()}).json()["contracts"][
            "items"
        ]
    )
    assert [(each["noun"], each["id"]) for each in found] == [("contract", contract["id"])]
    for awkward in ("云图", "138 0013", "%_", "'; --", "＂(", "\u200b云\u200b图", "😀😀", "x" * 100):
        sections = ask("GET", "/v1/search", params={"q": awkward}).json()
        assert {section["status"] for section in sections.values()} == {"ok"}, awkward
    ask("GET", "/v1/search", 422, params={"q": "\x00云图"})
    query = {"types": "contract.*", "subject": contract["id"], "wait": "10"}
    event = ask("GET", "/v1/events", params=query).json()["items"][0]
    streamed = {"types": "contract.*", "subject": contract["id"], "after": "beginning", "wait": "0"}
    assert event["id"] in ask("GET", "/v1/events/stream", params=streamed).text
    trace = ask("GET", f"/v1/processes/{event['correlationid']}").json()
    assert {"operation", "event_published"} <= {step["kind"] for step in trace["steps"]}
    ask("GET", f"/v1/processes/{uuid4()}", 404)
    processes = ask("GET", "/v1/processes", params={"subject": contract["id"]}).json()["items"]
    assert event["correlationid"] in [each["correlation_id"] for each in processes]
    ask("GET", "/v1/processes", 422, params={"subject": "nonsense"})
    ask("GET", "/v1/events", 422, params={"limit": "0"})
    ask("GET", "/v1/event-types/contract.signed/schema")
    ask("GET", "/v1/event-types/nothing.happened/schema", 404)
    assert len(ask("GET", "/v1/event-types").json()["items"]) > 50


def test_probes_answer_as_published(ask: Asking) -> None:
    assert ask("GET", "/health/live").json() == {"status": "live"}
    assert ask("GET", "/health/ready", params={"all": "true"}).json()["status"] == "ready"


def test_the_operators_routes_answer_as_published(ask: Asking, people: People, platform: Any) -> None:
    contract = signed(people, a_customer(people.seller)["customer_id"])
    soon(lambda: receivables(people, contract["id"]))
    query = {"types": "contract.signed", "subject": contract["id"], "wait": "10"}
    [handled] = ask("GET", "/v1/events", params=query).json()["items"]
    assert all("outbox" in each for each in ask("GET", "/v1/bus").json()["services"])
    parked, unread = handled["id"], str(uuid4())
    platform.change("finance", PARKED, parked, json.dumps(handled), contract["id"], str(uuid4()))
    platform.change("finance", PARKED, unread, "no JSON", str(uuid4()), str(uuid4()))
    ask("GET", "/v1/bus/parked", params={"service": "finance"})
    assert ask("GET", f"/v1/bus/parked/finance/{parked}").json()["body"] == handled
    assert ask("GET", f"/v1/bus/parked/finance/{unread}").json()["body"] == "no JSON"
    ask("POST", f"/v1/bus/parked/finance/{unread}/discard", json={"reason": "Of a test."})
    ask("POST", f"/v1/bus/parked/finance/{unread}/discard", 422, json={})
    ask("POST", f"/v1/bus/parked/finance/{unread}/discard", 409, json={"reason": "Once more."})
    ask("POST", f"/v1/bus/parked/finance/{parked}/discard", json={"reason": "Of a test."})
    ask("POST", f"/v1/bus/parked/finance/{parked}/redrive")
    ask("POST", "/v1/bus/parked/finance/redrive", json={"types": ["contract.signed"]})
    platform.change("finance", "DELETE FROM failed_event WHERE event_id = %s", unread)
    soon(lambda: not failures(people.admin))
    ask("POST", "/v1/bus/customer/replay", json={"consumer": "finance"})
    ask("POST", "/v1/bus/customer/rebuild", json={"consumer": "finance"})


def test_an_audit_answers_as_published_where_something_differs(
    ask: Asking, people: People, platform: Any
) -> None:
    made = a_customer(people.seller)
    copied = "SELECT 1 FROM customer_copy WHERE id = %s"
    soon(lambda: platform.change("finance", copied, made["customer_id"]))
    platform.change("finance", "DELETE FROM customer_copy WHERE id = %s", made["customer_id"])
    audit = ask("GET", "/v1/bus/audit", params={"grace": "0"})
    assert any(f'"{made["customer_id"]}"' in line for line in audit.text.splitlines())
    ask("POST", "/v1/bus/audit/mend", params={"grace": "0"})
