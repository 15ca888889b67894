"""Operations: what a service can be asked. One declaration is the RPC method, its rules and its HTTP binding.

    @operation("POST /v1/contracts/{contract_id}/sign", permission="contract.sign",
               accepts=SignSchema, returns=ContractSchema)
    def sign_contract(self, session, caller, contract_id, data): ...

The kit validates the input, checks the permission, opens the transaction, calls the method, stores its events,
its journal row and the answer for an Idempotency-Key, commits, and only then lets the reply go out.
"""

import functools
import inspect
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

import orjson
import structlog
from eventlet.timeout import Timeout
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from servicekit.base import metrics
from servicekit.base.context import Context, current
from servicekit.base.database import Database
from servicekit.base.errors import Forbidden, Internal, Invalid, NotFound, OperationError, Unavailable
from servicekit.base.fields import Schema, Secret, flatten, made_once
from servicekit.base.labels import CAN
from servicekit.base.sealing import unseal
from servicekit.messages.events import stored
from servicekit.nouns import idempotency
from servicekit.nouns.access import held_scope, remember_reach
from servicekit.nouns.journal import conclude, expect_not_too_often, journal_entry, write_entry
from servicekit.nouns.listing import Listing
from servicekit.nouns.parameters import Parameter
from servicekit.nouns.possible import GUARD, Question, possible
from servicekit.nouns.references import check_accounts
from servicekit.nouns.terms import Doubt, read_terms, refuse, without_what_stands

log = structlog.get_logger("operation")


class _TimeIsUp(Exception):
    """The deadline passed while the operation was at work."""


@dataclass(frozen=True)
class Operation:
    """The declaration of an operation; contract files are generated from it."""

    method: str = ""
    path: str = ""
    """Empty for operations that other parts of the platform call by RPC only."""
    permission: str | None = None
    """None: any signed-in caller; the operation itself then decides what they see."""
    accepts: type[Schema] | None = None
    partial: bool = False
    """Whether fields may be missing: a PATCH changes only what it names."""
    returns: type[Schema] | None = None
    lists: Listing | None = None
    searches: Listing | None = None
    """The list that a POST asks, which changes nothing: what it asks does not fit into an address."""
    query: type[Schema] | None = None
    """Schema of the query string, for operations that take one and are no ``Listing``."""
    creates: bool = False
    internal: bool = False
    most_an_hour: int | Parameter[int] | None = None
    """How often an account may ask it within an hour; it is journalled then, though it may only read."""
    changes: bool = False
    """Whether an internal operation changes something; one with a verb says so by it."""
    summary: str = ""
    description: str = ""
    tag: str = ""
    errors: tuple[str, ...] = ()
    does: Callable[..., Any] | None = None
    """The guarded step of its entity that it takes (``servicekit.nouns.possible``)."""
    only_if: Question | None = None
    """What it looks at besides permission, reach and state."""
    part: bool = False
    """Whether it is about something that goes with a record and that its path names too, of which ``can`` is silent."""
    logs_looks: bool = False
    """Whether a look at the record stands in its history."""
    path_parameters: tuple[str, ...] = field(default=())
    arguments: frozenset[str] = frozenset()
    """What a request may hold: the method's parameters besides the session and the caller."""

    MARKER: ClassVar[str] = "kehu_operation"

    @property
    def reads(self) -> bool:
        """Whether the operation changes nothing."""
        return self.method == "GET" or self.searches is not None or (self.internal and not self.changes)

    @property
    def page_of(self) -> Listing | None:
        """The list of which the answer is a page."""
        return self.lists or self.searches

    @functools.cached_property
    def secrets(self) -> tuple[str, ...]:
        """The fields of the answer that are shown once: they are not kept for a repetition."""
        shown = made_once(self.returns).fields.items() if self.returns is not None else ()
        return tuple(field.data_key or name for name, field in shown if isinstance(field, Secret))

    @property
    def takes_query(self) -> bool:
        """Whether the operation gets the query string."""
        return self.lists is not None or self.query is not None

    def load(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Validate the arguments of a request.

        Raises:
            Invalid: ``invalid-input`` with an entry a field; ``invalid-query``.
            NotFound: ``not-found``, if an id in the path is none.
        """
        if unknown := arguments.keys() - self.arguments:
            raise Invalid("malformed-request", f"There is no argument {', '.join(sorted(unknown))}.")
        loaded = dict(arguments)
        for name in self.path_parameters:
            if name.endswith("_id"):
                try:
                    loaded[name] = UUID(loaded[name])
                except (ValueError, TypeError, AttributeError, KeyError) as error:
                    raise NotFound("not-found", "There is no such record.") from error
        if self.accepts is not None:
            loaded["data"] = self._validate(self.accepts, loaded.get("data", {}), "invalid-input")
        if self.query is not None:
            loaded["query"] = self._validate(self.query, loaded.get("query") or {}, "invalid-query")
        elif self.lists is not None:
            query = loaded.setdefault("query", {})
            if not isinstance(query, dict) or not all(isinstance(value, str) for value in query.values()):
                raise Invalid("invalid-query", "The query is not a flat object of texts.")
        return loaded

    def _validate(self, schema: type[Schema], value: Any, code: str) -> Any:
        try:
            return made_once(schema).load(value, partial=self.partial and code == "invalid-input")
        except ValidationError as error:
            raise Invalid(code, "Some fields are not valid.", flatten(error.messages)) from error

    def dump(self, result: Any) -> Any:
        """Return a result as what goes into the reply."""
        return made_once(self.returns).dump(result) if self.returns is not None else result


def operation(
    http: str = "",
    *,
    permission: str | None = None,
    accepts: type[Schema] | None = None,
    returns: type[Schema] | None = None,
    lists: Listing | None = None,
    searches: Listing | None = None,
    query: type[Schema] | None = None,
    creates: bool = False,
    changes: bool = False,
    most_an_hour: int | Parameter[int] | None = None,
    does: Callable[..., Any] | None = None,
    only_if: Question | None = None,
    part: bool = False,
    logs_looks: bool = False,
    tag: str = "",
    errors: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation.

    Args:
        http: its HTTP binding, e.g. ``POST /v1/contracts``; without one only RPC callers reach it (and the
            kit does not ask for a signed-in caller).
        permission: what the caller needs; see ``servicekit.nouns.access`` for scopes.
        accepts: schema of the JSON body, which the method gets as ``data``. PATCH bodies may be partial.
        returns: schema of the answer; None: the answer is what the method returns.
        lists: the list whose page is the answer; the method gets the query string as ``query``.
        searches: the list that a POST asks by what its body says, and of which the answer is a page.
        query: schema of the query string, where there is no list; each field's metadata has a ``description``.
        creates: whether a record is made: 201 with its Location.
        changes: whether an operation without an HTTP binding changes something: only then are its events stored
            and the call journalled.
        most_an_hour: how often an account may ask it within an hour (``rate-limited``); it is journalled then, though
            it may only read.
        does: the step of the entity that it takes, e.g. ``Contract.sign``, whose guard says in which states it can be
            taken: then ``can`` of the record names the operation in these states only.
        only_if: what else the caller needs for a record: then ``can`` does not name the operation without it. The
            operation itself refuses by the same question.
        part: whether it is about something that goes with a record, such as a share, which its path names too: ``can``
            of the record says nothing of it.
        logs_looks: whether the history of the record that it shows tells who looked at it (CU-23).
        tag: the group it is shown in; by default the first noun of the path.
        errors: the codes it may answer with besides the general ones, for the contract file.
    """

    if does is not None and not hasattr(does, GUARD):
        raise TypeError(f"{does.__qualname__} has no guard that says when it may be done.")

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        verb, _, path = http.partition(" ")
        doc = (method.__doc__ or "").strip()
        spec = Operation(
            method=verb,
            path=path,
            permission=permission or (lists.permission if lists else None),
            accepts=accepts,
            partial=verb == "PATCH",
            returns=returns,
            lists=lists,
            searches=searches,
            query=query,
            creates=creates,
            internal=not http,
            changes=changes,
            most_an_hour=most_an_hour,
            does=does,
            only_if=only_if,
            part=part,
            logs_looks=logs_looks,
            summary=doc.split("\n")[0],
            description=doc,
            tag=tag or (path.split("/")[2] if path.count("/") >= 2 else ""),
            errors=errors,
            path_parameters=tuple(re.findall(r"{(\w+)}", path)),
            arguments=frozenset(list(inspect.signature(method).parameters)[3:]),
        )

        @functools.wraps(method)
        def call(service: Any, **arguments: Any) -> Any:
            return run(spec, method, service, arguments)

        setattr(call, Operation.MARKER, spec)
        return call

    return decorate


def run(spec: Operation, method: Callable[..., Any], service: Any, arguments: dict[str, Any]) -> Any:
    """Carry out one request for an operation and return what goes into the reply, as a fragment of JSON.

    Raises:
        OperationError: and nothing else; nothing has changed then.
    """
    context = current()
    name = method.__name__
    runtime = service.runtime
    context.operation = name
    started = time.perf_counter()
    outcome = "ok"
    try:
        if not spec.internal:
            _authorise(spec, context)
        loaded = spec.load(arguments)
        seconds = context.seconds_left(runtime.settings.operation_timeout)
        if seconds <= 0:
            raise Unavailable("deadline-passed", "The time for this request was up before it began.")
        with Timeout(seconds, _TimeIsUp) as timeout:
            return _transact(spec, method, service, context, arguments, loaded, timeout)
    except OperationError as error:
        outcome = error.kind
        _journal_failure(spec, runtime.database, context, name, error, started)
        raise
    except _TimeIsUp as error:
        outcome = "unavailable"
        raise Unavailable("deadline-passed", "The time for this request was up.") from error
    except Exception as error:
        outcome = "internal"
        log.exception("operation failed", operation=name)
        raise Internal("internal-error", "Something went wrong on our side.") from error
    finally:
        elapsed = time.perf_counter() - started
        _measured(runtime.service, name, outcome).observe(elapsed)


@functools.cache
def _measured(service: str, name: str, outcome: str) -> Any:
    return metrics.OPERATION.labels(service, name, outcome)


def _authorise(spec: Operation, context: Context) -> None:
    if context.caller is None:
        raise Forbidden("sign-in-required", "This needs a signed-in caller.")
    if spec.permission is not None:
        held_scope(context.caller, spec.permission)


def _transact(
    spec: Operation,
    method: Callable[..., Any],
    service: Any,
    context: Context,
    arguments: dict[str, Any],
    loaded: dict[str, Any],
    timeout: Timeout,
) -> Any:
    started = time.perf_counter()
    attempts = 0
    if spec.reads:
        context.if_match = None  # It guards changes: whoever looks sees what there is.
    keyed = spec.method == "POST" and not spec.internal and not spec.reads
    key = idempotency.key_of(context) if keyed else None
    request = idempotency.request_hash(method.__name__, arguments) if key else ""

    def work(session: Session) -> Any:
        nonlocal attempts, loaded
        attempts += 1
        if spec.reads:
            remember_reach(session)
        if attempts > 1:
            # The operation may have taken its arguments apart before another transaction got in its way.
            loaded = spec.load(arguments)
        if key is not None:
            answered = idempotency.claim(session, key, request)
            if answered is not None:
                context.replayed = True
                # Version 1 of the contract kept secrets for a repetition, sealed; a replica of it may still be there.
                return orjson.Fragment(unseal(answered))
        if spec.most_an_hour is not None:
            most = spec.most_an_hour
            most = most.of(session) if isinstance(most, Parameter) else most
            expect_not_too_often(session, context, method.__name__, most)
        check_accounts(session, context.caller, spec.accepts, loaded.get("data"))
        doubts = _doubts(session, spec, type(service), loaded)
        result = method(service, session, context.caller, **loaded)
        refuse(doubts)  # Only now: before, nobody has judged whether the caller may know what the record has.
        session.flush()
        answer = spec.dump(result)
        if context.caller and (offer := service.offers.get(method.__name__)):
            answer[CAN] = possible(session, context.caller, result, offer)
        # Written here and not when the reply is sent: an answer that cannot be written must not leave a change behind.
        written = orjson.dumps(answer)
        elapsed = (time.perf_counter() - started) * 1000
        if spec.reads:
            if stored(session):
                raise RuntimeError(f"{method.__name__} publishes, so it must be declared to change something")
            if spec.most_an_hour is not None:
                write_entry(session, journal_entry(context, method.__name__, "ok", elapsed))
            if spec.logs_looks:
                service.runtime.looks.note(method.__name__.removeprefix("get_"), UUID(answer["id"]))
            return orjson.Fragment(written)
        subject = (
            UUID(answer["id"]) if isinstance(answer, dict) and "id" in answer else _path_id(spec, loaded)
        )
        entry = journal_entry(context, method.__name__, "ok", elapsed, subject)
        kept = orjson.dumps({**answer, **dict.fromkeys(spec.secrets)}) if spec.secrets else written
        conclude(session, entry, key, kept.decode())
        # From here on the change is made: time running out must not make it look as if it were not.
        timeout.cancel()
        return orjson.Fragment(written)

    # What is counted is written down, and counted under a lock that only a transaction can hold.
    return service.runtime.database.transact(work, reads=spec.reads and spec.most_an_hour is None)


def _doubts(session: Session, spec: Operation, service_class: type, loaded: dict[str, Any]) -> list[Doubt]:
    """Put codes in place of the terms that a request names, and return those that even the record does not have.

    Raises:
        Invalid: ``unknown-term``, ``term-out-of-use``, where there is no record that could have them.
    """
    doubts = read_terms(session, spec.accepts, loaded.get("data"))
    model = _model_shown_by(service_class, spec.accepts) if doubts and spec.method == "PATCH" else None
    if model is None:
        refuse(doubts)
        return []
    record_id = _path_id(spec, loaded)
    return without_what_stands(session, model, record_id, doubts) if record_id else doubts


@functools.cache
def _model_shown_by(service_class: type, schema: type[Schema]) -> Any:
    """Return the entity that a list of the service shows by a schema."""
    lists = [each.lists for each in operations_of(service_class).values() if each.lists is not None]
    return next((each.model for each in lists if issubclass(schema, each.schema)), None)


def _path_id(spec: Operation, loaded: dict[str, Any]) -> UUID | None:
    ids = [loaded[name] for name in spec.path_parameters if isinstance(loaded.get(name), UUID)]
    return ids[0] if ids else None


def _journal_failure(
    spec: Operation, database: Database, context: Context, name: str, error: OperationError, started: float
) -> None:
    """Journal a refused change, so that a process shows its failures too. Reads and bad input leave no row."""
    if spec.reads or error.kind in {"invalid", "unavailable"} or context.caller is None:
        return
    elapsed = (time.perf_counter() - started) * 1000
    try:
        with database.sessions.begin() as session:
            write_entry(session, journal_entry(context, name, error.code, elapsed))
    except Exception as failure:
        log.warning("could not journal a refusal", operation=name, error=str(failure))


def operations_of(service_class: type) -> dict[str, Operation]:
    """Return a service's operations by method name, in the order of the class and its bases."""
    found: dict[str, Operation] = {}
    for owner in reversed(service_class.__mro__):
        for name, member in vars(owner).items():
            spec = getattr(member, Operation.MARKER, None)
            if spec is not None:
                found[name] = spec
    return found
