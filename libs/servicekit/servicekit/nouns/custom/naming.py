"""Whom and what a custom field names: a person who works here, a record that the caller sees.

Records are judged as everywhere: the service's own by its access, others' by its copy of them.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.errors import Conflict, Fault, Invalid
from servicekit.nouns.access import holds
from servicekit.nouns.copied import Copied
from servicekit.nouns.custom.settings import PERSON, FieldSetting
from servicekit.nouns.directory import PERSON as A_PERSON
from servicekit.nouns.directory import DirectoryAccount
from servicekit.nouns.reach import is_seen
from servicekit.nouns.references import check_named

NO_ACCOUNT = Fault("unknown-account", "There is no such account.")
HAS_LEFT = Fault("account-left", "The account is no longer active.")


def judge(
    session: Session, caller: Caller | None, service_class: type, setting: FieldSetting, value: str
) -> tuple[str, Fault | None]:
    """Return the id under which what is named is kept today, and what is wrong with naming it."""
    if setting.type == PERSON:
        return value, _account(session, caller, UUID(value))
    assert caller is not None
    noun = setting.reference
    if (own := dict(nouns_known(service_class)).get(noun)) is not None:
        model, reading = own
        found = session.get(model, UUID(value)) if holds(caller, reading) else None
        seen = found is not None and is_seen(session, found, caller, reading)
        return value, None if seen else _unknown(noun)
    copy = next((each for each in copies_of(service_class) if each.of.noun == noun), None)
    if copy is None or not holds(caller, f"{noun}.read"):
        return value, _unknown(noun)
    try:
        kept = check_named(session, caller, copy, UUID(value), field=setting.name, reading=f"{noun}.read")
    except (Invalid, Conflict) as error:
        return value, Fault(error.code, str(error.errors[0]["message"]))
    return str(kept), None


def _unknown(noun: str) -> Fault:
    spoken = noun.replace("_", "-")
    return Fault(f"unknown-{spoken}", f"There is no such {spoken}, or it is not for you to see.")


def _account(session: Session, caller: Caller | None, account_id: UUID) -> Fault | None:
    if caller is not None and account_id == caller.account_id:
        return None
    account = DirectoryAccount
    wanted = select(account.active).where(account.id == account_id, account.kind == A_PERSON)
    active = session.connection().scalar(wanted)
    return None if active else NO_ACCOUNT if active is None else HAS_LEFT


def nouns_known(service_class: type) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Yield the nouns that a service declares, each with its entity and the permission to read it."""
    for owner in service_class.__mro__:
        for noun in vars(owner).get("kehu_nouns", ()):
            yield noun.name, (noun.model, noun.permission)


def copies_of(service_class: type) -> Iterator[type[Copied]]:
    """Yield the copies of others' records that a service keeps."""
    for owner in service_class.__mro__:
        for models in vars(owner).get("copies", {}).values():
            yield from (model for model in models if issubclass(model, Copied) and model.of.noun)


def may_name(service_class: type) -> list[str]:
    """Return the nouns whose records a custom field of a service's records may name."""
    known = {name for name, _ in nouns_known(service_class)}
    return sorted(known | {copy.of.noun for copy in copies_of(service_class)})
