"""What somebody reaches, compared: the records that one sight shows and another does not, counted, with samples."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, inspect, or_, select, true
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.nouns.access import holds, seen_within
from servicekit.nouns.besides import not_in_pool
from servicekit.nouns.grants import EDIT, VIEW
from servicekit.nouns.listing import Listing
from servicekit.nouns.noun import Noun
from servicekit.nouns.reach import Reach

MOST_COUNTED = 1000
"""Up to so many records are counted; of more it is said that there are more."""
SAMPLES = 5
TITLES = ("name", "subject", "company_name", "contact_name", "display_name", "title", "number", "id")
"""The columns by which a record is called: the first that it has and that says something."""
LEVELS = {"view": VIEW, "edit": EDIT}


class Sight:
    """What somebody reaches of some lists, for viewing and for editing, as the directory is when this is made."""

    def __init__(self, session: Session, who: Caller, lists: Sequence[Listing]) -> None:
        self.session, self.who, self.lists = session, who, lists
        self.reaches: dict[tuple[str, str], Reach | None] = {}
        self._conditions: dict[tuple[str, str], ColumnElement[bool] | None] = {}
        known: dict[tuple[str | None, int, str | None], Reach] = {}
        for listing in lists:
            for level, permission in permissions_of(listing).items():
                reach = None
                if holds(who, permission):
                    limited = permission if permission in who.limits else None
                    key = (who.scope(permission), LEVELS[level], limited)
                    reach = known.setdefault(
                        key, known.get(key) or Reach(session, who, permission, LEVELS[level])
                    )
                self.reaches[listing.permission, level] = reach

    def of(self, listing: Listing, level: str) -> Reach | None:
        """Return what is reached of a list up to a level, or None without the permission."""
        return self.reaches[listing.permission, level]

    def settle(self) -> None:
        """Ask for all conditions now, since the directory is going to be another one."""
        for listing in self.lists:
            for level in permissions_of(listing):
                self.where(listing, level)

    def where(self, listing: Listing, level: str) -> ColumnElement[bool] | None:
        """Return the condition that a record is reached up to a level, or None if none is.

        Whoever may not look at a record does nothing with it either.
        """
        key = (listing.permission, level)
        if key not in self._conditions:
            steps = [self.of(listing, step) for step in dict.fromkeys(("view", level))]
            reached = [each.where(listing.model) for each in steps if each is not None]
            self._conditions[key] = and_(true(), *reached) if len(reached) == len(steps) else None
        return self._conditions[key]

    def has_all(self, listing: Listing, level: str) -> bool:
        """Tell whether every record of a list is reached up to a level."""
        steps = [self.of(listing, step) for step in ("view", level)]
        return all(each is not None and each.has_all(listing.model) for each in steps)

    def beyond(self, other: "Sight", listing: Listing, level: str) -> ColumnElement[bool] | None:
        """Return the condition that a record is reached and by the other sight is not; None where there can be none."""
        mine = self.where(listing, level)
        if mine is None or other.has_all(listing, level):
            return None
        theirs = other.where(listing, level)
        if theirs is None:
            return mine
        if (parts := self._parts(other, listing, level)) == []:
            return None
        return and_(mine, or_(*parts), func.coalesce(theirs, False).is_(False))

    def _parts(self, other: "Sight", listing: Listing, level: str) -> list[ColumnElement[bool]]:
        """Return conditions of which one holds for what is reached beyond another sight, to find it by their indexes;
        of nothing that could be, none."""
        if self.who.limits or other.who.limits:
            return [true()]
        parts: list[ColumnElement[bool]] = []
        for step in dict.fromkeys(("view", level)):
            mine, theirs = self.of(listing, step), other.of(listing, step)
            assert mine is not None and theirs is not None
            if mine.everything and not theirs.everything:
                return [true()]
            if not mine.everything:
                parts += self._more(mine, theirs, other, listing.model)
        return parts

    def _more(self, mine: Reach, theirs: Reach, other: "Sight", model: Any) -> list[ColumnElement[bool]]:
        owners = sorted({*(mine.owners or ())} - {*(theirs.owners or ())})
        watchers = [getattr(model, name) for name in model.seen_by]
        parts = [and_(seen_within(watchers, owners), *not_in_pool(model))] if owners else []
        belongs = (self.who.principals, self.who.security_level)
        if belongs != (other.who.principals, other.who.security_level):
            return [*parts, *mine.ways(model)]
        public = mine.public(model)  # Whose colleagues have moved sees other records with the same rights.
        return parts if public is None else [*parts, public]


def permissions_of(listing: Listing) -> dict[str, str]:
    """Return what is needed to see the records of a list, and to change them, by level."""
    found = {"view": listing.permission}
    return {**found, "edit": listing.writing} if isinstance(listing, Noun) else found


def compared(before: Sight, after: Sight, asker: Sight) -> list[dict[str, Any]]:
    """Return what somebody would gain and lose, by noun and level; nothing of what stays as it is.

    Args:
        asker: who is told; names are shown to them only of records that they see themselves.
    """
    told = []
    for listing in before.lists:
        for level in permissions_of(listing):
            gains = _counted(asker, listing, after.beyond(before, listing, level))
            loses = _counted(asker, listing, before.beyond(after, listing, level))
            if gains["count"] or loses["count"]:
                noun = listing.permission.partition(".")[0]
                told.append({"noun": noun, "level": level, "gains": gains, "loses": loses})
    return told


def _counted(asker: Sight, listing: Listing, which: ColumnElement[bool] | None) -> dict[str, Any]:
    if which is None:
        return {"count": 0, "more": False, "samples": []}
    some = select(listing.model.id).where(which).limit(MOST_COUNTED + 1).subquery()
    count = asker.session.connection().scalar(select(func.count()).select_from(some)) or 0
    samples = _samples(asker, listing, which) if count else []
    return {"count": min(count, MOST_COUNTED), "more": count > MOST_COUNTED, "samples": samples}


def _samples(asker: Sight, listing: Listing, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    seen, model = asker.of(listing, "view"), listing.model
    if seen is None:
        return []
    newest = (
        select(model.id, func.coalesce(*(cast(getattr(model, name), Text) for name in _titles(model))))
        .where(which, seen.where(model))
        .order_by(model.id.desc())
        .limit(SAMPLES)
    )
    rows = asker.session.connection().execute(newest).all()
    return [{"id": str(row[0]), "title": row[1]} for row in rows]


def title_of(record: Any) -> str:
    """Return what a record is called."""
    return next(str(said) for name in _titles(type(record)) if (said := getattr(record, name)))


def _titles(model: Any) -> list[str]:
    columns = inspect(model).columns
    return [name for name in TITLES if name in columns]
