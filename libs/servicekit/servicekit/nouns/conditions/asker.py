"""Who asks and when: what ``me``, ``my_department`` and ``this_month`` stand for."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import any_, literal, select
from sqlalchemy.orm import Session

from servicekit.base import clock
from servicekit.base.context import Caller
from servicekit.base.labels import Label
from servicekit.nouns.access import COPY, DIRECTORY

ME, MY_DEPARTMENT, AND_BELOW = "me", "my_department", "my_department_and_below"
PEOPLE: Mapping[str, Label] = {
    ME: ("我", "me"),
    MY_DEPARTMENT: ("我的部门", "my department"),
    AND_BELOW: ("我的部门及下级", "my department and below"),
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "account": (ME, MY_DEPARTMENT, AND_BELOW),
    "department": (MY_DEPARTMENT, AND_BELOW),
}
"""Which words stand for ids, by the noun whose ids they are."""


class Asker:
    """Who asks, and on which day of the house.

    Args:
        session: whose directory is asked for a department; without it, and without a caller, no word stands for
            anybody.
        today: the day, if it is another one than that of this moment.
        zone: where days begin, if that is not the house's.
    """

    def __init__(
        self,
        session: Session | None = None,
        caller: Caller | None = None,
        *,
        today: date | None = None,
        zone: ZoneInfo | None = None,
    ) -> None:
        self.session = session
        self.caller = caller
        self._today = today
        self.zone = zone or clock.time_zone()

    @cached_property
    def today(self) -> date:
        """The day; the same one for a whole tree."""
        return self._today or clock.today()

    def words(self, reference: str) -> tuple[str, ...]:
        """Return the words that stand for ids of a noun's records."""
        return WORDS.get(reference, ()) if self.caller is not None else ()

    def ids(self, reference: str, word: str) -> list[UUID]:
        """Return whom a word means."""
        assert self.caller is not None and self.session is not None
        if word == ME:
            return [self.caller.account_id]
        if self.caller.department_id is None:
            return []
        home = literal(self.caller.department_id)
        account, department = self.session.info.get(DIRECTORY, COPY)
        if reference == "department":
            query = select(department.c.id).where(home == any_(department.c.path))
            if word == MY_DEPARTMENT:
                return [self.caller.department_id]
            return [*self.session.connection().scalars(query)]
        inside = select(account.c.id).where(home == account.c.department_id)
        if word == AND_BELOW:
            joined = account.join(department, department.c.id == account.c.department_id)
            inside = select(account.c.id).select_from(joined).where(home == any_(department.c.path))
        return [*self.session.connection().scalars(inside)]
