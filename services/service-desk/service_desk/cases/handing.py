"""Into whose hands a case may be put."""

from uuid import UUID

from sqlalchemy.orm import Session

from servicekit import Caller, DirectoryAccount, Invalid, check_new_owner


def check_handler(session: Session, caller: Caller, handler_id: UUID) -> None:
    """Make sure that a case may go to a handler; an account we have not heard of yet is believed.

    Raises:
        Forbidden: ``owner-out-of-reach``, if the caller's scope does not cover the account.
        Invalid: if the account is no longer active.
    """
    check_new_owner(session, caller, "case.write", handler_id)
    account = session.get(DirectoryAccount, handler_id)
    if account is not None and not account.active:
        raise Invalid.field("handler_id", "The account is no longer active.")
