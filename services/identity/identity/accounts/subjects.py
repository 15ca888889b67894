"""Somebody else of whom is asked what they reach, told to whoever may ask about them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.principals import facts_of
from identity.accounts.reach import WRITE
from servicekit import Caller, Forbidden, Invalid, NotFound, operation, reaches
from servicekit.base.callers import SUBJECT, signed
from servicekit.nouns.access import reaches_by_place
from servicekit.service import Runtime


class SubjectOperations:
    """What the gateway asks about somebody of whom a caller asks what they reach."""

    runtime: Runtime

    @operation()
    def resolve_subject(self, session: Session, caller: Caller | None, account_id: str) -> dict[str, Any]:
        """Tell what somebody may do and belongs to, signed for questions about them alone (decision 46).

        Whoever keeps the account or is above it may ask.
        """
        if caller is None:
            raise Forbidden("sign-in-required", "This needs a signed-in caller.")
        account = session.get(Account, _id(account_id))
        if account is None:
            raise NotFound("account-not-found", "There is no such account.")
        if not may_ask_about(session, caller, account.id):
            raise Forbidden(
                "account-out-of-reach", "Whoever keeps the account or is above it may ask about it."
            )
        return signed(facts_of(session, account), self.runtime.settings, SUBJECT)


def may_ask_about(session: Session, caller: Caller, account_id: UUID) -> bool:
    """Tell whether a caller may ask what somebody reaches: themselves, whom they keep, and whom they are above."""
    return reaches(session, caller, WRITE, account_id) or reaches_by_place(
        session, caller.account_id, account_id
    )


def _id(text: Any) -> UUID:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid.field("account_id", "Not an id.", "not-an-id") from error
