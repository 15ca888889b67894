"""How numbers look: ``SO{date:%Y%m%d}-{n:04}``, counted anew each day."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

from servicekit.base.errors import Fault

DAY, MONTH, YEAR, EVER = "day", "month", "year", "ever"
PERIODS = {
    DAY: ("每天", "Each day"),
    MONTH: ("每月", "Each month"),
    YEAR: ("每年", "Each year"),
    EVER: ("从不", "Never"),
}
"""When counting begins anew."""
LONGEST, MOST_DIGITS = 60, 12

_PART = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
_NUMBER = re.compile(r"n(?::0?([0-9]{1,2}))?")
_DATE = re.compile(r"date:((?:%[Yymd]|[-./_])+)")
_FIELD = re.compile(r"[a-z_]{1,40}")
_NEEDED = {DAY: ("Yy", "m", "d"), MONTH: ("Yy", "m"), YEAR: ("Yy",), EVER: ()}
_AS_BEFORE = re.compile(r"(.+)([0-9]{8})-\0")
"""Numbers of the form that all had before rules could be changed go on where their counters stand."""


class NotAPattern(ValueError):
    """What was written is no pattern; its argument is the ``Fault``."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that has been read; parts are text, ``("date", format)``, ``("n", digits)`` and ``("field", name)``."""

    parts: tuple[tuple[str, str], ...]
    counts: str

    @classmethod
    @lru_cache(200)
    def read(cls, text: str, counts: str) -> Self:
        """Read a pattern.

        Raises:
            NotAPattern: unless it has one number, and shows the period that is counted by: else numbers would repeat.
        """
        parts = tuple(_part(*match.groups()) for match in _PART.finditer(text))
        if [kind for kind, _ in parts].count("n") != 1:
            raise NotAPattern(Fault("no-number", "Must hold {n:04}, the number, once."))
        shown = "".join(said for kind, said in parts if kind == "date")
        if not all(any(f"%{letter}" in shown for letter in letters) for letters in _NEEDED[counts]):
            raise NotAPattern(Fault("no-period", "Must show the day, month or year that it is counted by."))
        return cls(parts, counts)

    @property
    def fields(self) -> list[str]:
        """The fields of a record that it shows."""
        return [said for kind, said in self.parts if kind == "field"]

    def written(self, day: date, number: int, fields: Mapping[str, str]) -> str:
        """Return a number as people see it."""
        return self._written(lambda form: day.strftime(form), lambda digits: f"{number:0{digits}d}", fields)

    def counter(self, day: date, fields: Mapping[str, str]) -> tuple[str, str]:
        """Return the key of its counter: all that is the same of a period's numbers.

        Whatever two rules count in turn they count together if their numbers look alike.
        """
        first = self.first(day)
        text = self._written(lambda form: first.strftime(form) if first else "", lambda _: "\0", fields)
        if before := _AS_BEFORE.fullmatch(text):
            return before[1], before[2]
        return text.replace("\0", "{n}"), ""

    def first(self, day: date) -> date | None:
        """Return the first day of the period that a day is counted in; none where there are no periods."""
        firsts = {DAY: day, MONTH: day.replace(day=1), YEAR: day.replace(month=1, day=1)}
        return firsts.get(self.counts)

    def _written(
        self, dated: Callable[[str], str], counted: Callable[[str], str], fields: Mapping[str, str]
    ) -> str:
        ways: dict[str, Callable[[str], str]] = {
            "text": str,
            "date": dated,
            "n": counted,
            "field": lambda name: fields.get(name) or "",
        }
        return "".join(ways[kind](said) for kind, said in self.parts)


def _part(inner: str | None, text: str | None, brace: str | None) -> tuple[str, str]:
    if text is not None:
        return "text", text
    if match := _NUMBER.fullmatch(inner or ""):
        if not 1 <= int(match[1] or 1) <= MOST_DIGITS:
            told = "A number has {min} to {max} digits."
            raise NotAPattern(Fault("not-so-many-digits", told, min=1, max=MOST_DIGITS))
        return "n", match[1] or "1"
    if match := _DATE.fullmatch(inner or ""):
        return "date", match[1]
    if _FIELD.fullmatch(inner or ""):
        return "field", inner or ""
    told = "{token} is no token of a number."
    raise NotAPattern(Fault("not-a-token", told, token=brace or f"{{{inner}}}"))
