"""What a change of rights would do before it is made: which records people would see, and which no longer.

The change itself is carried out in a transaction that is always undone, so what is told is what saving it would do
(decision 46). Identity says whose rights would change, and signs them as they are and as they would be.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.database import Database
from servicekit.base.errors import Fault, Forbidden, Invalid, NotFound
from servicekit.nouns.access import directory_of, held_scope
from servicekit.nouns.declarations import Operation, operations_of
from servicekit.nouns.explaining import level_of
from servicekit.nouns.listing import Listing
from servicekit.nouns.noun import Noun, nouns_of
from servicekit.nouns.operations import operation
from servicekit.nouns.reach_compared import Sight, compared, title_of
from servicekit.nouns.subjects import read_subject

MOST_PEOPLE = 20
"""Of so many it is told what they would gain and lose."""
PLACE = ("manager_id", "department_id", "institution_id")
"""What decides whose superior somebody is, and in whose scope: the columns that a moved account has anew."""


@contextmanager
def trial(database: Database) -> Iterator[Session]:
    """Return the session of a transaction that is always undone."""
    with database.sessions() as session:
        try:
            yield session
        finally:
            session.rollback()


def carry_out(
    service: Any, name: str, session: Session, caller: Caller, arguments: Mapping[str, Any]
) -> None:
    """Carry out an operation in a trial, with the checks of saving.

    Raises:
        OperationError: as the operation.
    """
    method = getattr(type(service), name)
    spec: Operation = getattr(method, Operation.MARKER)
    if spec.permission is not None:
        held_scope(caller, spec.permission)
    inspect.unwrap(method)(service, session, caller, **spec.load(dict(arguments)))
    session.flush()


class Previews:
    """What the gateway asks of each service about a change that has not been made."""

    runtime: Any

    @operation()
    def preview_access(
        self,
        session: Session,
        caller: Caller | None,
        people: list[dict[str, str]],
        moved: list[dict[str, Any]],
    ) -> dict[str, Any]:
        """Tell which records people would see and change by other rights, and which no longer; nothing is changed.

        Args:
            people: each signed by identity as ``before`` and as ``after``.
            moved: the accounts that would have another superior or place, with it.
        """
        asker = _asker(caller)
        pairs = [(read_subject(one["before"]), read_subject(one["after"])) for one in people[:MOST_PEOPLE]]
        lists = lists_of(type(self))
        with trial(self.runtime.database) as tried:
            theirs = Sight(tried, asker, lists)
            before = [Sight(tried, was, lists) for was, _ in pairs]
            for sight in before if moved else []:
                sight.settle()
            _move(tried, moved)
            after = [Sight(tried, will_be, lists) for _, will_be in pairs]
            told = [compared(was, will_be, theirs) for was, will_be in zip(before, after, strict=True)]
        return {"people": told}

    @operation()
    def preview_share(
        self,
        session: Session,
        caller: Caller | None,
        noun: str,
        record_id: str,
        people: list[str],
        share: dict[str, Any],
    ) -> dict[str, Any]:
        """Tell how far people may go with a record, and how far they could if it were shared; nothing is changed.

        Args:
            people: each signed by identity.
            share: as it would be sent to be saved.
        """
        asker, shared = _asker(caller), _shared_noun(type(self), noun)
        whom = [read_subject(each) for each in people[:MOST_PEOPLE]]

        def levels(tried: Session) -> list[str]:
            record = shared.load(tried, asker, _id(record_id), shared.permission)
            return [level_of(tried, who, record, shared.permission, shared.writing) for who in whom]

        with trial(self.runtime.database) as tried:
            before = levels(tried)
            title = title_of(shared.load(tried, asker, _id(record_id), shared.permission))
            carry_out(self, f"share_{noun}", tried, asker, {shared.id_name: record_id, "data": share})
            after = levels(tried)
        steps = [{"before": was, "after": will_be} for was, will_be in zip(before, after, strict=True)]
        return {"title": title, "people": steps}


def lists_of(service_class: type) -> list[Listing]:
    """Return the lists of a service by which its records are read, one a noun."""
    found: dict[str, Listing] = {}
    for spec in operations_of(service_class).values():
        if spec.lists is not None and spec.lists.paged:
            noun, _, deed = spec.lists.permission.partition(".")
            if deed == "read" and _noun_of(spec.lists) == noun:
                found.setdefault(noun, spec.lists)
    return [*found.values()]


def _noun_of(listing: Listing) -> str | None:
    """Return the noun whose records a list is of; parts and whatever else is shown with a noun have another name."""
    return listing.name if isinstance(listing, Noun) else getattr(listing.model, "__tablename__", None)


def _move(session: Session, moved: Iterable[Mapping[str, Any]]) -> None:
    """Give accounts the place that they would have. They are moved in one order, as whoever follows the directory
    waits for one at a time."""
    account, _ = directory_of(session)
    for each in sorted(moved, key=lambda one: str(one["account_id"])):
        place = {name: UUID(each[name]) if each[name] else None for name in PLACE}
        statement = update(account).where(account.c.id == UUID(each["account_id"])).values(place)
        session.connection().execute(statement)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError) as error:
        raise NotFound("not-found", "There is no such record.") from error


def _asker(caller: Caller | None) -> Caller:
    if caller is None:
        raise Forbidden("sign-in-required", "This needs a signed-in caller.")
    return caller


def _shared_noun(service_class: type, name: str) -> Noun[Any]:
    shared = {
        noun.name: noun for noun in nouns_of(service_class) if hasattr(service_class, f"share_{noun.name}")
    }
    if name not in shared:
        fault = Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(shared))
        raise Invalid.field("change.noun", fault)
    return shared[name]
