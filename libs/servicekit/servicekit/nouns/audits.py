"""Audits: rows of two services that must agree, compared by id in pages, whatever their number.

One service owns the truth and tells its rows; another follows and compares them with its own. Each declares its side
with a query whose first column is ``id``, an optional ``changed_at``, and figures under the same names:

    @audited("reader-names", restated_by=("reader.changed",))
    def audit_readers(self): return select(Reader.id, Reader.updated_at.label("changed_at"), Reader.name)

    @audited("reader-names", owner="readers", copy=ReaderCopy)
    def audit_reader_copies(self): return select(ReaderCopy.id, ReaderCopy.name)
"""

import inspect
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, delete, select
from sqlalchemy.orm import Session

from servicekit.base.database import utcnow
from servicekit.base.errors import NotFound
from servicekit.base.money import written

PAGE = 500
MISSING, EXTRA, DIFFERENT = "missing", "extra", "different"
_MARKER = "kehu_audit"

Query = Callable[[Any], Select[*tuple[Any, ...]] | CompoundSelect[Any]]


@dataclass(frozen=True)
class Audit:
    """One side of an audit."""

    kind: str
    owner: str
    """The owning service; empty on the owner's side."""
    holds_more: bool
    """Whether the follower rightly has rows that the owner does not tell."""
    restated_by: tuple[str, ...]
    """The event types by which this side tells the other side a row again; none: a person has to look."""
    copy: Any
    """The follower's table, if its rows are nothing but a copy that may be dropped and told again."""
    query: Query


def audited(
    kind: str,
    *,
    owner: str = "",
    holds_more: bool = False,
    restated_by: tuple[str, ...] = (),
    copy: Any = None,
) -> Callable[[Query], Query]:
    """Mark a method that returns the query of one side of an audit."""

    def mark(query: Query) -> Query:
        setattr(query, _MARKER, Audit(kind, owner, holds_more, restated_by, copy, query))
        return query

    return mark


def audits_of(service_class: type) -> list[Audit]:
    """Return the sides of audits that a service class declares."""
    members = (member for _, member in inspect.getmembers(service_class, inspect.isfunction))
    found = [getattr(member, _MARKER) for member in members if hasattr(member, _MARKER)]
    return sorted(found, key=lambda audit: (audit.kind, audit.owner))


def describe(audit: Audit) -> dict[str, Any]:
    """Return what others need to know of a side."""
    return {
        "kind": audit.kind,
        "owner": audit.owner or None,
        "restated_by": list(audit.restated_by),
        "copy": audit.copy is not None,
    }


def tell_rows(
    session: Session, service: Any, kind: str, after: str | None, ids: list[str] | None, limit: int
) -> dict[str, Any]:
    """Return a page of the owner's rows, by id."""
    limit = limit if ids is None else len(ids)
    rows = _read(session, service, _side(service, kind, following=False), after, None, ids, limit)
    return {"rows": rows, "next": rows[-1]["id"] if len(rows) == limit else None}


def compare(
    session: Session, service: Any, kind: str, rows: list[dict[str, Any]],
    after: str | None, until: str | None, ids: list[str] | None, grace: float,
) -> dict[str, Any]:  # fmt: skip
    """Compare a page of the owner's rows with the follower's own rows in the same range of ids.

    Args:
        rows: what the owner told, by id.
        after: the range begins behind this id.
        until: it ends with this id; None: it has no end.
        ids: only these, instead of a range.
        grace: seconds for which a changed row is left alone, for its event is on its way.

    Returns:
        The differences, and ``compared_to``: the id up to which was compared, None if that was all.
    """
    audit = _side(service, kind, following=True)
    own = _read(session, service, audit, after, until, ids, PAGE if ids is None else len(ids))
    if ids is None and len(own) == PAGE:
        until = own[-1]["id"]
        rows = [row for row in rows if row["id"] <= until]
    theirs = {row["id"]: row for row in rows}
    mine = {row["id"]: row for row in own}
    young = (utcnow() - timedelta(seconds=grace)).isoformat()
    differences = []
    for row_id in sorted(theirs.keys() | mine.keys()):
        told, held = theirs.get(row_id), mine.get(row_id)
        problem = _problem(told, held)
        if problem is None or (problem == EXTRA and audit.holds_more):
            continue
        if any(_changed_at(row) > young for row in (told, held) if row is not None):
            continue
        differences.append(
            {
                "id": row_id,
                "problem": problem,
                "owner": told and told["figures"],
                "follower": held and held["figures"],
            }
        )
    return {"differences": differences, "compared_to": until}


def forget(session: Session, service: Any, kind: str, ids: Iterable[str]) -> int:
    """Drop rows of a copy, to be told again."""
    audit = _side(service, kind, following=True)
    if audit.copy is None:
        raise NotFound("no-copy", f"The rows of {kind} are no copy.")
    gone = session.execute(delete(audit.copy).where(audit.copy.id.in_([UUID(row_id) for row_id in ids])))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _side(service: Any, kind: str, *, following: bool) -> Audit:
    for audit in audits_of(type(service)):
        if audit.kind == kind and bool(audit.owner) == following:
            return audit
    raise NotFound("unknown-audit", f"There is no audit {kind} here.")


def _read(
    session: Session, service: Any, audit: Audit,
    after: str | None, until: str | None, ids: list[str] | None, limit: int,
) -> list[dict[str, Any]]:  # fmt: skip
    rows = audit.query(service).subquery()
    conditions: list[ColumnElement[bool]] = []
    if after is not None:
        conditions.append(rows.c.id > UUID(after))
    if until is not None:
        conditions.append(rows.c.id <= UUID(until))
    if ids is not None:
        conditions.append(rows.c.id.in_([UUID(row_id) for row_id in ids]))
    found = session.execute(select(rows).where(*conditions).order_by(rows.c.id).limit(limit))
    return [_row(dict(row._mapping)) for row in found]


def _row(values: dict[str, Any]) -> dict[str, Any]:
    row_id, changed_at = values.pop("id"), values.pop("changed_at", None)
    return {
        "id": str(row_id),
        "changed_at": changed_at.isoformat() if changed_at else None,
        "figures": {name: _plain(value) for name, value in values.items()},
    }


def _plain(value: Any) -> Any:
    """Return a figure as JSON has it, the same on both sides."""
    if isinstance(value, Decimal):
        return written(value, None)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, UUID) else value


def _problem(told: dict[str, Any] | None, held: dict[str, Any] | None) -> str | None:
    if held is None:
        return MISSING
    if told is None:
        return EXTRA
    return None if told["figures"] == held["figures"] else DIFFERENT


def _changed_at(row: dict[str, Any]) -> str:
    """Return when a row changed; where it does not say so, its id tells when it was made."""
    if row["changed_at"] is not None:
        return str(row["changed_at"])
    row_id = UUID(row["id"])
    seconds = (row_id.int >> 80) / 1000 if row_id.version == 7 else 0.0
    return datetime.fromtimestamp(min(seconds, time.time()), tz=utcnow().tzinfo).isoformat()
