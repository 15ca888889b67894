"""Lists: paging by key, filters of every type, search, and queries that are none."""

import base64
from typing import Any

import orjson
import pytest
from library.model import Book
from library.operations import BOOKS

from servicekit import Caller, Invalid, Sort, new_id
from servicekit.base.fields import Code
from servicekit.contracts.list_parameters import parameters
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.grammar import leaf
from servicekit.nouns.filtering import term_of
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.servicekit.helpers import ALL, a_book

ME = caller(*ALL)
NOW, ID = "2026-11-22T08:00:00+00:00", str(new_id())


@pytest.fixture(scope="module")
def shelf(started: RunningService) -> RunningService:
    """A shelf of a few books of every kind, which no test changes."""
    started.clean()
    for number, (title, price, published_on) in enumerate(
        [
            ("红楼梦", "10.00", "1911-01-01"), ("红与黑", "20.50", "1930-11-13"), ("War and Peace", "20.50", None),
            ("100% Wolle", "0.00", "2020-02-29"), ("under_score", "5", None), ("back\\slash", "7.01", "2026-11-22"),
            ("ΟΔΥΣΣΕΥΣ", "9", None), ("İstanbul", "9", None), ("Straße", "3", None), ("𠮷野家", "3", None),
        ]
    ):  # fmt: skip
        extra = {"published_on": published_on} if published_on else {}
        remark = None if number % 2 else f"第{number}本"
        a_book(
            started,
            ME,
            title=title,
            price=price,
            pages=number * 222_222_222,
            remark=remark,
            **extra,
        )
    return started


def page(service: RunningService, who: Caller = ME, **query: str) -> dict[str, Any]:
    result: dict[str, Any] = service.call("list_books", who, query=query)
    return result


def titles(service: RunningService, **query: str) -> list[str]:
    return [item["title"] for item in page(service, limit="200", sort="created_at", **query)["items"]]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("filter[title]", "红楼梦", 1), ("filter[title][ne]", "红楼梦", 9), ("filter[title][in]", "红楼梦,红与黑,", 2),
        ("filter[title][in]", "", 0), ('filter[title][in]', '"Wolle, rot",  "红楼梦",红与黑', 2),
        ("filter[price]", "20.5", 2), ("filter[price][gt]", "10", 2),
        ("filter[price][gte]", "10", 3), ("filter[price][lt]", "3.01", 3), ("filter[price][lte]", "0", 1),
        ("filter[price][in]", "3,9", 4), ("filter[pages]", "0", 1), ("filter[pages][gte]", "1500000000", 3),
        ("filter[published_on]", "2020-02-29", 1), ("filter[published_on][lt]", "1950-01-01", 2),
        ("filter[published_on][empty]", "true", 6), ("filter[published_on][empty]", "false", 4),
        ("filter[published_on][ne]", "2020-02-29", 9), ("filter[lent]", "false", 10), ("filter[lent]", "true", 0),
        ("filter[created_at][gt]", "2020-01-01T00:00:00Z", 10), ("filter[owner_id]", str(ME.account_id), 10),
        ("filter[created_at][gt]", "2020-01-01t00:00:00.5z", 10), ("filter[title][contains]", "、", 0),
        ("filter[created_at][lt]", "9999-12-31T23:59:59Z", 10), ("filter[created_at][gt]", "0001-01-01T00:00:00Z", 10),
        ("filter[owner_id]", str(new_id()), 0), ("filter[title][contains]", "红", 2),
        ("filter[title][contains]", "WAR", 1), ("filter[title][contains]", "", 10),
        ("filter[title][contains]", "%", 1), ("filter[title][contains]", "0% w", 1),
        ("filter[title][contains]", "_", 1), ("filter[title][contains]", "r_s", 1),
        ("filter[title][contains]", "\\", 1), ("filter[title][contains]", "k\\s", 1),
        ("filter[title][contains]", "楼红", 0), ("filter[title][contains]", "'; --", 0),
        ("filter[search][contains]", "第4本", 1), ("filter[search][contains]", "红", 2),
        ("filter[search][contains]", "", 10), ("filter[search][contains]", "\u200b", 10),
        ("filter[search][contains]", "'; --", 0), ("filter[remark][contains]", "第4本", 1),
        ("filter[remark][empty]", "true", 5),
    ],
)  # fmt: skip
def test_a_filter_finds_what_it_says(shelf: RunningService, name: str, value: str, found: int) -> None:
    assert len(titles(shelf, **{name: value})) == found
    assert page(shelf, count="true", **{name: value})["total"] == found


def test_every_text_is_found_by_every_piece_of_it(shelf: RunningService) -> None:
    for title in titles(shelf):
        for start, end in ((0, 1), (0, 2), (1, 4), (-1, None), (-2, None), (0, None)):
            term = title[start:end]
            assert title in titles(shelf, **{"filter[title][contains]": term}), (title, term)


@pytest.mark.parametrize(
    "sort",
    [
        "created_at", "-created_at", "title", "-title", "price", "-price", "pages", "-pages", "published_on",
        "-published_on",
    ],
)  # fmt: skip
def test_pages_follow_each_other_without_a_hole_or_a_double(shelf: RunningService, sort: str) -> None:
    whole = [item["id"] for item in page(shelf, sort=sort)["items"]]
    assert len(whole) == 10
    for limit in ("1", "3"):
        seen: list[str] = []
        query = {"sort": sort, "limit": limit}
        while True:
            part = page(shelf, **query)
            seen += [item["id"] for item in part["items"]]
            if part["next"] is None:
                break
            query["cursor"] = part["next"]
        assert seen == whole


def test_what_has_no_day_comes_after_all_that_have_one(shelf: RunningService) -> None:
    """(W-2)"""
    for sort, known in (("published_on", slice(0, 4)), ("-published_on", slice(6, 10))):
        days = [item["published_on"] for item in page(shelf, sort=sort)["items"]]
        assert days[known] == sorted(filter(None, days), reverse=sort.startswith("-")), sort
        assert len([day for day in days if day is None]) == 6


def test_a_range_of_days_leaves_out_what_has_none_in_every_order(shelf: RunningService) -> None:
    """(W-2)"""
    for sort in ("published_on", "-published_on", "created_at"):
        for comparison, found in (("gte", 3), ("gt", 3), ("lt", 1), ("lte", 1)):
            query = {"sort": sort, "count": "true", f"filter[published_on][{comparison}]": "1920-01-01"}
            answer = page(shelf, **query)
            assert (len(answer["items"]), answer["total"]) == (found, found), query


def test_an_order_needs_a_place_for_what_has_no_value() -> None:
    """(W-2)"""
    with pytest.raises(TypeError, match="remark may be null"):
        Sort(Book.remark)
    assert Sort(Book.remark, otherwise=Book.title).may_lack is False


def test_two_hundred_records_are_found_by_their_ids_and_no_more(shelf: RunningService) -> None:
    """(K-3) As many as a page holds, so that what a page refers to is asked for at once."""
    known = [item["id"] for item in page(shelf)["items"]]
    others = [str(new_id()) for _ in range(200 - len(known))]
    found = page(shelf, limit="200", **{"filter[id][in]": ",".join([*others, *known])})["items"]
    assert {item["id"] for item in found} == {*known}
    with pytest.raises(Invalid) as refused:
        page(shelf, **{"filter[id][in]": ",".join([*others, *known, str(new_id())])})
    assert refused.value.errors == [
        {
            "field": "filter[id][in]",
            "code": "too-many-values",
            "params": {"max": 200},
            "message": "More than 200 values.",
        }
    ]


def test_what_has_changed_since_is_found_in_the_order_of_the_changes(service: RunningService) -> None:
    """(K-3)"""
    first, second = (a_book(service, ME, title=title) for title in ("红楼梦", "西游记"))
    service.call("update_book", ME, book_id=first["id"], data={"title": "石头记"})
    since = {"filter[updated_at][gte]": second["updated_at"]}
    assert titles(service, **since) == ["石头记", "西游记"]
    changed = [item["title"] for item in page(service, sort="-updated_at")["items"]]
    assert changed == ["石头记", "西游记"]
    assert titles(service, **{"filter[updated_at][gt]": second["updated_at"]}) == ["石头记"]


VALUES: dict[tuple[str, str | None], str] = {
    ("string", "uuid"): ID, ("string", "date-time"): NOW, ("string", "date"): "2026-11-22", ("string", None): "1",
    ("boolean", None): "true", ("integer", "int64"): "1", ("integer", None): "1",
}  # fmt: skip


def test_every_parameter_that_is_published_is_taken(shelf: RunningService) -> None:
    """(K-3) Each comparison of each field, with a value of the type that it says."""
    seen = 0
    for parameter in parameters(BOOKS):
        if parameter["name"] == "cursor":
            continue
        schema = parameter["schema"].get("items", parameter["schema"])
        known = schema.get("enum") or schema.get("examples") or [VALUES[schema["type"], schema.get("format")]]
        value = known[0]
        page(shelf, **{parameter["name"]: value})
        seen += 1
    assert seen > 50


def test_a_value_that_is_none_of_a_fields_choices_is_refused() -> None:
    """(K-3) An empty list would say that there are none of them."""
    language = term_of("title", Book.title, Code(("zh", "en")))
    with pytest.raises(ValueError, match="Must be one of: zh, en"):
        leaf("title", language, "eq", "fr", Asker())
    leaf("title", language, "in", ["zh", "en"], Asker())


def test_only_the_fields_asked_for_are_shown(shelf: RunningService) -> None:
    items = page(shelf, fields="title,price,title", limit="1")["items"]
    assert [set(item) for item in items] == [{"title", "price"}]
    assert "total" not in page(shelf) and "total" not in page(shelf, count="false")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "201"), ("limit", "-1"), ("limit", "1e2"), ("limit", ""), ("limit", "２"),
        ("limit", "9" * 5000), ("count", "yes"), ("sort", "colour"), ("sort", "--title"), ("sort", "title;"),
        ("fields", "secret"), ("fields", "title,_schema"), ("colour", "red"), ("filter[colour]", "red"),
        ("filter[title][like]", "a"), ("filter[title][gt]", "a"), ("filter[price][contains]", "1"),
        ("filter[price]", "1e3"), ("filter[price]", "NaN"), ("filter[price]", "１"), ("filter[price][in]", "1,x"),
        ("filter[pages]", "1.5"), ("filter[pages]", "9" * 30), ("filter[lent]", "1"), ("filter[lent][gt]", "true"),
        ("filter[published_on]", "22.11.2026"), ("filter[published_on][empty]", "maybe"),
        ("filter[published_on]", "20261122"), ("filter[published_on]", "2026-W47-7"),
        ("filter[created_at]", "2026-11-22T08:00Z"), ("filter[created_at]", "20261122T080000Z"),
        ("filter[created_at]", "2026-W47-7T08:00:00Z"), ("filter[created_at]", "2026-11-22T08:00:00,5Z"),
        ("filter[created_at]", "2026-11-22T08:00:00"), ("filter[title][in]", '"a'), ("filter[title][in]", '"a"b,c'),
        ("filter[created_at]", "0001-01-01T00:00:00+14:00"), ("filter[created_at]", "9999-12-31T23:59:59-14:00"),
        ("filter[owner_id]", "you"), ("filter[owner_id]", ""),
        ("filter[title]", "a\x00b"), ("filter[title][contains]", "\x00"), ("filter[title]", "a" * 2001),
        ("filter[search]", "红"), ("filter[search][in]", "红"), ("filter[search][contains]", "\x00"),
        ("filter[]", "a"), ("filter[title]]", "a"), ("filter[title][]", "a"), ("", "a"),
    ],
)  # fmt: skip
def test_a_query_that_is_not_understood_is_refused_with_its_parameter(
    shelf: RunningService, name: str, value: str
) -> None:
    with pytest.raises(Invalid) as refused:
        page(shelf, **{name: value})
    assert refused.value.code == "invalid-query"
    assert [error["field"] for error in refused.value.errors] == [name]


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("-created_at", "x"), ("-created_at", "é"), ("-created_at", "a" * 4000),
        ("-created_at", cursor("created_at", NOW, ID)), ("-created_at", cursor("-created_at", NOW)),
        ("-created_at", cursor("-created_at", NOW, 5)), ("-created_at", cursor("-created_at", NOW, None)),
        ("-created_at", cursor("-created_at", NOW, ["a"])), ("-created_at", cursor("-created_at", "yesterday", ID)),
        ("-created_at", cursor("-created_at", None, ID)), ("-created_at", cursor("-created_at", {}, ID)),
        ("-created_at", cursor("-created_at", NOW, "x")), ("-created_at", cursor("-created_at", NOW, ID, 1)),
        ("title", cursor("title", "a\x00", ID)), ("pages", cursor("pages", "9" * 40, ID)),
        ("price", cursor("price", "1e9", ID)), ("price", cursor("price", "NaN", ID)),
        ("price", cursor("price", "9" * 41, ID)),
        ("-created_at", cursor("-created_at", "0001-01-01T00:00:00+14:00", ID)),
        ("-created_at", cursor("-created_at", "9999-12-31T23:59:59-14:00", ID)), ("pages", cursor("pages", True, ID)),
    ],
)  # fmt: skip
def test_a_cursor_that_was_tampered_with_is_refused(shelf: RunningService, sort: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        page(shelf, sort=sort, cursor=value)
    assert refused.value.code == "invalid-cursor"


def test_a_client_that_goes_on_from_nowhere_gets_the_first_page(shelf: RunningService) -> None:
    """(M-24)"""
    assert page(shelf, cursor="") == page(shelf)


def test_a_value_with_a_comma_is_found_in_quotes(service: RunningService) -> None:
    """(M-24)"""
    for title in ("Acme, Inc.", 'The "best"', "云图"):
        a_book(service, ME, title=title)
    assert titles(service, **{"filter[title][in]": '"Acme, Inc.",云图'}) == ["Acme, Inc.", "云图"]
    assert titles(service, **{"filter[title][in]": '"The ""best""",The "best",Acme'}) == ['The "best"']


def test_a_cursor_of_somebody_else_shows_nobodys_books(shelf: RunningService) -> None:
    theirs = page(shelf, limit="1")["next"]
    assert page(shelf, caller("book.read"), cursor=theirs) == {"items": [], "next": None}


def test_pages_stay_stable_while_books_are_added(service: RunningService) -> None:
    me = caller(*ALL)
    before = [a_book(service, me, title=f"{n}")["id"] for n in range(9)]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        part = page(service, me, **query)
        seen += [item["id"] for item in part["items"]]
        if part["next"] is None:
            break
        query["cursor"] = part["next"]
        a_book(service, me, title="new")
    assert seen == before[::-1]
