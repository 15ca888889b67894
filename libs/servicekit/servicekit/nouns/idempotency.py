"""Safe retries: the answer to a POST with an Idempotency-Key is kept with its effect, in one transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.context import Context
from servicekit.base.database import KitBase, table_of, utcnow
from servicekit.base.errors import Conflict, Invalid

KEEP = timedelta(hours=24)
"""How long a key is remembered."""


class IdempotencyRow(KitBase):
    """A key that a caller has used, and the answer it got."""

    __tablename__ = "idempotency"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    """Hash of the operation and its arguments: the same key may not stand for another request."""
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


TABLE = table_of(IdempotencyRow)
"""Statements on the table cost half of what those on the entity do, and nothing here is an entity to anybody."""

CLAIM = (
    insert(TABLE)
    .values({name: bindparam(name) for name in ("account_id", "key", "request", "created_at")})
    .on_conflict_do_nothing()
    .returning(TABLE.c.key)
)


def request_hash(operation: str, arguments: dict[str, Any]) -> str:
    """Return a hash of what is asked for, the same for the same request whatever the order of its keys."""
    body = orjson.dumps([operation, arguments], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(body).hexdigest()


@dataclass
class Key:
    """A key that a client gave with a request."""

    values: dict[str, Any]
    """``account_id``, ``key``, ``request`` and ``created_at``."""
    claimed: bool = False
    """Whether it stands in the table already, so that another request with it waits for this one."""


def key_of(context: Context, operation: str, arguments: dict[str, Any]) -> Key | None:
    """Return the key that a request has, or None."""
    if context.caller is None or context.idempotency_key is None:
        return None
    account_id, request = context.caller.account_id, request_hash(operation, arguments)
    return Key(
        {"account_id": account_id, "key": context.idempotency_key, "request": request, "created_at": utcnow()}
    )


def claim(session: Session, key: Key) -> str | None:
    """Claim a caller's key; a second request with it waits here until the first has committed.

    Returns:
        The first request's answer as JSON text, or None if this is the first.

    Raises:
        Invalid: ``idempotency-key-reused``, if the key stood for another request.
    """
    row = None
    while row is None:
        # A key that grew too old may be forgotten just after it was in the way: then it is free.
        claimed = session.execute(CLAIM, {**key.values, "created_at": utcnow()}).first()
        if claimed is not None:
            key.claimed = True
            return None
        row = session.scalars(_of(key)).one_or_none()
    if row.request != key.values["request"]:
        raise Invalid("idempotency-key-reused", "This Idempotency-Key was used for another request.")
    if row.answer is None:
        raise Conflict(
            "request-in-progress", "The first request with this Idempotency-Key has no answer yet."
        )
    return row.answer


def is_known(session: Session, key: Key) -> bool:
    """Tell whether a request with the key has been answered."""
    return session.scalars(_of(key)).first() is not None


def _of(key: Key) -> Select[IdempotencyRow]:
    return select(IdempotencyRow).filter_by(account_id=key.values["account_id"], key=key.values["key"])
