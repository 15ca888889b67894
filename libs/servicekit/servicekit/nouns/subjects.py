"""Somebody else of whom is asked what they reach: signed by identity for this alone, carried by the gateway.

An operation whose method takes ``subject`` may be asked so, by ``account_id`` in its query. Identity judges who may ask
about whom; nobody can ask *as* somebody with what it signs here (decision 46).
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from servicekit.base.callers import Callers
from servicekit.base.context import Caller
from servicekit.base.errors import Forbidden
from servicekit.base.fields import Id, Schema
from servicekit.base.settings import Settings


class SubjectQuery(Schema):
    """Of whom something is asked."""

    account_id = Id(
        load_default=None,
        metadata={"description": "Somebody else: one whom the caller keeps, or who reports to them."},
    )


@lru_cache(maxsize=1)
def _reader() -> Callers:
    return Callers(Settings())


def read_subject(text: Any) -> Caller:
    """Return somebody as identity has signed them.

    Raises:
        Forbidden: ``caller-not-signed``, ``caller-expired``; also for what is no text.
    """
    if not isinstance(text, str):
        raise Forbidden("caller-not-signed", "Of whom is asked was not signed by identity.")
    return _reader().read_subject(text)


def asked_about(caller: Caller, account_id: UUID | None, subject: Any) -> Caller:
    """Return of whom a caller asks: themselves, or somebody as identity has signed them.

    Raises:
        Forbidden: as of ``read_subject``; ``caller-not-signed`` for another than was asked about.
    """
    if account_id is None or account_id == caller.account_id:
        return caller
    found = read_subject(subject)
    if found.account_id != account_id:
        raise Forbidden("caller-not-signed", "Somebody else was signed than is asked about.")
    return found
