"""The usual operations of a noun, made from its declaration: a word each.

A mechanism that works for every noun adds its word to ``WORDS``.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.messages.events import publish, publish_deletion
from servicekit.messages.restating import restates
from servicekit.nouns import pooling, sharing
from servicekit.nouns.audits import audited
from servicekit.nouns.below import create_below, get_part, list_below
from servicekit.nouns.facts import told_kinds
from servicekit.nouns.filtering import column_of
from servicekit.nouns.making import Method, taking
from servicekit.nouns.operations import operation
from servicekit.nouns.references import OWNER_REFUSED, check_new_owner

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun


PLURAL = ("list", "list_all", "restate")


def _made(noun: "Noun[Any]", verb: str, sentence: str, body: Method, *arguments: str) -> Method:
    name = f"{verb}_{noun.plural if verb in PLURAL else noun.name}"
    return taking(body, name, noun.doc(sentence), noun.model.__module__, *arguments)


def _list(noun: "Noun[Any]") -> Method:
    def page(_service: Any, session: Session, caller: Caller, query: Mapping[str, str]) -> dict[str, Any]:
        return noun.page(session, caller, query)

    seen = " the caller may see" if noun.owned else ""
    verb = "list_all" if noun.below else "list"
    made = _made(noun, verb, f"List the {noun.spoken_plural}{seen}", page, "query")
    return operation(f"GET {noun.path}", lists=noun, tag=noun.tag)(made)


def _get(noun: "Noun[Any]") -> Method:
    def look(_service: Any, session: Session, caller: Caller, **ids: UUID) -> Any:
        return noun.record(session, caller, ids[noun.id_name], noun.level)

    made = _made(noun, "get", f"Return one {noun.spoken}", look, noun.id_name)
    return operation(
        f"GET {noun.single_path}",
        permission=noun.permission,
        returns=noun.told_as,
        logs_looks=noun.logs_looks,
        tag=noun.tag,
    )(made)


def _refused_above(noun: "Noun[Any]") -> tuple[str, ...]:
    """Return what a change is refused with because of whose it is, or what it belongs to."""
    if noun.below:
        return noun.below.errors
    return OWNER_REFUSED if noun.owned else ()


def _create(noun: "Noun[Any]") -> Method:
    def create(_service: Any, session: Session, caller: Caller, data: dict[str, Any]) -> Any:
        values = {"owner_id": caller.account_id, **data} if noun.owned else data
        if noun.owned:
            check_new_owner(session, caller, noun.writing, values["owner_id"])
        record = noun.model(**({"number": noun.numbers.next(session)} if noun.numbers else {}))
        record.fill_in(**values)
        session.add(record)
        publish(session, record, noun.created.of(record))
        return record

    made = _made(noun, "create", f"Create {noun.a_record}", create, "data")
    return operation(
        f"POST {noun.path}", permission=noun.writing, accepts=noun.told_as, returns=noun.told_as, creates=True,
        errors=(*noun.errors, *(OWNER_REFUSED if noun.owned else ())),
    )(made)  # fmt: skip


def _change(noun: "Noun[Any]") -> Method:
    def change(_service: Any, session: Session, caller: Caller, data: dict[str, Any], **ids: UUID) -> Any:
        record = noun.load(session, caller, ids[noun.id_name])
        if noun.below:
            noun.below.let(session, noun.below.of(session, record), record, data)
        elif noun.owned and "owner_id" in data:
            check_new_owner(session, caller, noun.writing, data["owner_id"], record)
        record.fill_in(**data)
        publish(session, record, noun.updated.of(record))
        return record

    made = _made(noun, "update", f"Change {noun.a_record}", change, noun.id_name, "data")
    return operation(
        f"PATCH {noun.single_path}", permission=noun.writing, accepts=noun.told_as, returns=noun.told_as,
        does=noun.guard("fill_in"), only_if=noun.below.only_if if noun.below else None,
        errors=(*noun.errors, *noun.change_errors, "stale-version", *_refused_above(noun)),
    )(made)  # fmt: skip


def _delete(noun: "Noun[Any]") -> Method:
    def delete(_service: Any, session: Session, caller: Caller, **ids: UUID) -> None:
        record = noun.load(session, caller, ids[noun.id_name])
        if noun.below:
            noun.below.let(session, noun.below.of(session, record), record)
        if hasattr(record, "ensure_deletable"):
            record.ensure_deletable()
        publish_deletion(session, record, noun.deleted.of(record))

    made = _made(noun, "delete", f"Delete {noun.a_record}", delete, noun.id_name)
    return operation(
        f"DELETE {noun.single_path}", permission=noun.writing, does=noun.guard("ensure_deletable"),
        only_if=noun.below.only_if if noun.below else None,
        errors=("stale-version", *noun.delete_errors, *(noun.below.errors if noun.below else ())),
    )(made)  # fmt: skip


def _restate(noun: "Noun[Any]") -> Method:
    def records(_service: Any) -> Select[*tuple[Any, ...]]:
        return select(noun.model)

    name = f"restate_{noun.plural}"
    made = taking(records, name, f"Return the {noun.spoken_plural}.", noun.model.__module__)
    return restates(noun.updated)(made)


def _copied(noun: "Noun[Any]") -> Method:
    def kinds(_service: Any) -> Select[*tuple[Any, ...]]:
        figures = (column_of(noun.filters[name]).label(name) for name in told_kinds(noun))
        return select(noun.model.id, noun.model.updated_at.label("changed_at"), *figures)

    name = f"audit_{noun.name}_kinds"
    made = taking(kinds, name, f"Return of what kind {noun.spoken_plural} are.", noun.model.__module__)
    return audited(f"{noun.name}-kinds", restated_by=(f"{noun.name}.updated",))(made)


def _of(make: Callable[["Noun[Any]"], Method]) -> Callable[["Noun[Any]"], dict[str, Method]]:
    def made(noun: "Noun[Any]") -> dict[str, Method]:
        method = make(noun)
        return {method.__name__: method}

    return made


def _lists(noun: "Noun[Any]") -> dict[str, Method]:
    all_of_them = _of(_list)(noun)
    return {**all_of_them, **list_below(noun, noun.below)} if noun.below else all_of_them


def _look(noun: "Noun[Any]") -> dict[str, Method]:
    return get_part(noun, noun.below) if noun.below and noun.below.part else _of(_get)(noun)


def _creation(noun: "Noun[Any]") -> dict[str, Method]:
    return create_below(noun, noun.below) if noun.below else _of(_create)(noun)


WORDS: dict[str, Callable[["Noun[Any]"], dict[str, Method]]] = {
    "list": _lists,
    "get": _look,
    "create": _creation,
    "change": _of(_change),
    "delete": _of(_delete),
    "restate": _of(_restate),
    "copied": _of(_copied),
    "shares": sharing.shares,
    "team": sharing.team,
    "access": sharing.access,
    "pools": pooling.pools,
}
"""What a noun can have made, by word; each gives methods by name."""
