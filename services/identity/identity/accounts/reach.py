"""How far an account reaches, and that no change of the directory or of roles lets anybody reach further than they may.

A superior, a department and its place in the tree are grants: they decide whose records somebody sees. Whoever places
people may do so within their own reach only, for themselves and for everybody whose password they may set (ID-21,
docs/decisions/0016).
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import any_, literal, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import superior_ids
from identity.departments.model import Department
from identity.roles.permissions import covers
from servicekit import Caller, Forbidden, reaches
from servicekit.access import ALL, owners_within

WRITE = "account.write"


class Reach:
    """What a caller reaches before a change: whose records, in which scope.

    Args:
        besides: accounts that count as reached: one that is just being opened has no records yet.
    """

    def __init__(self, session: Session, caller: Caller, besides: Iterable[UUID] = ()) -> None:
        self.session = session
        self.caller = caller
        self.everything = all(scope == ALL for scope in caller.permissions.values())
        self._besides = frozenset(besides)
        self._owners: dict[str, frozenset[UUID]] = {}
        if not self.everything:
            for scope in sorted({scope for scope in caller.permissions.values() if scope != ALL}):
                self._owners[scope] = frozenset(owners_within(session, caller, scope)) | self._besides

    def covers(self, account: Account) -> bool:
        """Tell whether an account, as it is now, may do nothing and reaches nobody that the caller did not."""
        if not covers(self.caller, account.permissions):
            return False
        if self.everything:
            return True
        as_account = Caller(account_id=account.id, department_id=account.department_id)
        theirs: dict[str, frozenset[UUID]] = {}
        for permission, scope in account.permissions.items():
            held = self.caller.scope(permission)
            if held == ALL or held is None:
                continue
            if scope not in theirs:
                theirs[scope] = frozenset(owners_within(self.session, as_account, scope))
            if not theirs[scope] <= self._owners[held]:
                return False
        return True

    def may_sign_in_as(self, account: Account) -> bool:
        """Tell whether the caller could set an account's password, and so become it."""
        return reaches(self.session, self.caller, WRITE, account.id) and self.covers(account)


class Guard:
    """Makes sure that a change widens neither the caller's own reach nor that of those whom they could become.

    Args:
        gainers: the accounts that may reach further after the change.
        opened: an account that is just being opened, and whose password the caller therefore knows.
    """

    def __init__(
        self, session: Session, caller: Caller, gainers: Iterable[Account], opened: Account | None = None
    ) -> None:
        self.before = Reach(session, caller, [opened.id] if opened is not None else [])
        self._watched: list[Account] = [] if opened is None else [opened]
        if not self.before.everything:
            self._watched += [
                account
                for account in gainers
                if account.id == caller.account_id or self.before.may_sign_in_as(account)
            ]

    def check(self) -> None:
        """Refuse the change if it has widened somebody's reach; the change is in the session by now.

        Raises:
            Forbidden: ``reach-widened``.
        """
        self.before.session.flush()
        if any(not self.before.covers(account) for account in self._watched):
            raise Forbidden(
                "reach-widened", "You would see more by this than you may, yourself or as somebody else."
            )


def superiors_of(session: Session, account_id: UUID | None) -> list[Account]:
    """Return an account and everybody above it; nobody for None."""
    if account_id is None:
        return []
    return list(session.scalars(select(Account).where(Account.id.in_(superior_ids(account_id)))))


def people_on_the_path(session: Session, department: Department | None) -> list[Account]:
    """Return who belongs to a department or to one above it: they see what belongs to people there."""
    if department is None:
        return []
    return list(
        session.scalars(select(Account).where(Account.department_id == any_(literal(department.path))))
    )
