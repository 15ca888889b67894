"""From HTTP to RPC and back."""

import json
import time

import pytest
from starlette.testclient import TestClient
from tests.gateway.fakes import FakeServices, Refused, Replayed
from tests.gateway.identity import ACCOUNT_ID, bearer

THING = {"id": "0192a4e0-0000-7000-8000-000000000001", "version": 3, "name": "北京"}


def test_a_record_is_answered_with_its_etag(client: TestClient, services: FakeServices) -> None:
    services.on("echo.get_thing", THING)
    answer = client.get("/v1/things/1")
    assert answer.status_code == 200
    assert answer.json() == THING
    assert answer.headers["etag"] == '"3"'
    assert answer.headers["cache-control"] == "no-store"
    assert services.seen("echo.get_thing")[0].kwargs == {"thing_id": "1"}


def test_the_request_follows_the_wire_protocol(client: TestClient, services: FakeServices) -> None:
    services.on("echo.get_thing", THING)
    process = "0192a4e0-1111-7000-8000-000000000001"
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    client.get("/v1/things/1", headers={"X-Correlation-ID": process, "traceparent": trace})
    request = services.seen("echo.get_thing")[0]
    assert request.content_type == "application/json"
    assert request.expiration is not None and 1.5 < request.expiration <= 2
    assert 1 < float(request.headers["nameko.deadline"]) - time.time() < 2.1
    assert request.headers["nameko.correlation_id"] == process
    assert request.headers["nameko.traceparent"] == trace
    assert request.headers["nameko.client_address"] == "testclient"
    caller = json.loads(request.headers["nameko.caller"])
    assert caller["account_id"] == ACCOUNT_ID
    assert caller["display_name"] == "王芳"
    assert "nameko.if_match" not in request.headers
    assert "nameko.idempotency_key" not in request.headers


def test_creating_answers_201_with_location_and_etag(client: TestClient, services: FakeServices) -> None:
    services.on("echo.create_thing", lambda request: {**THING, **request.kwargs["data"]})
    answer = client.post("/v1/things", json={"name": "上海"})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/things/{THING['id']}"
    assert answer.headers["etag"] == '"3"'
    assert answer.json()["name"] == "上海"


def test_deleting_answers_204_without_a_body(client: TestClient, services: FakeServices) -> None:
    """(K-1)"""
    services.on("echo.delete_thing", None)
    answer = client.delete("/v1/things/1")
    assert (answer.status_code, answer.content) == (204, b"")


def test_an_empty_body_counts_as_an_empty_object(client: TestClient, services: FakeServices) -> None:
    services.on("echo.create_thing", THING)
    assert client.post("/v1/things").status_code == 201
    assert services.seen("echo.create_thing")[0].kwargs == {"data": {}}


def test_an_operation_without_a_body_gets_none(client: TestClient, services: FakeServices) -> None:
    services.on("echo.polish_part", {"polished": True})
    answer = client.post("/v1/things/7/parts/9/polish", json={"ignored": 1})
    assert answer.json() == {"polished": True}
    assert "etag" not in answer.headers
    assert services.seen("echo.polish_part")[0].kwargs == {"thing_id": "7", "part_id": "9"}


def test_a_list_gets_its_query_as_a_flat_object(client: TestClient, services: FakeServices) -> None:
    services.on("echo.list_things", {"items": [], "next": None})
    answer = client.get("/v1/things?filter[name][contains]=%E5%8C%97%E4%BA%AC&limit=20&sort=-created_at")
    assert answer.json() == {"items": [], "next": None}
    assert services.seen("echo.list_things")[0].kwargs == {
        "query": {"filter[name][contains]": "北京", "limit": "20", "sort": "-created_at"}
    }


def test_a_list_of_values_comes_in_one_parameter_or_in_several_of_its_name(
    client: TestClient, services: FakeServices
) -> None:
    """(K-3) What a contract describes as a list, generated clients send in either way."""
    services.on("echo.list_things", {"items": [], "next": None})
    assert (
        client.get("/v1/things?filter[id][in]=1,2&filter[id][in]=3&fields=id&fields=name").status_code == 200
    )
    assert services.seen("echo.list_things")[0].kwargs == {
        "query": {"filter[id][in]": "1,2,3", "fields": "id,name"}
    }


def test_a_page_of_some_fields_says_that_it_is_one(client: TestClient, services: FakeServices) -> None:
    """(K-3)"""
    services.on("echo.list_things", {"items": [], "next": None})
    assert client.get("/v1/things?fields=id").headers["content-type"] == "application/vnd.kehu.sparse+json"
    assert client.get("/v1/things?fields=").headers["content-type"] == "application/json"


def test_an_unknown_query_parameter_is_refused(client: TestClient, services: FakeServices) -> None:
    answer = client.get("/v1/things/1?limit=20")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    ("query", "status"), [("name=%FF", 400), ("&".join(f"a{n}=1" for n in range(501)), 400), ("a=1&a=2", 422)]
)
def test_an_ambiguous_query_is_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/v1/things?{query}").status_code == status


def test_a_literal_path_wins_over_a_parameter(client: TestClient, services: FakeServices) -> None:
    services.on("echo.newest_thing", THING)
    assert client.get("/v1/things/newest").status_code == 200
    assert client.delete("/v1/things/newest").status_code == 405


def test_head_answers_like_get_without_the_body(client: TestClient, services: FakeServices) -> None:
    services.on("echo.get_thing", THING)
    answer = client.head("/v1/things/1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == '"3"'
    assert int(answer.headers["content-length"]) > 0


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/things//parts/1/polish", "/v1/things/", "/v1/things/a%2Fb"]
)
def test_an_unknown_path_is_a_404_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not-found"


@pytest.mark.parametrize("path", ["/v1/things/1", "/v1/auth/token"])
def test_a_wrong_method_is_a_405_problem_that_names_the_right_ones(client: TestClient, path: str) -> None:
    answer = client.put(path, json={})
    assert answer.status_code == 405
    assert answer.json()["code"] == "method-not-allowed"
    assert {"/v1/things/1": "GET, PATCH, DELETE, HEAD", "/v1/auth/token": "POST"}[path] == answer.headers[
        "allow"
    ]


def test_if_match_reaches_the_service_as_a_number(client: TestClient, services: FakeServices) -> None:
    services.on("echo.update_thing", THING)
    client.patch("/v1/things/1", json={}, headers={"If-Match": '"42"'})
    assert services.seen("echo.update_thing")[0].headers["nameko.if_match"] == "42"


def test_if_match_star_asks_for_no_version(client: TestClient, services: FakeServices) -> None:
    services.on("echo.update_thing", THING)
    assert client.patch("/v1/things/1", json={}, headers={"If-Match": "*"}).status_code == 200
    assert "nameko.if_match" not in services.seen("echo.update_thing")[0].headers


@pytest.mark.parametrize(
    ("value", "versions"),
    [
        ('"1", "3"', "1,3"),
        ('"1","3" , "1"', "1,3"),
        (',"3",', "3"),
        ('W/"2", "3"', "3"),
        ('W/"3"', "0"),
        ('"abc"', "0"),
        ('"a,b", "3"', "3"),
        ('""', "0"),
        ('"-1"', "0"),
        ('"007"', "0"),
        ('"99999999999999999999"', "0"),
    ],
)
def test_if_match_may_be_a_list_and_is_compared_strongly(
    client: TestClient, services: FakeServices, value: str, versions: str
) -> None:
    """RFC 9110, section 13.1.1 (K-4): a tag that matches nothing is the service's 412, no malformed header."""
    services.on("echo.update_thing", THING)
    client.patch("/v1/things/1", json={}, headers={"If-Match": value})
    assert services.seen("echo.update_thing")[0].headers["nameko.if_match"] == versions


def test_if_match_in_two_lines_is_one_list(client: TestClient, services: FakeServices) -> None:
    """RFC 9110, section 5.3 (K-4)."""
    services.on("echo.update_thing", THING)
    client.patch("/v1/things/1", json={}, headers=[("If-Match", '"1"'), ("If-Match", '"3"')])
    assert services.seen("echo.update_thing")[0].headers["nameko.if_match"] == "1,3"


@pytest.mark.parametrize("value", ["3", '"3', 'w/"3"', "W/3", '*, "3"', '"1" "3"', '"a"b"', "", ",", "'3'"])
def test_a_malformed_if_match_is_a_400(client: TestClient, value: str) -> None:
    answer = client.patch("/v1/things/1", json={}, headers={"If-Match": value})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-if-match")


@pytest.mark.parametrize(
    ("known", "status"), [('"3"', 304), ('W/"3"', 304), ('"1", "3"', 304), ("*", 304), ('"2"', 200)]
)
def test_if_none_match_saves_the_body(
    client: TestClient, services: FakeServices, known: str, status: int
) -> None:
    services.on("echo.get_thing", THING)
    answer = client.get("/v1/things/1", headers={"If-None-Match": known})
    assert answer.status_code == status
    assert answer.headers["etag"] == '"3"'
    assert bool(answer.content) == (status == 200)


def test_an_idempotency_key_is_passed_on_and_a_replay_is_marked(
    client: TestClient, services: FakeServices
) -> None:
    services.on("echo.create_thing", Replayed(THING))
    answer = client.post("/v1/things", json={}, headers={"Idempotency-Key": "receipt-1"})
    assert services.seen("echo.create_thing")[0].headers["nameko.idempotency_key"] == "receipt-1"
    assert (answer.status_code, answer.headers["idempotency-replayed"]) == (201, "true")


@pytest.mark.parametrize("key", ["", "x" * 201, "\u00e9"])
def test_a_malformed_idempotency_key_is_a_400(client: TestClient, key: str) -> None:
    answer = client.post("/v1/things", json={}, headers={"Idempotency-Key": key.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-idempotency-key")


def test_a_large_answer_comes_whole(client: TestClient, services: FakeServices) -> None:
    items = [{"id": str(n), "name": "客户" * 50} for n in range(20_000)]
    services.on("echo.list_things", {"items": items, "next": None})
    assert len(client.get("/v1/things").json()["items"]) == 20_000


def test_the_body_is_not_read_before_the_token_is_known(
    anonymous: TestClient, services: FakeServices
) -> None:
    answer = anonymous.post("/v1/things", content=b"{not json")
    assert answer.status_code == 401
    assert anonymous.post("/v1/things", content=b"{not json", headers=bearer()).status_code == 400


def test_an_error_of_the_service_keeps_its_fields(client: TestClient, services: FakeServices) -> None:
    errors = [
        {"field": "lines.0.price", "code": "not-new", "params": {}, "message": "Not a valid amount."},
        {"field": "name", "code": "too-long", "params": {"max": 20}, "message": "Longer than 20 characters."},
    ]

    def refuse(_request: object) -> None:
        raise Refused(kind="invalid", code="invalid-input", detail="Bad.", errors=errors)

    services.on("echo.create_thing", refuse)
    answer = client.post("/v1/things", json={}, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["content-language"]) == (422, "en")
    assert (answer.json()["errors"], answer.json()["detail"]) == (errors, "Bad.")


def test_fields_of_an_error_are_told_in_the_clients_language_as_far_as_the_gateway_knows_it(
    client: TestClient, services: FakeServices
) -> None:
    """(W-1): a service that is newer than the gateway may have codes of which that has no text."""

    def refuse(_request: object) -> None:
        errors = [
            {"field": "price", "code": "not-new", "params": {}, "message": "Not a valid amount."},
            {
                "field": "name",
                "code": "too-long",
                "params": {"max": 20},
                "message": "Longer than 20 characters.",
            },
            {"field": "old", "message": "Says no code."},
        ]
        raise Refused(kind="invalid", code="invalid-input", detail="Bad.", errors=errors)

    services.on("echo.create_thing", refuse)
    answer = client.post("/v1/things", json={}, headers={"Accept-Language": "zh-CN"})
    problem = answer.json()
    assert (answer.headers["content-language"], problem["detail"]) == ("zh-CN", "有字段填写不正确。")
    assert [error["message"] for error in problem["errors"]] == [
        "Not a valid amount.", "不能超过 20 个字符。", "Says no code.",
    ]  # fmt: skip
    assert problem["errors"][1]["params"] == {"max": 20}


def test_what_a_refusal_is_made_of_stands_in_its_sentence(client: TestClient, services: FakeServices) -> None:
    """(W-1)"""

    def refuse(_request: object) -> None:
        raise Refused(
            kind="conflict", code="amount-exceeds-outstanding", detail="Only 5.00 is open.", errors=[],
            params={"left": "5.00"},
        )  # fmt: skip

    services.on("echo.create_thing", refuse)
    for language, detail in (("zh", "未核销金额只有 5.00。"), ("en", "Only 5.00 is open.")):
        answer = client.post("/v1/things", json={}, headers={"Accept-Language": language})
        assert answer.json()["detail"] == detail


def test_whom_is_asked_about_is_signed_by_identity_first(client: TestClient, services: FakeServices) -> None:
    """What identity says goes on as it came, and identity judges who may ask."""
    facts = {"permissions": {}, "account_id": "2", "signature": "x"}
    services.on("identity.resolve_subject", facts)
    services.on("echo.explain_thing_access", {"level": "view"})
    assert client.get("/v1/things/1/access?account_id=2").json() == {"level": "view"}
    asked = services.seen("identity.resolve_subject")[0]
    assert asked.kwargs == {"account_id": "2"}
    assert json.loads(asked.headers["nameko.caller"])["account_id"] == ACCOUNT_ID
    told = services.seen("echo.explain_thing_access")[0].kwargs
    assert told == {
        "thing_id": "1",
        "query": {"account_id": "2"},
        "subject": json.dumps(facts, separators=(",", ":")),
    }


def test_a_client_signs_nobody_itself(client: TestClient, services: FakeServices) -> None:
    services.on("echo.explain_thing_access", {"level": "view"})
    client.get("/v1/things/1/access?subject=forged")
    assert "subject" not in services.seen("echo.explain_thing_access")[0].kwargs


def test_about_whom_nobody_may_ask_no_service_is_asked(client: TestClient, services: FakeServices) -> None:
    def refuse(_request: object) -> None:
        raise Refused(kind="forbidden", code="account-out-of-reach", detail="No.")

    services.on("identity.resolve_subject", refuse)
    assert client.get("/v1/things/1/access?account_id=2").json()["code"] == "account-out-of-reach"
    assert services.seen("echo.explain_thing_access") == []
