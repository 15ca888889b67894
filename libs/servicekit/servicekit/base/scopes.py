"""Scopes of permissions: whose records one reaches, from one's own to everybody's (ID-21).

A scope is a text: ``own``; ``department_only``, one's department without those below; ``department``, with them;
``institution``; ``departments:<id>,<id>``, given departments, each with those below unless ``=`` stands before its id;
``all``. They are ordered in part: of given departments and one's own neither need be the wider.
"""

from typing import NamedTuple, Self
from uuid import UUID

OWN, DEPARTMENT_ONLY, DEPARTMENT, INSTITUTION, ALL = (
    "own", "department_only", "department", "institution", "all",
)  # fmt: skip
SCOPES = (OWN, DEPARTMENT_ONLY, DEPARTMENT, INSTITUTION, ALL)
"""From narrow to wide, besides given departments."""
GIVEN, EXACTLY = "departments:", "="


class Given(NamedTuple):
    """The departments that a scope names."""

    below: frozenset[UUID] = frozenset()
    """Each with those below it."""
    exactly: frozenset[UUID] = frozenset()
    """Each without."""

    @classmethod
    def of(cls, scope: str) -> Self | None:
        """Return the departments that a scope names, or None if it names none.

        Raises:
            ValueError: if what it names is no list of departments.
        """
        if not scope.startswith(GIVEN):
            return None
        names = scope.removeprefix(GIVEN).split(",")
        exactly = {UUID(name.removeprefix(EXACTLY)) for name in names if name.startswith(EXACTLY)}
        return cls(
            frozenset(UUID(name) for name in names if not name.startswith(EXACTLY)), frozenset(exactly)
        )

    @property
    def scope(self) -> str:
        """The scope as a text, the same for the same departments."""
        exactly = sorted(f"{EXACTLY}{each}" for each in self.exactly - self.below)
        return GIVEN + ",".join([*sorted(map(str, self.below)), *exactly])

    def __or__(self, other: "Given") -> "Given":
        return Given(self.below | other.below, self.exactly | other.exactly)
