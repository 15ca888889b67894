"""Sharing a record: with whom, up to which level, as whose team member, and why somebody sees it.

Three words of a noun (``servicekit.nouns.usual``): ``shares``, ``team`` and ``access``. Whoever may change a record may
share it (CU-17); whoever sees it sees with whom it is shared.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.errors import NotFound
from servicekit.messages.restating import restates
from servicekit.nouns.audits import audited
from servicekit.nouns.explaining import explanation, names_of
from servicekit.nouns.giving import (
    check_principal,
    ensure_no_more_than_theirs,
    granted,
    keep,
    lies_in_no_pool,
    shareable,
    tell,
)
from servicekit.nouns.grants import (
    ACCOUNT,
    LEVEL_NAMES,
    SHARE,
    TEAM,
    AccessAudience,
    AccessGrant,
    audience_of,
    grants_of,
    principal_of,
)
from servicekit.nouns.making import Method, make, taking
from servicekit.nouns.sharing_schemas import (
    CUSTODIAN,
    AccessSchema,
    MemberSchema,
    ShareSchema,
    SharesSchema,
    TeamSchema,
)
from servicekit.nouns.subjects import SubjectQuery, asked_about

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

REFUSED = (
    "lies-in-pool", "too-many-shares", "share-level-too-high", "share-outlives-ones-own", "unknown-principal",
    "stale-version",
)  # fmt: skip


def shares(noun: "Noun[Any]") -> dict[str, Method]:
    """Make the operations by which a record is shared (CU-16, CU-18)."""
    at = f"{noun.single_path}/shares"

    def list_shares(_service: Any, session: Session, caller: Caller, **ids: UUID) -> dict[str, Any]:
        record = _seen(noun, session, caller, ids)
        return {"items": _shares(session, grants_of(session, record.id, SHARE))}

    def get_share(_service: Any, session: Session, caller: Caller, share_id: UUID, **ids: UUID) -> Any:
        return _shares(session, [_one(session, _seen(noun, session, caller, ids), share_id)])[0]

    def share(_service: Any, session: Session, caller: Caller, data: dict[str, Any], **ids: UUID) -> Any:
        record = shareable(noun, session, caller, ids, data["level"])
        to = data["to"]
        check_principal(session, to["kind"], to["id"])
        values = {name: data[name] for name in ("security_from", "security_to", "until")}
        principal_id = principal_of(to["kind"], to["id"])
        ensure_no_more_than_theirs(session, noun, record, caller, principal_id, data["until"])
        grant = keep(session, noun, record, caller, principal_id, SHARE, to["kind"], data["level"], **values)
        return _shares(session, [grant])[0]

    def unshare(_service: Any, session: Session, caller: Caller, share_id: UUID, **ids: UUID) -> None:
        record = shareable(noun, session, caller, ids)
        session.delete(_one(session, record, share_id))
        tell(session, noun, record)

    read, write = {"permission": noun.permission}, {"permission": noun.writing}
    shares, one, own = f"{noun.name}_shares", f"{noun.name}_share", noun.id_name
    return (
        make(
            noun, f"GET {at}", f"list_{shares}", "Return with whom {a_record} is shared (CU-16)", list_shares, own,
            returns=SharesSchema, **read,
        )
        | make(
            noun, f"GET {at}/{{share_id}}", f"get_{one}", "Return one share of {a_record} (CU-16)", get_share,
            own, "share_id", returns=ShareSchema, errors=("share-not-found",), **read,
        )
        | make(
            noun, f"POST {at}", f"share_{noun.name}", "Share {a_record}, or change how it is shared (CU-16, CU-18)",
            share, own, "data", accepts=ShareSchema, returns=ShareSchema, creates=True, errors=REFUSED,
            only_if=lies_in_no_pool, **write,
        )
        | make(
            noun, f"DELETE {at}/{{share_id}}", f"unshare_{noun.name}", "Take back a share of {a_record} (CU-16)",
            unshare, own, "share_id", part=True, errors=("share-not-found", "stale-version"), **write,
        )
        | restated(noun)
    )  # fmt: skip


def team(noun: "Noun[Any]") -> dict[str, Method]:
    """Make the operations by which people join and leave the team of a record (CU-22, CU-43)."""
    at = f"{noun.single_path}/team"

    def list_team(_service: Any, session: Session, caller: Caller, **ids: UUID) -> dict[str, Any]:
        record = _seen(noun, session, caller, ids)
        return {"items": [_member(each) for each in grants_of(session, record.id, TEAM)]}

    def get_member(_service: Any, session: Session, caller: Caller, member_id: UUID, **ids: UUID) -> Any:
        return _member(_belonging(session, _seen(noun, session, caller, ids), member_id))

    def join(_service: Any, session: Session, caller: Caller, data: dict[str, Any], **ids: UUID) -> Any:
        level = data["level"] or ("edit" if data["role"] == CUSTODIAN else "view")
        record = shareable(noun, session, caller, ids, level)
        member_id = data["principal_id"]
        ensure_no_more_than_theirs(session, noun, record, caller, member_id, None)
        grant = keep(session, noun, record, caller, member_id, TEAM, ACCOUNT, level, role=data["role"])
        return _member(grant)

    def leave(_service: Any, session: Session, caller: Caller, member_id: UUID, **ids: UUID) -> None:
        record = shareable(noun, session, caller, ids)
        session.delete(_belonging(session, record, member_id))
        tell(session, noun, record)

    read, write = {"permission": noun.permission}, {"permission": noun.writing}
    member, own = f"{noun.name}_member", noun.id_name
    return (
        make(
            noun, f"GET {at}", f"list_{noun.name}_team", "Return the team of {a_record} (CU-22)", list_team, own,
            returns=TeamSchema, **read,
        )
        | make(
            noun, f"GET {at}/{{member_id}}", f"get_{member}", "Return one member of the team of {a_record} (CU-22)",
            get_member, own, "member_id", returns=MemberSchema, errors=("member-not-found",), **read,
        )
        | make(
            noun, f"POST {at}", f"add_{member}", "Let somebody join the team of {a_record} (CU-22, CU-43)", join,
            own, "data", accepts=MemberSchema, returns=MemberSchema, creates=True,
            errors=(*REFUSED, "unknown-account", "account-left"), only_if=lies_in_no_pool, **write,
        )
        | make(
            noun, f"DELETE {at}/{{member_id}}", f"remove_{member}",
            "Let somebody leave the team of {a_record} (CU-22)", leave, own, "member_id",
            part=True, errors=("member-not-found", "stale-version"), **write,
        )
    )  # fmt: skip


def restated(noun: "Noun[Any]") -> dict[str, Method]:
    """Make what tells again whom records are granted to."""

    def records(_service: Any) -> Select[*tuple[Any, ...]]:
        # Those that are granted to nobody any more too: a copy that missed it would let somebody in for ever.
        once = select(AccessAudience.record_id).where(AccessAudience.noun == noun.name)
        return select(noun.model).where(noun.model.id.in_(once))

    name = f"restate_{noun.plural}_access"
    made = taking(
        records, name, f"Return the {noun.spoken_plural} that have been granted to somebody.", __name__
    )

    def grants(_service: Any) -> Any:
        return audience_of(noun.name)

    kind, audit = f"{noun.name}-grants", f"audit_{noun.name}_grants"
    told_again = audited(kind, restated_by=(noun.access_changed.type,))
    compared = taking(grants, audit, f"Return whom {noun.spoken_plural} are granted to.", __name__)
    return {
        name: restates(noun.access_changed, made_by=partial(granted, noun))(made),
        audit: told_again(compared),
    }


def access(noun: "Noun[Any]") -> dict[str, Method]:
    """Make the operation that says why somebody may see a record, or why not, and who else may."""

    def explain(
        _service: Any,
        session: Session,
        caller: Caller,
        query: dict[str, Any],
        subject: str | None = None,
        **ids: UUID,
    ) -> dict[str, Any]:
        record = noun.load(session, caller, ids[noun.id_name], noun.permission, level=noun.level)
        who = asked_about(caller, query["account_id"], subject)
        return explanation(session, who, record, noun.permission, noun.writing)

    doc = (
        "Say why the caller, or somebody else by `account_id`, may see {a_record} or not, how far they may go with it, "
        "and who else may see it"
    )
    return make(
        noun, f"GET {noun.single_path}/access", f"explain_{noun.name}_access", doc, explain,
        noun.id_name, "query", "subject", permission=noun.permission, query=SubjectQuery, returns=AccessSchema,
        errors=("account-not-found", "account-out-of-reach"),
    )  # fmt: skip


def _seen(noun: "Noun[Any]", session: Session, caller: Caller, ids: Mapping[str, UUID]) -> Any:
    return noun.load(session, caller, ids[noun.id_name], noun.permission)


def _one(session: Session, record: Any, share_id: UUID) -> AccessGrant:
    asked = select(AccessGrant).where(
        AccessGrant.id == share_id, AccessGrant.record_id == record.id, AccessGrant.reason == SHARE
    )
    found = session.scalar(asked)
    if found is None:
        raise NotFound("share-not-found", "There is no such share.")
    return found


def _belonging(session: Session, record: Any, member_id: UUID) -> AccessGrant:
    found = session.get(AccessGrant, (record.id, member_id, TEAM))
    if found is None:
        raise NotFound("member-not-found", "Nobody of the team has this id.")
    return found


def _shares(session: Session, grants: list[AccessGrant]) -> list[dict[str, Any]]:
    names = names_of(session, {each.principal_id for each in grants})
    shown = ("id", "security_from", "security_to", "until", "granted_by", "granted_at")
    return [
        {
            "to": {"kind": each.kind, "id": each.principal_id, "name": names.get(each.principal_id)},
            "level": LEVEL_NAMES[each.level],
            **{name: getattr(each, name) for name in shown},
        }
        for each in grants
    ]


def _member(grant: AccessGrant) -> dict[str, Any]:
    shown = ("principal_id", "role", "granted_by", "granted_at")
    return {"level": LEVEL_NAMES[grant.level], **{name: getattr(grant, name) for name in shown}}
