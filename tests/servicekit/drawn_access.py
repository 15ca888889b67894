"""Directories, shares, pools and limits drawn at random, who sees what of them by the rule, and both in a database."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from library.model import Book
from sqlalchemy import delete, insert, text

from servicekit import Caller, new_id, utcnow
from servicekit.base.context import EVERYONE
from servicekit.base.scopes import Scope
from servicekit.nouns.besides import CLAIMED, DISCARDED, OWN, PRIVATE, PUBLIC, UNCLAIMED
from servicekit.nouns.definitions import DefinitionRow
from servicekit.nouns.directory import DirectoryAccount, DirectoryDepartment
from servicekit.nouns.grants import EDIT, GLIMPSE, VIEW, AccessGrant
from servicekit.testing_callers import caller

PEOPLE = [new_id() for _ in range(7)]
OWNERS = [*PEOPLE, None]
BOOK_IDS = [new_id() for _ in OWNERS]
"""Whose the books are; the last is nobody's."""
DEPARTMENTS = [new_id() for _ in range(4)]
GROUPS = [new_id() for _ in range(2)]
POOLS = [new_id() for _ in range(2)]
HOUSE = new_id()
GIVEN_SCOPE = f"department_only+departments:{DEPARTMENTS[1]},={DEPARTMENTS[2]}"
PLACES = ("department_only", "department", "institution", GIVEN_SCOPE)


@st.composite
def directories(draw: st.DrawFn) -> dict[str, Any]:
    """Departments as a tree, people in them with superiors (also in rings), and a caller with a scope."""
    parents = [
        draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None for n in range(len(DEPARTMENTS))
    ]
    place = st.one_of(st.none(), st.integers(0, len(DEPARTMENTS) - 1))
    people = [(draw(place), draw(st.one_of(st.none(), st.integers(0, len(PEOPLE) - 1)))) for _ in PEOPLE]
    return {
        "parents": parents,
        "people": people,
        "donors": [draw(st.one_of(st.none(), st.integers(0, len(PEOPLE) - 1))) for _ in OWNERS],
        "caller": draw(st.integers(0, len(PEOPLE) - 1)),
        "scope": draw(st.sampled_from(["own", *PLACES, "all"])),
        "level": draw(st.sampled_from([10, 50, 100])),
        "groups": draw(st.sets(st.sampled_from(GROUPS))),
        "grants": draw(st.lists(grants(), max_size=6)),
        "books": [draw(standings()) for _ in OWNERS],
        "pools": [(draw(st.sampled_from(GROUPS)), draw(st.sampled_from(GROUPS))) for _ in POOLS],
        "limits": draw(st.lists(st.tuples(st.sampled_from(["own", *PLACES, "all"]), LIMITS), max_size=2)),
    }


LIMITS = st.sampled_from([None, 100, 200])
"""From how many pages on books are read."""


@st.composite
def standings(draw: st.DrawFn) -> dict[str, Any]:
    """How a book stands: public or not, in a pool or not, and how many pages it has."""
    return {
        "sharing": draw(st.sampled_from([PRIVATE, PRIVATE, PUBLIC])),
        "claim_state": draw(st.sampled_from([OWN, OWN, UNCLAIMED, CLAIMED, DISCARDED])),
        "pool": draw(st.integers(0, len(POOLS) - 1)),
        "pages": draw(st.sampled_from([50, 150, 250])),
    }


@st.composite
def grants(draw: st.DrawFn) -> dict[str, Any]:
    """A right on a book: to whom, how far, for which security levels, and whether it has run out."""
    low = draw(st.sampled_from([10, 11, 50]))
    return {
        "book": draw(st.integers(0, len(OWNERS) - 1)),
        "to": draw(st.sampled_from([*PEOPLE, *GROUPS, EVERYONE])),
        "level": draw(st.sampled_from([GLIMPSE, VIEW, EDIT])),
        "range": (low, draw(st.sampled_from([low, 100]))),
        "until": draw(st.sampled_from([None, timedelta(hours=1), timedelta(hours=-1)])),
    }


def path(parents: list[int | None], department: int) -> list[int]:
    above = parents[department]
    return [*(path(parents, above) if above is not None else []), department]


def expected(drawn: dict[str, Any], *, by_donor: bool = False) -> set[UUID | None]:
    """The rule in plain Python: own records, those of one's people, those of the scope, what is granted, what lies in
    one's pools, what is public where one works; of these the kinds that one may see. Without an owner for all."""
    return {OWNERS[number] for number in range(len(OWNERS)) if is_expected(drawn, number, by_donor=by_donor)}


def is_expected(drawn: dict[str, Any], number: int, *, by_donor: bool) -> bool:
    """Whether a book is seen: by what the roles say together, each with its scope and its limit."""
    parts = roles_of(drawn)
    besides = is_reached_besides(drawn, number)
    reached = [
        (besides or is_reached_by_owner(drawn, number, scope, by_donor=by_donor))
        and (pages is None or drawn["books"][number]["pages"] >= pages)
        for scope, pages in parts
    ]
    return any(reached)


def roles_of(drawn: dict[str, Any]) -> list[tuple[str, int | None]]:
    """What each of the caller's roles gives: a scope, and from how many pages on; unless one is limited, one does."""
    return [*drawn["limits"]] or [(drawn["scope"], None)]


def is_reached_by_owner(drawn: dict[str, Any], number: int, scope: str, *, by_donor: bool) -> bool:
    """Whether a book is reached by way of its owner: never out of a pool, but for who sees everything."""
    if scope == "all":
        return True
    if drawn["books"][number]["claim_state"] in (UNCLAIMED, DISCARDED):
        return False
    donor = drawn["donors"][number]
    seen = people_reached(drawn, scope)
    return number in seen or (by_donor and donor in seen)


def people_reached(drawn: dict[str, Any], scope: str) -> set[int]:
    """Oneself, one's reports, and who works within the scope."""
    me, people = drawn["caller"], drawn["people"]
    seen = {me}
    while more := {n for n, (_, manager) in enumerate(people) if manager in seen} - seen:
        seen |= more
    for number, (department, _) in enumerate(people):
        if department is not None and is_in_scope(drawn, department, scope):
            seen.add(number)
    return seen


def is_reached_besides(drawn: dict[str, Any], number: int) -> bool:
    """Whether a book is granted to the caller, lies in a pool of theirs, or is public where they work."""
    book = drawn["books"][number]
    if any(grant["book"] == number for grant in holding(drawn, VIEW)):
        return True
    if book["claim_state"] in (UNCLAIMED, DISCARDED):
        return bool(drawn["groups"] & {*drawn["pools"][book["pool"]]})
    home = drawn["people"][drawn["caller"]][0]
    colleague = number < len(PEOPLE) and drawn["people"][number][0] == home
    return book["sharing"] == PUBLIC and home is not None and colleague


def is_in_scope(drawn: dict[str, Any], department: int, scope: str) -> bool:
    """Whether people of a department are in the caller's scope; without a place of their own none are."""
    home, above = drawn["people"][drawn["caller"]][0], path(drawn["parents"], department)
    inside: dict[str, bool] = {
        "department_only": home == department,
        "department": home in above,
        "institution": home is not None,
        GIVEN_SCOPE: 1 in above or department in (2, home),
    }
    return inside.get(scope, False)


def holding(drawn: dict[str, Any], level: int) -> list[dict[str, Any]]:
    """The grants that hold for the caller, up to a level at least."""
    principals = {PEOPLE[drawn["caller"]], EVERYONE, *drawn["groups"]}
    return [
        grant
        for grant in drawn["grants"]
        if grant["to"] in principals
        and grant["level"] >= level
        and grant["range"][0] <= drawn["level"] <= grant["range"][1]
        and (grant["until"] is None or grant["until"] > timedelta(0))
    ]


def arrange(session: Any, drawn: dict[str, Any]) -> Caller:
    for model in (DirectoryAccount, DirectoryDepartment, Book, AccessGrant, DefinitionRow):
        session.execute(delete(model))
    departments = [
        {
            "id": DEPARTMENTS[n],
            "name": "部门",
            "path": [DEPARTMENTS[p] for p in path(drawn["parents"], n)],
            "institution_id": HOUSE,
            "version": 1,
        }
        for n in range(len(DEPARTMENTS))
    ]
    accounts = [
        {
            "id": PEOPLE[n], "display_name": "人", "active": True, "version": 1,
            "department_id": None if home is None else DEPARTMENTS[home],
            "manager_id": None if manager is None else PEOPLE[manager],
            "institution_id": None if home is None else HOUSE,
        }
        for n, (home, manager) in enumerate(drawn["people"])
    ]  # fmt: skip
    session.execute(insert(DirectoryDepartment), departments)
    session.execute(insert(DirectoryAccount), accounts)
    # As in services whose records may have no owner; undone with the rest.
    session.execute(text("ALTER TABLE book ALTER owner_id DROP NOT NULL"))
    for number, (owner, donor) in enumerate(zip(OWNERS, drawn["donors"], strict=True)):
        donor_id = None if donor is None else PEOPLE[donor]
        stands = {name: value for name, value in drawn["books"][number].items() if name != "pool"}
        stands["pool_id"] = POOLS[drawn["books"][number]["pool"]]
        session.add(
            Book(
                id=BOOK_IDS[number],
                number=f"{number}",
                title="书",
                owner_id=owner,
                donor_id=donor_id,
                **stands,
            )
        )
    open_pools(session, drawn["pools"])
    grant_all(session, drawn["grants"])
    session.flush()
    home = drawn["people"][drawn["caller"]][0]
    parts = roles_of(drawn)
    together = reduce(or_, (Scope.of(scope) for scope, _ in parts)).text
    return caller(
        f"book.read:{together}",
        account_id=PEOPLE[drawn["caller"]],
        department_id=None if home is None else DEPARTMENTS[home],
        institution_id=None if home is None else HOUSE,
        principals=(PEOPLE[drawn["caller"]], EVERYONE, *drawn["groups"]),
        security_level=drawn["level"],
        limits=limits_of(parts),
    )


def limits_of(parts: list[tuple[str, int | None]]) -> dict[str, Any]:
    """What identity signs: nothing for who is not limited."""
    if all(pages is None for _, pages in parts):
        return {}
    return {"book.read": tuple((scope, at_least(pages)) for scope, pages in parts)}


def at_least(pages: int | None) -> dict[str, Any] | None:
    return None if pages is None else {"field": "pages", "operator": "gte", "value": pages}


def open_pools(session: Any, groups: list[tuple[UUID, UUID]]) -> None:
    """Keep the pools, each with the group that sees what lies in it and the one that keeps it."""
    for pool_id, (members, admins) in zip(POOLS, groups, strict=True):
        body = {"members_group_id": str(members), "admins_group_id": str(admins), "name": "公海"}
        row = {"id": pool_id, "kind": "pool", "noun": "book", "key": str(pool_id), "body": body}
        session.add(DefinitionRow(**row, active=True, position=0, version=1))


def grant_all(session: Any, drawn: list[dict[str, Any]]) -> None:
    """Store grants; of two to the same for the same reason the last one holds, so each has a reason of its own."""
    for number, each in enumerate(drawn):
        low, high = each["range"]
        session.add(
            AccessGrant(
                noun="book", record_id=BOOK_IDS[each["book"]], principal_id=each["to"], reason=f"{number}",
                kind="account", level=each["level"], security_from=low, security_to=high,
                until=each["until"] and utcnow() + each["until"],
            )
        )  # fmt: skip


def a_grant(book: int, to: UUID, **values: Any) -> dict[str, Any]:
    return {"book": book, "to": to, "level": VIEW, "range": (10, 100), "until": None, **values}


NOT_FOR_ME: dict[str, Any] = {
    "parents": [None] * len(DEPARTMENTS), "people": [(None, None)] * len(PEOPLE), "donors": [None] * len(OWNERS),
    "caller": 0, "scope": "own", "level": 10, "groups": set(), "pools": [(GROUPS[0], GROUPS[1])] * 2, "limits": [],
    "books": [{"sharing": PRIVATE, "claim_state": OWN, "pool": 0, "pages": 50}] * len(OWNERS),
    "grants": [
        a_grant(1, PEOPLE[0], until=timedelta(hours=-1)),
        a_grant(2, PEOPLE[0], range=(11, 100)),
        a_grant(3, PEOPLE[1]),
        a_grant(4, PEOPLE[0], level=GLIMPSE),
        a_grant(5, GROUPS[0]),
    ],
}  # fmt: skip
"""Each grant is for somebody else, for another level, or has run out."""
GIVEN_BY_ME: dict[str, Any] = {**NOT_FOR_ME, "donors": [None, 0, *[None] * (len(OWNERS) - 2)], "grants": []}
"""A book of somebody else that the caller gave."""
