"""Fields at run time on customers: kept, told, found, required and refused (CU-02, CU-63, GW-58)."""

from typing import Any

import pytest
from sqlalchemy import text

from servicekit import Caller, Invalid, NotFound, new_id
from servicekit.testing import RunningService, wait_until
from tests.customer.people import a_customer, a_salesperson, in_the_directory
from tests.declared import COLOURS, EVERY, declare, declare_every

SENT: dict[str, Any] = {
    "slogan": "  Ｂetter 更好 ", "story": "一\n二", "score": "012.50", "budget": 1200, "founded": "2020-02-29",
    "called": "2026-11-22T16:00:00+08:00", "colour": "red", "hues": ["green", "red", "red"], "listed": False,
}  # fmt: skip
KEPT: dict[str, Any] = {
    "slogan": "Ｂetter 更好", "story": "一\n二", "score": "12.5", "budget": "1200", "founded": "2020-02-29",
    "called": "2026-11-22T08:00:00+00:00", "colour": "red", "hues": ["red", "green"], "listed": False,
}  # fmt: skip


def refusals(service: RunningService, who: Caller, **values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        a_customer(service, who, **values)
    return {each["field"]: each["code"] for each in refused.value.errors}


def found(service: RunningService, who: Caller, **query: str) -> set[str]:
    asked = {name.replace("__", "."): value for name, value in query.items()}
    return {item["name"] for item in service.call("list_customers", who, query=asked)["items"]}


def test_values_of_every_type_are_kept_and_told_wherever_the_customer_is(service: RunningService) -> None:
    """GW-58: created, looked at, listed, told by the event and by the history, each key as a change of its own."""
    declare_every(service, "customer")
    me = a_salesperson()
    in_the_directory(service, me, "张伟")
    parent = a_customer(service, me, name="母公司")
    named = {"helper": str(me.account_id), "parent": parent["id"]}
    made = a_customer(service, me, custom={**SENT, **named})
    assert made["custom"] == {**KEPT, **named}
    assert service.call("get_customer", me, customer_id=made["id"])["custom"] == {**KEPT, **named}
    listed = service.call("list_customers", me, query={"filter[custom.score]": "12.5"})["items"]
    assert [item["custom"] for item in listed] == [{**KEPT, **named}]
    assert service.published("customer.created")[-1].data["custom"] == {**KEPT, **named}
    (told,) = service.call(
        "list_customer_history", me, customer_id=made["id"], query={"filter[kind]": "created"}
    )["items"]
    assert told["changes"]["custom.colour"] == [None, "red"]
    assert "custom" not in told["changes"]


def test_a_change_names_some_fields_and_leaves_the_others(service: RunningService) -> None:
    """GW-58: null takes a value away; each field is a change of its own in the history, which is found by it."""
    declare_every(service, "customer")
    me = a_salesperson()
    made = a_customer(service, me, custom={"colour": "red", "score": 1, "slogan": "so"})
    changed = service.call(
        "update_customer", me, customer_id=made["id"], data={"custom": {"colour": "green", "score": None}}
    )
    assert changed["custom"] == {"colour": "green", "slogan": "so"}
    assert service.published("customer.updated")[-1].data["custom"] == changed["custom"]
    query = {"filter[field]": "custom.score"}
    assert [
        each["changes"]
        for each in service.call("list_customer_history", me, customer_id=made["id"], query=query)["items"]
    ] == [
        {"custom.colour": ["red", "green"], "custom.score": ["1", None]},
        _changes_of_creation(service, me, made["id"]),
    ]


def _changes_of_creation(service: RunningService, who: Caller, customer_id: str) -> dict[str, Any]:
    query = {"filter[kind]": "created"}
    (made,) = service.call("list_customer_history", who, customer_id=customer_id, query=query)["items"]
    assert made["changes"]["custom.score"] == [None, "1"]
    changes: dict[str, Any] = made["changes"]
    return changes


WRONG = [
    ("slogan", 7, "not-a-text"), ("slogan", "x" * 501, "too-long"), ("slogan", " ", "blank"),
    ("slogan", "\U0010ffff", "unstorable-characters"), ("story", "x" * 5001, "too-long"),
    ("score", 1.5, "not-a-decimal"), ("score", "1.00001", "too-many-decimals"), ("score", "9" * 15, "too-great"),
    ("budget", "0.5", "too-fine-for-currency"), ("founded", "2021-02-29", "not-a-date"),
    ("called", "2026-11-22T16:00:00", "not-a-time"), ("colour", "blue", "not-allowed-value"),
    ("colour", "old", "option-out-of-use"), ("colour", ["red"], "not-a-text"), ("hues", "red", "not-a-list"),
    ("hues", ["red"] * 201, "too-many-items"), ("listed", 0, "not-true-or-false"), ("helper", "me", "not-an-id"),
    ("helper", str(new_id()), "unknown-account"), ("parent", str(new_id()), "unknown-customer"),
    ("nothing", 1, "unknown-field"), ("", 1, "unknown-field"), ("a' OR 1=1 --", 1, "unknown-field"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "code"), WRONG)
def test_what_does_not_fit_is_told_with_its_field_and_changes_nothing(
    service: RunningService, key: str, value: Any, code: str
) -> None:
    """GW-58."""
    declare_every(service, "customer")
    told = refusals(service, a_salesperson(), custom={"founded": "2020-01-01", key: value})
    assert {name.removesuffix(".0"): what for name, what in told.items()} == {f"custom.{key}": code}
    assert service.published() == []


@pytest.mark.parametrize("custom", [[], "x", 1, None, {str(n): n for n in range(201)}])
def test_values_come_by_key(service: RunningService, custom: Any) -> None:
    assert [*refusals(service, a_salesperson(), custom=custom)] == ["custom"]


def test_all_values_together_have_a_bound(service: RunningService) -> None:
    """Each event of the customer carries them."""
    for number in range(12):
        declare(service, "customer", f"story_{number}", type="long_text")
    custom = {f"story_{number}": "x" * 4_999 for number in range(12)}
    assert refusals(service, a_salesperson(), custom=custom) == {"custom": "too-long"}


def test_what_is_required_is_asked_of_new_customers_and_never_taken_away(service: RunningService) -> None:
    """CU-02: a customer from before goes on without it."""
    me = a_salesperson()
    before = a_customer(service, me)
    declare(service, "customer", "colour", type="choice", options=COLOURS, required=True)
    assert refusals(service, me) == {"custom.colour": "required"}
    assert service.call("update_customer", me, customer_id=before["id"], data={"grade": "A"})["grade"] == "A"
    made = a_customer(service, me, custom={"colour": "red"})
    with pytest.raises(Invalid, match="not valid") as refused:
        service.call("update_customer", me, customer_id=made["id"], data={"custom": {"colour": None}})
    assert [each["field"] for each in refused.value.errors] == ["custom.colour"]


def test_a_field_that_customers_have_anyway_can_be_required_and_relaxed(service: RunningService) -> None:
    """CU-02: what only forms require, programs may leave out."""
    me = a_salesperson()
    declare(service, "customer", "industry", required=True, strict=True)
    assert refusals(service, me, grade="A") == {"industry": "required"}
    assert refusals(service, me, industry=None) == {"industry": "required"}
    made = a_customer(service, me, industry="软件")
    with pytest.raises(Invalid):
        service.call("update_customer", me, customer_id=made["id"], data={"industry": None})
    declare(service, "customer", "industry", required=True, strict=False, version=2)
    assert a_customer(service, me)["industry"] is None


def test_what_goes_out_of_use_stays_where_it_is_and_comes_to_no_other(service: RunningService) -> None:
    """CU-63: a disabled field, and an option out of use."""
    me = a_salesperson()
    options = [{**option, "active": True} for option in COLOURS]
    declare(service, "customer", "colour", type="choice", options=options)
    declare(service, "customer", "score", type="number")
    had = a_customer(service, me, custom={"colour": "old", "score": 5})
    declare(service, "customer", "colour", version=2, type="choice", options=COLOURS)
    declare(service, "customer", "score", version=2, active=False, type="number")
    assert refusals(service, me, custom={"colour": "old", "score": 5}) == {
        "custom.colour": "option-out-of-use", "custom.score": "field-out-of-use",
    }  # fmt: skip
    same = {"custom": {"colour": "old", "score": "5.0"}, "grade": "A"}
    kept = service.call("update_customer", me, customer_id=had["id"], data=same)
    assert (kept["custom"], kept["grade"]) == ({"colour": "old", "score": "5"}, "A")
    with pytest.raises(Invalid):
        service.call("update_customer", me, customer_id=had["id"], data={"custom": {"score": 6}})


def test_nobody_learns_by_trying_what_others_customers_have(service: RunningService) -> None:
    declare_every(service, "customer")
    mine = a_customer(service, a_salesperson())
    for value in ("old", "red"):
        with pytest.raises(NotFound):
            data = {"custom": {"colour": value}}
            service.call("update_customer", a_salesperson(), customer_id=mine["id"], data=data)
    data = {"custom": {"parent": mine["id"]}}
    with pytest.raises(Invalid) as refused:
        a_customer(service, a_salesperson(), **data)
    assert refused.value.errors[0]["code"] == "unknown-customer"


def test_lists_are_filtered_by_the_operators_of_the_type(service: RunningService) -> None:
    """GW-58: in the query and as a tree of conditions."""
    declare_every(service, "customer")
    me = a_salesperson()
    a_customer(service, me, name="一", custom={**SENT, "score": 9})
    a_customer(service, me, name="二", custom={"score": 100, "colour": "green", "founded": "2021-01-01"})
    a_customer(service, me, name="三")
    asked = {
        "filter[custom.score][gte]=10": {"二"},
        "filter[custom.score][lt]=10": {"一"},
        "filter[custom.score][ne]=9": {"二", "三"},
        "filter[custom.score][empty]=true": {"三"},
        "filter[custom.slogan]=ＢETTER更好": {"一"},
        "filter[custom.slogan]=worse": set(),
        "filter[custom.slogan]=better 更好": {"一"},
        "filter[custom.slogan][contains]=更": {"一"},
        "filter[custom.budget][gt]=1199": {"一"},
        "filter[custom.founded][within]=2021-01-01": {"二"},
        "filter[custom.founded][before]=2021-01-01": {"一"},
        "filter[custom.called][gte]=2026-11-22T08:00:00Z": {"一"},
        "filter[custom.called][gt]=2026-11-22T08:00:00Z": set(),
        "filter[custom.colour][in]=red,green": {"一", "二"},
        "filter[custom.hues]=red": {"一"},
        "filter[custom.hues][ne]=red": {"二", "三"},
        "filter[custom.listed]=false": {"一"},
        "filter[custom.listed]=true": set(),
    }
    for query, names in asked.items():
        name, _, value = query.partition("]=")
        assert found(service, me, **{f"{name}]": value}) == names, query
    said = {"not": {"field": "custom.hues", "operator": "empty"}}
    tree = {"any": [{"field": "custom.score", "operator": "gt", "value": "50"}, said]}
    searched = service.call("search_customers", me, data={"where": tree})["items"]
    assert {item["name"] for item in searched} == {"一", "二"}


@pytest.mark.parametrize(
    "query",
    [
        {"filter[custom.score]": "x"}, {"filter[custom.score][contains]": "1"}, {"filter[custom.nothing]": "1"},
        {"filter[custom.colour]": "blue"}, {"filter[custom.listed]": "yes"}, {"filter[custom.]": "1"},
        {"filter[custom.a'b]": "1"}, {"sort": "custom.score"}, {"sort": "custom.nothing"}, {"sort": "--custom.score"},
        {"filter[custom.score][within]": "today"}, {"filter[custom]": "1"}, {"sort": "custom"},
    ],
)  # fmt: skip
def test_what_a_list_cannot_be_asked_is_told(service: RunningService, query: dict[str, str]) -> None:
    declare_every(service, "customer")
    with pytest.raises(Invalid, match="not understood"):
        service.call("list_customers", a_salesperson(), query=query)


def test_an_indexed_field_orders_a_list_page_by_page(service: RunningService) -> None:
    """GW-58: what has no value comes last, and the index is there within two seconds."""
    for key, body in EVERY.items():
        if key not in ("story", "hues"):
            declare(service, "customer", key, **body, indexed=True)
    me = a_salesperson()
    for name, score in (("一", "10"), ("二", "9.5"), ("三", None), ("四", "-3"), ("五", "9.5")):
        custom = (
            {}
            if score is None
            else {"score": score, "slogan": name, "founded": f"20{int(float(score)) + 10:02}-01-01"}
        )
        a_customer(service, me, name=name, custom=custom)
    for sort, backwards in (
        ("custom.score", False),
        ("-custom.score", True),
        ("custom.slogan", False),
        ("custom.founded", False),
    ):
        walked, cursor = [], ""
        while cursor is not None:
            page = service.call("list_customers", me, query={"sort": sort, "limit": "2", "cursor": cursor})
            walked += [item["name"] for item in page["items"]]
            cursor = page["next"]
        assert sorted(walked) == sorted("一二三四五"), sort
        assert walked[0 if backwards else -1] == "三", sort
        if sort == "custom.score":
            assert walked[0] == "四"
            assert walked[3] == "一"
    wait_until(lambda: len(indexes(service)) == 18)
    declare(service, "customer", "score", version=2, type="number", indexed=False)
    wait_until(lambda: len(indexes(service)) == 16)


def indexes(service: RunningService) -> list[str]:
    query = (
        "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indisvalid AND relname ~ '^cf_'"
    )
    with service.database.sessions() as session:
        return [*session.scalars(text(query))]
