"""Whether ``can`` of a record says what its operations do: each of them is tried on it by many callers, and undone."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from servicekit.base.context import Caller, Context, enter
from servicekit.base.database_errors import as_operation_error
from servicekit.base.errors import Forbidden, NotFound, OperationError
from servicekit.base.ids import new_id
from servicekit.nouns import possible
from servicekit.nouns.access import DIRECTORY, held_scope
from servicekit.nouns.declarations import Operation, operations_of
from servicekit.nouns.pooling import AssignSchema, ReturnSchema
from servicekit.nouns.sharing_schemas import MemberSchema, ShareSchema
from servicekit.testing import RunningService

Bodies = Mapping[str, Mapping[str, Any]]
"""What operations take besides the record's id, by operation."""
REFUSED = ("forbidden", "not_found", "conflict")
"""What permission and state refuse by; what was typed is invalid."""
HIDDEN = ("forbidden", "not_found")
"""What refuses whoever may not look at a record, whatever they want with it."""
NO_VERSION = frozenset({0})


def looks(service: RunningService) -> set[str]:
    """Return the operations that show a record with what may be done with it."""
    spec = operations_of(service.service_class)
    return {name for name in service.service_class.offers if spec[name].method == "GET"}


def tried(
    service: RunningService,
    caller: Caller,
    operation: str,
    arguments: Mapping[str, Any],
    if_match: frozenset[int] | None = None,
) -> OperationError | None:
    """Try an operation in a transaction that is rolled back; return what refused it, if anything did."""
    try:
        _carried_out(service, caller, operation, arguments, if_match)
    except OperationError as refusal:
        return refusal
    except SQLAlchemyError as error:
        told = as_operation_error(error)
        assert isinstance(told, OperationError), told
        return told
    return None


def _carried_out(
    service: RunningService,
    caller: Caller,
    name: str,
    arguments: Mapping[str, Any],
    if_match: frozenset[int] | None = None,
    then: Callable[[Session, Any], Any] = lambda _session, result: result,
) -> Any:
    spec = operations_of(service.service_class)[name]
    method = inspect.unwrap(getattr(service.service_class, name))
    enter(Context(caller=caller, actor_id=caller.account_id, if_match=if_match))
    with service.database.sessions() as session:
        session.info[DIRECTORY] = service.service_class.directory
        try:
            if spec.permission is not None:
                held_scope(caller, spec.permission)
            loaded = spec.load(orjson.loads(orjson.dumps(dict(arguments), default=str)))
            result = method(service.service_class(), session, caller, **loaded)
            session.flush()
            return then(session, result)
        finally:
            session.rollback()
            enter(Context())


class House:
    """An owner, who is in a department and has a superior, and others who ask for the owner's records."""

    def __init__(self) -> None:
        self.department_id, self.owner_id, self.boss_id = new_id(), new_id(), new_id()
        self.colleague_id, self.stranger_id = new_id(), new_id()

    def move_in(self, service: RunningService) -> None:
        """Tell a service with a copy of the directory who is where."""
        told = {
            "department_id": self.department_id,
            "name": "华东",
            "path": [self.department_id],
            "version": 1,
        }
        service.deliver_and_wait("identity", "department.changed", told)
        service.employ(self.owner_id, department_id=self.department_id, manager_id=self.boss_id)
        service.employ(self.boss_id)

    def people(self) -> Iterator[tuple[str, UUID, UUID | None]]:
        """Yield who may ask: what they are to the owner, their account and their department."""
        yield "the owner", self.owner_id, self.department_id
        yield "the superior", self.boss_id, None
        yield "a colleague", self.colleague_id, self.department_id
        yield "a stranger", self.stranger_id, None

    def everybody(self, rights: Iterable[Mapping[str, str]]) -> list[Caller]:
        """Return everybody of the house with each of some sets of permissions."""
        return [_asking(person, held) for held in rights for person in self.people()]

    def few(self, needed: Iterable[str]) -> list[Caller]:
        """Return those who tell one state from another: an owner, who holds all that is needed of their own, and a
        stranger who holds it for all.
        """
        owner, *_, stranger = self.people()
        return [_asking(owner, dict.fromkeys(needed, "own")), _asking(stranger, dict.fromkeys(needed, "all"))]


def _asking(person: tuple[str, UUID, UUID | None], held: Mapping[str, str]) -> Caller:
    what, who, place = person
    return Caller(account_id=who, department_id=place, username="tester", display_name=what, permissions=held)


def rights_around(
    service: RunningService, look: str, roles: Iterable[Mapping[str, str]] = ()
) -> list[dict[str, str]]:
    """Return sets of permissions to ask with: what a record's operations need in each scope, without one of them, to
    look alone, to look less far than to change, and what roles hold of it.
    """
    reading, needed = _permissions(service, look)
    names = sorted({reading, *needed})
    by_scope = [dict.fromkeys(names, scope) for scope in ("own", "department", "all")]
    without_one = [{name: "all" for name in names if name != left_out} for left_out in names]
    of_roles = [{name: role[name] for name in (*names, "*") if name in role} for role in roles]
    apart = [{reading: "all"}, {**by_scope[0], reading: "department"}, {**by_scope[2], reading: "own"}]
    found = [*by_scope, *without_one, *apart, *of_roles]
    return [held for place, held in enumerate(found) if held not in found[:place]]


def _permissions(service: RunningService, look: str) -> tuple[str, set[str]]:
    offer = service.service_class.offers[look]
    return str(offer.reading), {str(operation.permission) for operation in offer.below.values()}


class Trials:
    """Tries on the records of a noun, one in each of its states.

    Who may do something is the same in each state in which it can be done at all: by everybody each operation is tried
    in the first such state, and in all others by few.

    Args:
        look: the operation that shows the record, e.g. ``get_contract``.
        looked_up: codes of what only a look at other records finds out, which ``can`` does not say.
    """

    def __init__(
        self,
        service: RunningService,
        look: str,
        house: House,
        roles: Iterable[Mapping[str, str]] = (),
        *,
        looked_up: Iterable[str] = (),
    ) -> None:
        self._service, self._look, self._looked_up = service, look, tuple(looked_up)
        self._everybody = house.everybody(rights_around(service, look, roles))
        reading, needed = _permissions(service, look)
        self._few = house.few({reading, *needed})
        self._below = service.service_class.offers[look].below
        self._tried: set[str] = set()
        self._usual = _usual_bodies(self._below, house)

    @property
    def untried(self) -> set[str]:
        """The operations that nobody could do in any state so far."""
        return self._below.keys() - self._tried

    def faults(self, record_id: Any, bodies: Bodies | Callable[[Caller], Bodies]) -> list[str]:
        """Return a sentence for each operation that does otherwise than ``can`` of a record says.

        Args:
            bodies: as of ``disagreements``.
        """

        def typed(who: Caller) -> Bodies:
            return {**self._usual, **(bodies(who) if callable(bodies) else bodies)}

        which = {_id_name(self._service, self._look): record_id}
        cans = [_can(self._service, self._look, who, which) for who in self._few]
        new = {name for can in cans for name in can or () if name not in self._tried}
        self._tried |= new
        how: dict[str, Any] = {"bodies": typed, "looked_up": self._looked_up}
        rest = self._below.keys() - new
        found = disagreements(self._service, self._look, record_id, self._few, operations=rest, **how)
        return found + disagreements(
            self._service, self._look, record_id, self._everybody, operations=new, **how
        )


def _usual_bodies(below: Mapping[str, Operation], house: House) -> Bodies:
    """Return what the operations take that are made for every noun."""
    usual: dict[Any, Mapping[str, Any]] = {
        ShareSchema: {"data": {"to": {"kind": "everyone"}}},
        MemberSchema: {"data": {"account_id": str(house.colleague_id)}},
        AssignSchema: {"data": {"account_id": str(house.colleague_id)}},
        ReturnSchema: {"data": {}},
    }
    return {name: usual[each.accepts] for name, each in below.items() if each.accepts in usual}


def disagreements(
    service: RunningService,
    look: str,
    record_id: Any,
    callers: Iterable[Caller],
    *,
    bodies: Bodies | Callable[[Caller], Bodies],
    looked_up: Iterable[str] = (),
    operations: Iterable[str] | None = None,
) -> list[str]:
    """Return a sentence for each operation that is in ``can`` and refused, or is not refused and not in it.

    What somebody does who may not look at the record is refused as the look is; and what can be done is not done with a
    version that the record does not have.

    Args:
        look: the operation that shows the record, e.g. ``get_contract``.
        bodies: what the operations take besides the record's id, so that what was typed is not what they refuse;
            or a function that returns them for a caller.
        looked_up: codes of what only a look at other records finds out, which ``can`` does not say.
        operations: those that are tried; all that there are, if none are named.
    """
    which = {_id_name(service, look): record_id}
    below = service.service_class.offers[look].below
    tries = sorted(below if operations is None else operations)
    seen = [(caller, _can(service, look, caller, which)) for caller in callers] if tries else []
    assert not tries or any(can is not None for _, can in seen), f"nobody may {look}"
    found, guarded = [], set()
    for caller, can in seen:
        typed = bodies(caller) if callable(bodies) else bodies
        for name in tries:
            arguments = {**which, **typed.get(name, {})}
            refused = tried(service, caller, name, arguments)
            if _contradicts(can, name, refused, looked_up):
                found.append(_said(caller, name, can, refused))
            elif refused is None and name not in guarded:
                guarded.add(name)
                stale = tried(service, caller, name, arguments, NO_VERSION)
                if stale is None or stale.code != "stale-version":
                    found.append(f"{name} does not look at If-Match")
    return found


def _contradicts(
    can: list[str] | None, name: str, refused: OperationError | None, looked_up: Iterable[str]
) -> bool:
    """Tell whether an operation did otherwise than ``can`` said. What is named is not refused for what was typed, or
    the body that it was tried with proves nothing.
    """
    if can is None:
        return refused is None or refused.kind not in HIDDEN
    if name in can:
        return refused is not None and refused.code not in looked_up
    return refused is None or refused.kind not in REFUSED


def _said(caller: Caller, name: str, can: list[str] | None, refused: OperationError | None) -> str:
    named = "hidden" if can is None else "in can" if name in can else "not in can"
    reason = refused.code if refused else "nothing"
    return (
        f"{caller.display_name} with {dict(caller.permissions)}: {name} is {named}, and {reason} refuses it"
    )


def _id_name(service: RunningService, look: str) -> str:
    (its_id,) = operations_of(service.service_class)[look].path_parameters
    return its_id


def _can(service: RunningService, look: str, caller: Caller, which: dict[str, Any]) -> list[str] | None:
    """Return what a caller may do with a record, or None where they may not even look at it."""
    offer = service.service_class.offers[look]

    def answered(session: Session, result: Any) -> list[str]:
        return possible.possible(session, caller, result, offer)

    try:
        can: list[str] = _carried_out(service, caller, look, which, then=answered)
    except (Forbidden, NotFound):
        return None
    return can
