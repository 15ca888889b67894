"""How far an account reaches, and that no change of the directory or of roles lets anybody reach further than they may.

A superior, a department and its place in the tree are grants: they decide whose records somebody sees. Whoever places
people may do so within their own reach only, for themselves and for everybody whose password they know or may set
(ID-21, docs/decisions/0016).
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import knowing_ids, known_ids, superior_ids
from identity.departments.model import Department
from identity.groups.noun import groups_of
from identity.roles.model import ACCOUNT_ROLE, Role
from identity.roles.permissions import EVERY, kinds_covered
from servicekit import Caller, Forbidden, reaches
from servicekit.base.scopes import ALL, covers
from servicekit.nouns.access import owners_within

WRITE = "account.write"
INSTITUTION_WIDE = literal('$.* ? (@ == "institution")', JSONPATH)


class _Sight:
    """Whose records somebody sees now, in each of the scopes they hold, everybody's left out; and what is shared with
    them as a member of groups, and by how far they are trusted."""

    def __init__(self, session: Session, who: Caller) -> None:
        self.who = who
        self.groups = groups_of(session, who.account_id)
        scopes = sorted({scope for scope in who.permissions.values() if scope != ALL})
        self.owners = {scope: frozenset(owners_within(session, who, scope)) for scope in scopes}


class Reach:
    """What a caller reaches before a change: whose records, in which scope.

    Args:
        besides: accounts that count as reached.
        also: accounts that the caller can sign in as: what they reach counts too.
    """

    def __init__(
        self, session: Session, caller: Caller, besides: Iterable[UUID] = (), also: Iterable[Account] = ()
    ) -> None:
        self.session = session
        self.caller = caller
        self._besides = frozenset(besides)
        self._sights = [_Sight(session, who) for who in (caller, *map(_as_caller, also))]

    def covers(self, account: Account) -> bool:
        """Tell whether an account, as it is now, may do nothing and reaches nobody that the caller did not."""
        who = _as_caller(account)

        @cache
        def theirs(scope: str) -> frozenset[UUID]:
            return frozenset(owners_within(self.session, who, scope))

        shares, kinds = self._covers_shares(account), account.parts
        return all(
            self._covers(permission, scope, kinds.get(permission, [(scope, None)]), theirs)
            and (shares or self._holds_for_all(permission))
            for permission, scope in account.permissions.items()
        )

    def _covers_shares(self, account: Account) -> bool:
        """Tell whether what may be shared with an account, may be with the caller: by groups and security level.

        What is shared with a department or a role, whoever may place people there may see (docs/decisions/0043).
        """
        groups = frozenset[UUID]().union(*(sight.groups for sight in self._sights))
        level = max(sight.who.security_level for sight in self._sights)
        return groups_of(self.session, account.id) <= groups and account.security_level <= level

    def _holds_for_all(self, permission: str) -> bool:
        return any(sight.who.scope(permission) == ALL for sight in self._sights)

    def _covers(
        self,
        permission: str,
        scope: str,
        kinds: Iterable[tuple[str, Any]],
        theirs: Callable[[str], frozenset[UUID]],
    ) -> bool:
        reached = self._besides
        as_wide = False
        for sight in self._sights:
            held = sight.who.scope(permission)
            if held is None or not covers(held, scope) or not kinds_covered(sight.who, permission, kinds):
                continue
            if held == ALL:
                return True
            as_wide = True
            reached |= sight.owners[held]
        return as_wide and theirs(scope) <= reached

    def may_sign_in_as(self, account: Account) -> bool:
        """Tell whether the caller could set an account's password, and so become it."""
        return reaches(self.session, self.caller, WRITE, account.id) and self.covers(account)


def reaches_no_further(session: Session, caller: Caller, account: Account) -> bool:
    """Tell whether an account may do nothing and reaches nobody that the caller does not."""
    return Reach(session, caller).covers(account)


class Guard:
    """Makes sure that a change widens neither the caller's own reach nor that of those whom they could become.

    Whoever knows the caller's password may be the one who makes the change, so it must not widen theirs either.

    Args:
        gainers: the accounts that may reach further after the change.
        opened: an account that is just being opened, and whose password the caller therefore knows.
    """

    def __init__(
        self, session: Session, caller: Caller, gainers: Iterable[Account], opened: Account | None = None
    ) -> None:
        self.session = session
        self._watched: list[tuple[Reach, list[Account]]] = []
        new = [] if opened is None else [opened]
        gaining = list({account.id: account for account in gainers}.values())
        knowing = select(Account).where(
            Account.id.in_(knowing_ids(caller.account_id)), Account.id != caller.account_id
        )
        for person in (caller, *map(_as_caller, session.scalars(knowing))):
            if person.scope(EVERY) == ALL:
                continue
            known = {*session.scalars(known_ids([person.account_id])), *(account.id for account in new)}
            become = [account for account in gaining if account.id in known]
            reach = Reach(session, person, known - {person.account_id}, become)
            become += [each for each in gaining if each not in become and reach.may_sign_in_as(each)]
            self._watched.append((reach, [*new, *become]))

    def check(self) -> None:
        """Refuse the change if it has widened somebody's reach; the change is in the session by now.

        Raises:
            Forbidden: ``reach-widened``.
        """
        self.session.flush()
        if any(not reach.covers(account) for reach, watched in self._watched for account in watched):
            raise Forbidden(
                "reach-widened",
                "You would see more by this than you may, or somebody who knows your password would: yourself or "
                "as somebody else.",
            )


def _as_caller(account: Account) -> Caller:
    """Return an account as the caller that it is once signed in."""
    return Caller(
        account_id=account.id,
        department_id=account.department_id,
        institution_id=account.institution_id,
        permissions=account.permissions,
        security_level=account.security_level,
        limits={permission: tuple(parts) for permission, parts in account.parts.items()},
    )


def superiors_of(session: Session, account_id: UUID | None) -> list[Account]:
    """Return an account and everybody above it; nobody for None."""
    if account_id is None:
        return []
    return list(session.scalars(select(Account).where(Account.id.in_(superior_ids(account_id)))))


def who_see_into(session: Session, department: Department | None) -> list[Account]:
    """Return who may see what belongs to people in a department: who belongs to it or to one above it, whose scope is
    their institution, and whose scope names one of these departments."""
    if department is None:
        return []
    named = [[{"department_id": str(each)}] for each in department.path]
    inside = Account.institution_id == department.institution_id
    return list(
        session.scalars(
            select(Account).where(
                or_(
                    Account.department_id == any_(literal(department.path)),
                    and_(inside, _holds(lambda held, _: func.jsonb_path_exists(held, INSTITUTION_WIDE))),
                    _holds(lambda _, given: or_(*(given.contains(each) for each in named))),
                )
            )
        )
    )


def _holds(judge: Callable[[Any, Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition on an account that permissions and given departments of a role, or its own, are such."""
    roles = select(ACCOUNT_ROLE.c.account_id).join(Role, Role.id == ACCOUNT_ROLE.c.role_id)
    program = Account.__table__.c
    return or_(
        Account.id.in_(roles.where(judge(Role.permissions, Role.departments))),
        judge(program.granted, program.departments),
    )
