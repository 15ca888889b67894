"""Who would reach other records by a change, told before it is made (decision 46)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from identity.accounts.concerned import Moved, belonging_to, placed, role_holders, who_see
from identity.accounts.model import Account
from identity.accounts.principals import facts_of
from servicekit import Caller, Fault, Forbidden, Invalid, NotFound, operation
from servicekit.base.callers import SUBJECT, signed
from servicekit.nouns.access import held_scope
from servicekit.nouns.previewing import MOST_PEOPLE, carry_out, trial
from servicekit.service import Runtime

CHANGES = {"role": "update_role", "account": "update_account", "position": "update_position"}
"""What may be tried, and by which operation it would be saved."""
MOST_LOOKED_AT = 100


class PreviewOperations:
    """What the gateway asks about a change before it asks the services what it would do."""

    runtime: Runtime

    @operation()
    def preview_people(
        self, session: Session, caller: Caller | None, change: dict[str, Any]
    ) -> dict[str, Any]:
        """Tell whose reach a change would change, each signed as they are and as they would be; nothing is changed.

        Whoever may not save the change is refused as they would be then.
        """
        if caller is None:
            raise Forbidden("sign-in-required", "This needs a signed-in caller.")
        change = dict(change)
        kind = str(change.pop("kind", ""))
        if kind not in CHANGES:
            raise Invalid.field(
                "change.kind",
                Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(CHANGES)),
            )
        record_id = _id(change.pop(f"{kind}_id", None))
        with trial(self.runtime.database) as after:
            arguments = {f"{kind}_id": str(record_id), "data": change}
            carry_out(self, CHANGES[kind], after, caller, arguments)
            moved = Moved(placed(session), placed(after))
            concerned = _concerned(session, after, kind, record_id, moved)
            people = self._changed(session, after, concerned[:MOST_LOOKED_AT], bool(moved.ids))
            told = {"people": people, "moved": moved.told()}
        return {**told, "left_out": max(0, len(concerned) - MOST_LOOKED_AT) + len(people[MOST_PEOPLE:])} | {
            "people": people[:MOST_PEOPLE]
        }

    @operation()
    def preview_receivers(
        self, session: Session, caller: Caller | None, to: dict[str, Any]
    ) -> dict[str, Any]:
        """Tell whom a record would be shared with, each signed for questions about them alone.

        For whoever may read who works here; what they may do with the record its service judges.
        """
        if caller is None:
            raise Forbidden("sign-in-required", "This needs a signed-in caller.")
        held_scope(caller, "account.read")
        principal_id = _id(to["id"]) if to.get("id") else None
        ids, count = belonging_to(session, str(to.get("kind")), principal_id, MOST_PEOPLE)
        accounts = [session.get_one(Account, each) for each in ids]
        people = [{**_card(each), "subject": self._signed(session, each)} for each in accounts]
        return {"people": people, "left_out": count - len(people)}

    def _changed(
        self, session: Session, after: Session, concerned: Iterable[UUID], moved: bool
    ) -> list[dict[str, str]]:
        """Return those of whom something else is signed after the change, or all where the directory has changed."""
        people = []
        for account_id in concerned:
            was, will_be = session.get_one(Account, account_id), after.get_one(Account, account_id)
            signed_before, signed_after = self._signed(session, was), self._signed(after, will_be)
            if moved or signed_before != signed_after:
                people.append({**_card(was), "before": signed_before, "after": signed_after})
        return people

    def _signed(self, session: Session, account: Account) -> str:
        facts = facts_of(session, account)
        if not account.may_sign_in:
            facts |= {"permissions": {}}
        return orjson.dumps(signed(facts, self.runtime.settings, SUBJECT)).decode()


def _concerned(session: Session, after: Session, kind: str, record_id: UUID, moved: Moved) -> list[UUID]:
    """Return whose reach may change, those first whom the change is about."""
    first: list[UUID] = []
    if kind == "role":
        first = [*session.scalars(role_holders(record_id))]
    elif kind == "account":
        first = [record_id]
    beside = [
        *who_see(after, moved.ids, MOST_LOOKED_AT),
        *who_see(session, moved.ids, MOST_LOOKED_AT),
    ]
    return [*dict.fromkeys([*first, *beside])]


def _card(account: Account) -> dict[str, str]:
    return {"account_id": str(account.id), "display_name": account.display_name}


def _id(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise NotFound("not-found", "There is no such record.") from error
