"""What everybody may ask about their own account."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.schemas import ChangePasswordSchema, MeSchema, PreferencesSchema
from identity.events import PasswordChanged
from identity.signin.checks import checked_inside
from identity.signin.devices import forget_devices
from identity.signin.own import OwnSessionsSchema, sessions_of
from identity.signin.passwords import SHORTEST_PASSWORD, ensure_good, ensure_nobodys_name, hashed
from identity.signin.sessions import SignInSession, end_session, end_sessions
from servicekit import Caller, Forbidden, Invalid, NotFound, operation, publish
from servicekit.service import Runtime


class OwnAccountOperations:
    """The signed-in account."""

    runtime: Runtime

    @operation("GET /v1/me", returns=MeSchema)
    def get_me(self, session: Session, caller: Caller) -> Account:
        """Return the signed-in account with what it may do (ID-18, ID-36)."""
        return _account_of(session, caller)

    @operation("PATCH /v1/me/preferences", accepts=PreferencesSchema, returns=PreferencesSchema)
    def update_own_preferences(
        self, session: Session, caller: Caller, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Say how one likes the console; what is not named stays as it is, also where two tabs say so at once."""
        account = _account_of(session, caller, locked=True)
        account.prefer(**data)
        return account.liking

    @operation("GET /v1/me/sessions", returns=OwnSessionsSchema)
    def list_own_sessions(self, session: Session, caller: Caller) -> dict[str, Any]:
        """List where one is signed in: the newest 100 sessions that have not ended, the last used first (ID-34)."""
        return {"items": sessions_of(session, caller)}

    @operation("DELETE /v1/me/sessions/{session_id}", errors=("session-not-found",))
    def end_own_session(self, session: Session, caller: Caller, session_id: UUID) -> None:
        """Sign out somewhere else, or here (ID-34); a session that has ended already stays so."""
        found = session.get(SignInSession, session_id)
        if found is None or found.account_id != caller.account_id:
            raise NotFound("session-not-found", "There is no such session.")
        end_session(session, found)

    @operation(
        "POST /v1/me/password", accepts=ChangePasswordSchema, errors=("wrong-password", "too-many-attempts")
    )
    def change_own_password(self, session: Session, caller: Caller, data: dict[str, Any]) -> None:
        """Change one's own password; one's other sessions end (ID-33)."""
        account = _account_of(session, caller)
        ensure_good(data["new_password"], account.names, "new_password", SHORTEST_PASSWORD.of(session))
        ensure_nobodys_name(session, data["new_password"], "new_password")
        try:
            checked = checked_inside(
                self.runtime.database, account, data["current_password"], caller.session_id
            )
        except Forbidden as refusal:
            if refusal.code != "invalid-credentials":
                raise
            raise Invalid.field(
                "current_password", "This is not your password.", "wrong-password"
            ) from refusal
        checked.forgive(session)
        account.set_password(hashed(data["new_password"]))
        publish(session, account, PasswordChanged(account_id=account.id))
        forget_devices(session, account.id)
        end_sessions(session, account.id, "password-changed", keep=caller.session_id)


def _account_of(session: Session, caller: Caller, *, locked: bool = False) -> Account:
    account = session.get(Account, caller.account_id, with_for_update=locked or None)
    if account is None:
        raise NotFound("account-not-found", "There is no such account.")
    return account
