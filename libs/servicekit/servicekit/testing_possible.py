"""Whether ``can`` of a record says what its operations do: each of them is tried on it by many callers, and undone."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.exc import SQLAlchemyError

from servicekit.access import DIRECTORY, held_scope
from servicekit.context import Caller, Context, enter
from servicekit.database import as_operation_error
from servicekit.errors import Forbidden, NotFound, OperationError
from servicekit.ids import new_id
from servicekit.operations import operations_of
from servicekit.testing import RunningService

Bodies = Mapping[str, Mapping[str, Any]]
"""What operations take besides the record's id, by operation."""
REFUSED = ("forbidden", "not_found", "conflict")
"""What permission and state refuse by; what was typed is invalid."""


def looks(service: RunningService) -> set[str]:
    """Return the operations that show a record with what may be done with it."""
    spec = operations_of(service.service_class)
    return {name for name in service.service_class.offers if spec[name].method == "GET"}


def tried(
    service: RunningService, caller: Caller, operation: str, arguments: Mapping[str, Any]
) -> OperationError | None:
    """Try an operation in a transaction that is rolled back; return what refused it, if anything did."""
    spec = operations_of(service.service_class)[operation]
    method = inspect.unwrap(getattr(service.service_class, operation))
    enter(Context(caller=caller, actor_id=caller.account_id))
    with service.database.sessions() as session:
        session.info[DIRECTORY] = service.service_class.directory
        try:
            if spec.permission is not None:
                held_scope(caller, spec.permission)
            loaded = spec.load(orjson.loads(orjson.dumps(dict(arguments), default=str)))
            method(service.service_class(), session, caller, **loaded)
            session.flush()
        except OperationError as refusal:
            return refusal
        except SQLAlchemyError as error:
            told = as_operation_error(error)
            assert isinstance(told, OperationError), told
            return told
        finally:
            session.rollback()
            enter(Context())
    return None


class House:
    """An owner, who is in a department and has a superior, and others who ask for the owner's records."""

    def __init__(self) -> None:
        self.department_id, self.owner_id, self.boss_id = new_id(), new_id(), new_id()

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
        yield "a colleague", new_id(), self.department_id
        yield "a stranger", new_id(), None


def rights_around(
    service: RunningService, look: str, roles: Iterable[Mapping[str, str]] = ()
) -> list[dict[str, str]]:
    """Return sets of permissions to ask with: what a record's operations need in each scope, without one of them, to
    look alone, and what roles hold of it.
    """
    reading = str(operations_of(service.service_class)[look].permission)
    needed = {str(operation.permission) for operation in service.service_class.offers[look].values()}
    names = sorted({reading, *needed})
    by_scope = [dict.fromkeys(names, scope) for scope in ("own", "department", "all")]
    without_one = [{name: "all" for name in names if name != left_out} for left_out in names]
    of_roles = [{name: role[name] for name in (*names, "*") if name in role} for role in roles]
    found = [*by_scope, *without_one, {reading: "all"}, {**by_scope[0], reading: "department"}, *of_roles]
    return [held for place, held in enumerate(found) if held not in found[:place]]


def disagreements(
    service: RunningService,
    look: str,
    record_id: Any,
    callers: Iterable[Caller],
    *,
    bodies: Bodies | Callable[[Caller], Bodies],
    looked_up: Iterable[str] = (),
) -> list[str]:
    """Return a sentence for each operation that is in ``can`` and refused, or is not refused and not in it.

    Args:
        look: the operation that shows the record, e.g. ``get_contract``.
        bodies: what the operations take besides the record's id, so that what was typed is not what they refuse;
            or a function that returns them for a caller.
        looked_up: codes of what only a look at other records finds out, which ``can`` does not say.
    """
    (its_id,) = operations_of(service.service_class)[look].path_parameters
    seen = [(caller, _can(service, look, caller, {its_id: record_id})) for caller in callers]
    assert any(can is not None for _, can in seen), f"nobody may {look}"
    return [
        f"{caller.display_name} with {dict(caller.permissions)}: {operation} is {'' if named else 'not '}in can, "
        f"and {refusal.code if refusal else 'nothing'} refuses it"
        for caller, can in seen
        if can is not None
        for operation in service.service_class.offers[look]
        for named in [operation in can]
        for body in [(bodies(caller) if callable(bodies) else bodies).get(operation, {})]
        for refusal in [tried(service, caller, operation, {its_id: record_id, **body})]
        if _contradicts(named, refusal, looked_up)
    ]


def _contradicts(named: bool, refusal: OperationError | None, looked_up: Iterable[str]) -> bool:
    """Tell whether an operation did otherwise than ``can`` said. What is named is not refused for what was typed, or
    the body that it was tried with proves nothing.
    """
    if named:
        return refusal is not None and refusal.code not in looked_up
    return refusal is None or refusal.kind not in REFUSED


def _can(service: RunningService, look: str, caller: Caller, which: dict[str, Any]) -> list[str] | None:
    """Return what a caller may do with a record, or None where they may not even look at it."""
    try:
        can: list[str] = service.call(look, caller, **which)["can"]
    except (Forbidden, NotFound):
        return None
    return can


def callers_of(house: House, rights: Iterable[Mapping[str, str]]) -> list[Caller]:
    """Return everybody of a house with each of some sets of permissions."""
    return [
        Caller(account_id=who, department_id=place, username="tester", display_name=what, permissions=held)
        for held in rights
        for what, who, place in house.people()
    ]
