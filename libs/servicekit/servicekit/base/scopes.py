"""Scopes of permissions: whose records one reaches, from one's own to everybody's (ID-21).

A scope is a text. ``own``; ``department_only``, one's department without those below; ``department``, with them;
``institution``; ``all``: each reaches what those before it do. ``departments:<id>,<id>`` are given departments, each
with those below unless ``=`` stands before its id. What several roles give together may be both:
``department+departments:<id>``.
"""

from functools import lru_cache
from typing import NamedTuple, Self
from uuid import UUID

from servicekit.base.context import Caller

OWN, DEPARTMENT_ONLY, DEPARTMENT, INSTITUTION, ALL = (
    "own", "department_only", "department", "institution", "all",
)  # fmt: skip
SCOPES = (OWN, DEPARTMENT_ONLY, DEPARTMENT, INSTITUTION, ALL)
"""From narrow to wide, besides given departments."""
DEPARTMENTS = "departments"
GIVEN, EXACTLY, TOGETHER = f"{DEPARTMENTS}:", "=", "+"
SOME = (OWN, DEPARTMENT_ONLY, DEPARTMENT, INSTITUTION, DEPARTMENTS, ALL)
"""The kinds of scopes that say something about single records, as people choose among them."""


class Scope(NamedTuple):
    """What a scope says. Of two neither need be the wider."""

    word: str = OWN
    below: frozenset[UUID] = frozenset()
    """Given departments, each with those below it."""
    exactly: frozenset[UUID] = frozenset()
    """Given departments without those below."""

    @classmethod
    def of(cls, text: str) -> "Scope":
        """Read a scope.

        Raises:
            ValueError: if it is none.
        """
        return _read(text)

    @property
    def text(self) -> str:
        """The scope as it is written, the same for the same."""
        names = [
            *sorted(map(str, self.below)),
            *sorted(f"{EXACTLY}{each}" for each in self.exactly - self.below),
        ]
        if not names or self.word == ALL:
            return self.word
        given = GIVEN + ",".join(names)
        return given if self.word == OWN else f"{self.word}{TOGETHER}{given}"

    @property
    def kind(self) -> str:
        """Which of the kinds it is that people choose among; it names no departments."""
        return DEPARTMENTS if self.below | self.exactly else self.word

    def kind_at(self, department_id: UUID) -> str:
        """Return which of its kinds it reaches a department by: as one that is given, or by its word."""
        return DEPARTMENTS if department_id in self.below | self.exactly else self.word

    def covers(self, other: "Scope") -> bool:
        """Tell whether this one is at least as wide, by what they say: the tree of departments is not looked at."""
        if self.word == ALL:
            return True
        as_far = SCOPES.index(self.word) >= SCOPES.index(other.word)
        return as_far and other.below <= self.below and other.exactly <= self.below | self.exactly

    def __or__(self, other: "Scope") -> "Scope":
        """Return what two give together."""
        word = max(self.word, other.word, key=SCOPES.index)
        return Scope(word, self.below | other.below, self.exactly | other.exactly)


@lru_cache(maxsize=4096)
def _read(text: str) -> Scope:
    together = Scope()
    for part in text.split(TOGETHER):
        if part.startswith(GIVEN):
            names = part.removeprefix(GIVEN).split(",")
            exactly = frozenset(UUID(each[1:]) for each in names if each.startswith(EXACTLY))
            below = frozenset(UUID(each) for each in names if not each.startswith(EXACTLY))
            together |= Scope(OWN, below, exactly)
        elif part in SCOPES:
            together |= Scope(part)
        else:
            raise ValueError(f"{part!r} is no scope")
    return together


def covers(held: str | None, wanted: str | None) -> bool:
    """Tell whether a scope is at least as wide as another one; None is none at all."""
    if held is None or wanted is None:
        return wanted is None
    return held == wanted or Scope.of(held).covers(Scope.of(wanted))


class Places(NamedTuple):
    """Where somebody reaches the records of everybody who works there."""

    below: tuple[UUID, ...] = ()
    """Departments with those below them."""
    exactly: tuple[UUID, ...] = ()
    """Departments without."""
    institution: UUID | None = None

    @classmethod
    def of(cls, caller: Caller, text: str) -> Self:
        """Return where a caller reaches in a scope other than ``all``."""
        scope = Scope.of(text)
        mine = frozenset({caller.department_id} if caller.department_id else ())
        below = scope.below | (mine if scope.word in (DEPARTMENT, INSTITUTION) else frozenset())
        exactly = scope.exactly | (mine if scope.word == DEPARTMENT_ONLY else frozenset())
        institution = caller.institution_id if scope.word == INSTITUTION else None
        return cls(tuple(sorted(below)), tuple(sorted(exactly - below)), institution)
