"""Lists with filters, sorts, cursors and limits that nobody would send in good faith: clear errors, never a failure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from tests.attack.records import ABSENT
from tests.attack.routes import Route, Routes
from tests.attack.world import World

AWKWARD = (
    "", " ", "*", "%", "_", "\\", "'", '"', "' or 1=1 --", "null", "NaN", "Infinity", "-0", "1e400", "9" * 400, "-1",
    "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-30", "10000-01-01",
    "2026-11-22T08:00:00", "2026-11-22T08:00:00Z", ABSENT, ABSENT[:-1], "{" + ABSENT + "}", "true", "[]", "{}", "[1]",
    "\x00", "\x1f", "\u200b", "\u202e", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "ﬁ", "ß",
    "中" * 300, "a" * 2_000, ",", ",,,", "a,b", ",".join("ab" * 300), "..", "../../etc/passwd", "$ne", "(?:a+)+$",
)  # fmt: skip
"""Values for a filter."""
OPERATORS = (
    "eq",
    "ne",
    "gt",
    "gte",
    "lt",
    "lte",
    "in",
    "contains",
    "regex",
    "",
    "like",
    "is_null",
    "between",
)
SORTS = (
    "",
    "-",
    "--id",
    "id",
    "version",
    "password_hash",
    "created_at,-id",
    "created_at;drop",
    "created_at desc",
    "*",
)
LIMITS = ("", "0", "-1", "201", "1e3", "9" * 30, "abc", "1.5", "١", "+1", " 1")
CURSORS = ("", "x", "====", "e30", "W10", "bnVsbA", "MQ", "%00", "a" * 3_000, "null", "eyJhIjoxfQ")
FORGED: tuple[Any, ...] = (
    None,
    [],
    {},
    True,
    -1,
    10**30,
    1e300,
    "",
    "x",
    "0001-01-01T00:00:00+14:00",
    "\x00",
    "9" * 400,
)  # fmt: skip
"""What is put into a cursor."""
ODD = (
    "filter[nothing]=1", "filter[id][eq][eq]=1", "filter[]=1", "filter=1", "filter[__class__]=1", "limit=1&limit=2",
    "filter[id]=1&filter[id]=2", "count=maybe", "count=", "fields=nothing", "fields=", "fields=id,id", "fields=*",
    "unknown=1", "sort=created_at&sort=id", "%ff=1", "filter[id]=%ff", "filter[id]=%00", "limit", "=", "&&&",
    "&".join(f"x{n}=1" for n in range(150)),
)  # fmt: skip


LONGEST = timedelta(seconds=4)
"""As long as the gateway waits for a service by itself; the platform of these tests is more patient."""


def some(values: Sequence[str], turn: int, full: bool) -> Sequence[str]:
    """Return all values, or in the fast set every fourth: other ones each turn, so that all lists together get all."""
    return values if full else values[turn % 4 :: 4]


def seen(answer: httpx2.Response) -> str | None:
    """Return what is wrong with an answer, None if it is a page or a clear error."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:100]}"
    if answer.elapsed > LONGEST:
        return f"it took {answer.elapsed}"
    if answer.status_code >= 400:
        problem = answer.headers["content-type"] == "application/problem+json"
        return (
            None
            if problem and answer.json()["code"] and answer.status_code in (400, 404, 422)
            else answer.text
        )
    return None if isinstance(answer.json(), dict) else "no object"


class Fuzz:
    """One list, asked in many ways; keeps what went wrong."""

    def __init__(self, world: World, route: Route) -> None:
        self.world = world
        self.path = world.path_of(route).partition("?")[0]
        self.names = [p["name"] for p in route.declared["parameters"] if p.get("in") == "query"]
        self.asked = 0
        self.faults: list[tuple[str, str]] = []

    def ask(self, query: str) -> None:
        """Ask once."""
        self.asked += 1
        answer = self.world.administrator.get(f"{self.path}?{query}")
        if fault := seen(answer):
            self.faults.append((f"{self.path}?{query[:120]}", fault))

    def filters(self) -> list[str]:
        """Return the fields that it may be filtered by."""
        return sorted({n.split("[")[1].rstrip("]") for n in self.names if n.startswith("filter[")})


def tampered(cursor: str) -> Iterator[str]:
    """Yield cursors made of a good one by putting something else in the place of each of its parts."""
    try:
        content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        yield from (cursor[:-1], cursor[1:], cursor[::-1], cursor + "A")
        return
    parts: list[Any] = list(range(len(content))) if isinstance(content, list) else list(content)
    for part in parts:
        for value in FORGED:
            changed = list(content) if isinstance(content, list) else dict(content)
            changed[part] = value
            yield base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")
    yield base64.urlsafe_b64encode(json.dumps([content, content]).encode()).decode()


def fuzz_of(world: World, routes: Routes) -> list[Fuzz]:
    """Return the lists there are."""
    found = [Fuzz(world, route) for route in routes.lists()]
    assert len(found) >= 20
    return found


def test_no_filter_brings_a_list_down(world: World, routes: Routes, full: bool) -> None:
    """Every filter of every list with every value, the operators by turns; in the fast set with some of the values."""
    faults, turn = [], 0
    for fuzz in fuzz_of(world, routes):
        for field in fuzz.filters():
            values = AWKWARD if full else [AWKWARD[(turn + n * 7) % len(AWKWARD)] for n in range(2)]
            for value in values:
                turn += 1
                operators = (OPERATORS[turn % len(OPERATORS)], "eq") if full else (OPERATORS[turn % 8],)
                for operator in operators:
                    fuzz.ask(f"filter[{field}][{operator}]={quote(value)}&limit=1")
        faults += fuzz.faults
    assert faults == []


@pytest.mark.parametrize(
    ("name", "values"),
    [("sort", SORTS), ("limit", LIMITS), ("cursor", CURSORS)],
    ids=["sort", "limit", "cursor"],
)
def test_no_sort_limit_or_cursor_brings_a_list_down(
    world: World, routes: Routes, name: str, values: tuple[str, ...], full: bool
) -> None:
    faults = []
    for turn, fuzz in enumerate(fuzz_of(world, routes)):
        for value in some(values, turn, full):
            fuzz.ask(f"{name}={quote(value)}")
        faults += fuzz.faults
    assert faults == []


def test_no_odd_query_brings_a_list_down(world: World, routes: Routes, full: bool) -> None:
    faults = []
    for turn, fuzz in enumerate(fuzz_of(world, routes)):
        for query in some(ODD, turn, full):
            fuzz.ask(query)
        faults += fuzz.faults
    assert faults == []


def test_no_tampered_cursor_brings_a_list_down_or_is_taken_by_another_list(
    world: World, routes: Routes, full: bool
) -> None:
    faults, cursors = [], []
    lists = fuzz_of(world, routes)
    for fuzz in lists:
        page = world.administrator.get(f"{fuzz.path}?limit=1").json()
        if page.get("next"):
            cursors.append(page["next"])
            for place, cursor in enumerate(tampered(page["next"])):
                if full or place % 5 == 0:
                    fuzz.ask(f"limit=1&cursor={quote(cursor)}")
    assert len(cursors) >= 8, "there was nothing to turn pages of"
    for fuzz in lists:
        for cursor in cursors[:: 1 if full else 8]:
            fuzz.ask(f"limit=1&cursor={quote(cursor)}")
        faults += fuzz.faults
    assert faults == []


def nested(tree: Any, levels: int, group: str) -> Any:
    """Return a tree within so many groups."""
    for _ in range(levels):
        tree = {"not": tree} if group == "not" else {group: [tree]}
    return tree


def forged_trees(field: str, operator: str, value: Any) -> Iterator[Any]:
    """Yield trees around one condition: right ones, too deep, too many, and such as are none."""
    condition = {"field": field, "operator": operator, "value": value}
    yield condition
    yield {"not": {"any": [condition, {"all": [condition]}]}}
    yield {"any": [condition] * 51}
    yield {"all": [{"any": [condition] * 20}] * 20}
    yield from (nested(condition, levels, group) for levels, group in ((3, "any"), (9, "not"), (15, "all")))
    yield from (
        {**condition, "not": condition},
        {"all": condition},
        {"any": [None]},
        {"not": []},
        {"field": {}},
    )


def test_no_tree_of_conditions_brings_a_search_down(world: World, routes: Routes, full: bool) -> None:
    """(decision 41) Every field by the operators in turns, with every value in turns; in the fast set some of them."""
    faults, searched, turn = [], 0, 0
    for route in routes.all:
        terms = route.declared.get("x-conditions")
        if terms is None:
            continue
        searched += 1
        for field in [*terms, "nothing"]:
            operators = [*terms.get(field, {}).get("operators", ["eq"]), "like", ""]
            for operator in operators if full else [operators[turn % len(operators)]]:
                turn += 1
                value = (*AWKWARD, *FORGED, [*AWKWARD], ["me"] * 300)[
                    turn * 7 % (len(AWKWARD) + len(FORGED) + 2)
                ]
                for tree in list(forged_trees(field, operator, value))[turn % 3 :: 1 if full else 6]:
                    answer = world.administrator.post(route.path, json={"where": tree, "limit": 1})
                    if fault := seen(answer):
                        faults.append((route.path, json.dumps(tree)[:200], fault))
    assert searched >= 20
    assert faults == []
