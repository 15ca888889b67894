"""Searching: every list once more, with a tree of conditions instead of filters."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, Invalid, new_id
from servicekit.nouns.conditions.grammar import DEEPEST, MOST_CONDITIONS, MOST_SEARCHED
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.servicekit.helpers import ALL, a_book

ME = caller(*ALL)


@pytest.fixture(scope="module")
def shelf(started: RunningService) -> RunningService:
    """A shelf of a few books, which no test changes."""
    started.clean()
    for title, price, published_on in (
        ("红楼梦", "10.00", "1911-01-01"), ("红与黑", "20.50", "1930-11-13"), ("War and Peace", "20.50", None),
        ("100% Wolle", "0.00", "2020-02-29"),
    ):  # fmt: skip
        a_book(started, ME, title=title, price=price, published_on=published_on)
    return started


def search(service: RunningService, where: Any, who: Caller = ME, **more: Any) -> dict[str, Any]:
    result: dict[str, Any] = service.call("search_books", who, data={"where": where, **more})
    return result


def titles(service: RunningService, where: Any, **more: Any) -> list[str]:
    return [item["title"] for item in search(service, where, sort="created_at", **more)["items"]]


def is_(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (is_("title", "eq", "WAR　AND peace"), ["War and Peace"]),
        ({"any": [is_("title", "contains", "红"), is_("price", "eq", 0)]}, ["红楼梦", "红与黑", "100% Wolle"]),
        ({"all": [is_("title", "contains", "红"), {"not": is_("price", "gt", "10")}]}, ["红楼梦"]),
        ({"not": {"all": [is_("published_on", "before", "1920-01-01")]}}, ["红与黑", "War and Peace", "100% Wolle"]),
        (is_("published_on", "after", "1930-11-13"), ["100% Wolle"]),
        (is_("published_on", "within", "1930-11-13"), ["红与黑"]),
        ({"field": "published_on", "operator": "empty"}, ["War and Peace"]),
        (is_("created_at", "within", "today"), ["红楼梦", "红与黑", "War and Peace", "100% Wolle"]),
        (is_("created_at", "within_last", 0), ["红楼梦", "红与黑", "War and Peace", "100% Wolle"]),
        (is_("created_at", "before", "last_1_days"), []),
        (is_("owner_id", "eq", "me"), ["红楼梦", "红与黑", "War and Peace", "100% Wolle"]),
        (is_("owner_id", "not_in", ["me"]), []),
        (is_("owner_id", "in", ["my_department"]), []),
        (is_("title", "in", []), []),
        (None, ["红楼梦", "红与黑", "War and Peace", "100% Wolle"]),
        ({}, ["红楼梦", "红与黑", "War and Peace", "100% Wolle"]),
    ],
)  # fmt: skip
def test_a_tree_finds_what_it_says(shelf: RunningService, where: Any, found: list[str]) -> None:
    assert titles(shelf, where) == found
    assert search(shelf, where, count=True)["total"] == len(found)


def test_pages_follow_each_other_as_those_of_the_list(shelf: RunningService) -> None:
    where, seen, cursor = {"any": [is_("price", "gte", "10"), is_("title", "contains", "1")]}, [], None
    for _ in range(4):
        page = search(shelf, where, sort="-price", limit=1, cursor=cursor, fields=["title"])
        assert [set(item) for item in page["items"]] == [{"title"}]
        seen += [item["title"] for item in page["items"]]
        cursor = page["next"]
    assert cursor is None and len(set(seen)) == 4
    listed = shelf.call("list_books", ME, query={"sort": "-price"})["items"]
    assert seen == [item["title"] for item in listed]


def test_only_what_the_caller_may_see_is_found(shelf: RunningService) -> None:
    stranger = caller("book.read:own")
    assert search(shelf, is_("title", "contains", "红"), stranger, count=True) == {
        "items": [], "next": None, "total": 0,
    }  # fmt: skip
    with pytest.raises(Forbidden):
        search(shelf, None, caller("loan.read"))


def test_it_reads_and_so_minds_no_idempotency_key(shelf: RunningService) -> None:
    """The same key may come with another question, and is answered anew."""
    sent = {"idempotency_key": "the same"}
    first = shelf.call("search_books", ME, sent, data={"where": is_("title", "eq", "红楼梦")})
    second = shelf.call("search_books", ME, sent, data={"where": is_("title", "eq", "红与黑")})
    assert (len(first["items"]), len(second["items"])) == (1, 1)
    assert first["items"] != second["items"]


def nested(levels: int) -> dict[str, Any]:
    tree = is_("price", "gte", "1")
    for _ in range(levels):
        tree = {"not": tree}
    return tree


@pytest.mark.parametrize(
    ("where", "field", "code"),
    [
        ([], "where", "not-a-condition"),
        ("all", "where", "not-a-condition"),
        ({"all": {}}, "where.all", "not-a-list"),
        ({"any": []}, "where.any", "too-few-items"),
        ({"all": [1]}, "where.all.0", "not-a-condition"),
        ({"all": [], "any": []}, "where", "not-a-condition"),
        ({"not": {"all": [is_("price", "gt", "1"), {"field": 3}]}}, "where.not.all.1.field", "unknown-filter"),
        ({"not": is_("colour", "eq", "red")}, "where.not.field", "unknown-filter"),
        (is_("title", "gt", "a"), "where.operator", "not-allowed-value"),
        (is_("title", ["eq"], "a"), "where.operator", "not-allowed-value"),
        ({"all": [is_("price", "eq", 1.5)]}, "where.all.0.value", "not-a-decimal"),
        (is_("price", "eq", "1e3"), "where.value", "not-a-decimal"),
        (is_("price", "eq", True), "where.value", "not-a-decimal"),
        (is_("pages", "eq", "1"), "where.value", "not-a-whole-number"),
        (is_("pages", "in", [1, 2, "x"]), "where.value.2", "not-a-whole-number"),
        (is_("pages", "in", 1), "where.value", "not-a-list"),
        (is_("pages", "in", [1] * 201), "where.value", "too-many-values"),
        (is_("lent", "eq", "true"), "where.value", "not-true-or-false"),
        (is_("owner_id", "eq", "my friend"), "where.value", "not-an-id"),
        (is_("owner_id", "eq", None), "where.value", "not-a-text"),
        (is_("created_at", "gt", "2026-11-22"), "where.value", "not-a-time"),
        (is_("created_at", "within", "this_decade"), "where.value", "not-a-period"),
        (is_("created_at", "within", 7), "where.value", "not-a-period"),
        (is_("created_at", "within_last", "7"), "where.value", "not-within"),
        (is_("created_at", "within_last", -1), "where.value", "not-within"),
        (is_("published_on", "before", "2026-02-30"), "where.value", "not-a-period"),
        (is_("published_on", "empty", "true"), "where.value", "not-true-or-false"),
        (is_("title", "contains", "a\x00"), "where.value", "unstorable-characters"),
        (is_("title", "contains", "a" * 2001), "where.value", "too-long"),
        ({"field": "title", "operator": "eq"}, "where.value", "required"),
        ({**is_("title", "eq", "a"), "case": True}, "where", "not-a-condition"),
        (nested(DEEPEST + 1), f"where{'.not' * DEEPEST}", "too-deep"),
        (
            {"any": [is_("title", "contains", "a")] * (MOST_SEARCHED + 1)},
            f"where.any.{MOST_SEARCHED}", "too-many-searches",
        ),
        ({"any": [is_("price", "gt", "1")] * (MOST_CONDITIONS + 1)}, "where.any", "too-many-items"),
        (
            {"any": [{"all": [is_("price", "gt", "1")] * MOST_CONDITIONS}, is_("price", "gt", "1")]},
            "where.any.1", "too-many-conditions",
        ),
    ],
)  # fmt: skip
def test_a_tree_that_is_none_is_told_with_the_place(
    shelf: RunningService, where: Any, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        search(shelf, where)
    assert refused.value.code == "invalid-input"
    assert [(error["field"], error["code"]) for error in refused.value.errors] == [(field, code)]


def test_all_that_is_wrong_is_told_at_once(shelf: RunningService) -> None:
    with pytest.raises(Invalid) as refused:
        search(shelf, {"any": [is_("price", "eq", "x"), is_("colour", "eq", "x")]})
    assert [error["field"] for error in refused.value.errors] == ["where.any.0.value", "where.any.1.field"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("sort", "colour"), ("limit", 201), ("fields", ["secret"]), ("filter", {}), ("count", "yes")],
)
def test_what_else_is_not_understood_is_told_by_its_name(
    shelf: RunningService, name: str, value: Any
) -> None:
    with pytest.raises(Invalid) as refused:
        search(shelf, None, **{name: value})
    assert (refused.value.code, refused.value.errors[0]["field"]) == ("invalid-input", name)


def test_a_deep_tree_is_as_deep_as_it_may_be(shelf: RunningService) -> None:
    assert len(titles(shelf, nested(DEEPEST))) in (1, 3)


def test_the_short_form_means_the_same(shelf: RunningService) -> None:
    for name, value, where in (
        ("filter[published_on][within]", "1930-11-13", is_("published_on", "within", "1930-11-13")),
        ("filter[created_at][within_last]", "1", is_("created_at", "within_last", 1)),
        ("filter[owner_id]", "me", is_("owner_id", "eq", "me")),
        ("filter[owner_id][not_in]", f"me,{new_id()}", is_("owner_id", "not_in", ["me", str(new_id())])),
        ("filter[title][not_contains]", "红", is_("title", "not_contains", "红")),
    ):
        listed = shelf.call("list_books", ME, query={name: value, "sort": "created_at"})["items"]
        assert [item["title"] for item in listed] == titles(shelf, where), name
