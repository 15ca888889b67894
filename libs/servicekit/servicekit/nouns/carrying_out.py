"""Carrying out a request for an operation: permission, input, one transaction with its events, its answer."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import structlog
from eventlet.timeout import Timeout
from sqlalchemy.orm import Session

from servicekit.base import metrics
from servicekit.base.context import Context, current
from servicekit.base.database import Database, Record
from servicekit.base.errors import Forbidden, Internal, OperationError, Unavailable
from servicekit.base.fields import Schema
from servicekit.base.labels import CAN
from servicekit.base.new_records import hold_back, settle
from servicekit.base.sealing import unseal
from servicekit.messages.events import stored
from servicekit.nouns import idempotency
from servicekit.nouns.access import held_scope, remember_reach
from servicekit.nouns.concluding import conclude
from servicekit.nouns.custom import checking
from servicekit.nouns.declarations import Operation, operations_of
from servicekit.nouns.foreign_names import close_names
from servicekit.nouns.glimpsing import glimpsed
from servicekit.nouns.journal import expect_not_too_often, journal_entry, write_entry
from servicekit.nouns.limits import ensure_kind
from servicekit.nouns.parameters import Parameter
from servicekit.nouns.possible import possible
from servicekit.nouns.references import check_accounts
from servicekit.nouns.terms import Doubt, read_terms, refuse, without_what_stands

log = structlog.get_logger("operation")


class _TimeIsUp(Exception):
    """The deadline passed while the operation was at work."""


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
            return _Request(spec, method, service, context, arguments, loaded, timeout).carry_out()
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


@dataclass
class _Request:
    """A request whose caller may ask and whose input is valid, on its way through its transaction."""

    spec: Operation
    method: Callable[..., Any]
    service: Any
    context: Context
    arguments: dict[str, Any]
    loaded: dict[str, Any]
    timeout: Timeout
    key: idempotency.Key | None = None
    started: float = field(default_factory=time.perf_counter)
    attempts: int = 0

    def __post_init__(self) -> None:
        """Read the client's key, where the operation keeps answers."""
        if self.spec.reads:
            self.context.if_match = None  # It guards changes: whoever looks sees what there is.
        elif self.spec.method == "POST" and not self.spec.internal:
            self.key = idempotency.key_of(self.context, self.method.__name__, self.arguments)

    def carry_out(self) -> Any:
        """Return the answer, made by the operation or kept from the first request with the same key.

        A key is claimed before anything else. Where something is made, hardly anybody asks again, so it is written with
        what was made; only where that was refused, it is looked whether the key is known.
        """
        database: Database = self.service.runtime.database
        # What is counted is written down, and counted under a lock that only a transaction can hold.
        reads = self.spec.reads and self.spec.most_an_hour is None
        if self.key is not None and self.spec.creates:
            try:
                return database.transact(self._make)
            except OperationError:
                key = self.key
                if not database.transact(lambda session: idempotency.is_known(session, key), reads=True):
                    raise
        return database.transact(self._claim_and_make, reads=reads)

    def _claim_and_make(self, session: Session) -> Any:
        if self.key is not None:
            self.key.claimed = False
            if (answered := idempotency.claim(session, self.key)) is not None:
                self.context.replayed = True
                # Version 1 of the contract kept secrets for a repetition, sealed; a replica of it may still be there.
                return orjson.Fragment(unseal(answered))
        return self._make(session)

    def _make(self, session: Session) -> Any:
        spec, context, name = self.spec, self.context, self.method.__name__
        self.attempts += 1
        if self.attempts > 1:
            # The operation may have taken its arguments apart before another transaction got in its way.
            self.loaded = spec.load(self.arguments)
        if spec.reads:
            remember_reach(session)
        if spec.creates:
            hold_back(session)
        if spec.most_an_hour is not None:
            most = spec.most_an_hour
            times = most.of(session) if isinstance(most, Parameter) else most
            expect_not_too_often(session, context, name, times)
        result = self._result(session)
        answer = self._answer(session, result)
        # Written here and not when the reply is sent: an answer that cannot be written must not leave a change behind.
        written = orjson.dumps(answer)
        elapsed = (time.perf_counter() - self.started) * 1000
        if spec.reads:
            _conclude_reading(session, spec, self.service, name, answer, elapsed)
            return orjson.Fragment(written)
        named = isinstance(answer, dict) and "id" in answer
        subject = UUID(answer["id"]) if named else _path_id(spec, self.loaded)
        entry = journal_entry(context, name, "ok", elapsed, subject)
        kept = orjson.dumps({**answer, **dict.fromkeys(spec.secrets)}) if spec.secrets else written
        # From here on the change is made: time running out must not make it look as if it were not.
        self.timeout.cancel()
        conclude(session, entry, self.key, kept.decode())
        return orjson.Fragment(written)

    def _result(self, session: Session) -> Any:
        """Return what the operation returns, after what it was given has been looked at."""
        spec, caller, loaded = self.spec, self.context.caller, self.loaded
        check_accounts(session, caller, spec.accepts, loaded.get("data"))
        doubts = _doubts(session, spec, type(self.service), loaded)
        unsure = _values_in_doubt(session, self.context, spec, type(self.service), loaded)
        result = self.method(self.service, session, caller, **loaded)
        refuse(doubts)  # Only now: before, nobody has judged whether the caller may know what the record has.
        checking.refuse_values(unsure)
        settle(session)
        if spec.permission and caller and isinstance(result, Record) and not spec.reads:
            ensure_kind(session, caller, spec.permission, result)
        return result

    def _answer(self, session: Session, result: Any) -> Any:
        """Return what is told of a result, as JSON has it."""
        spec, caller = self.spec, self.context.caller
        answer = spec.dump(result)
        if spec.returns is not None:
            close_names(session, caller, spec.returns, [(result, answer)])
        if glimpse := glimpsed(session, caller, result):
            glimpse.blank(answer)
        if caller and (offer := self.service.offers.get(self.method.__name__)):
            answer[CAN] = possible(session, caller, result, offer)
        return answer


def _conclude_reading(
    session: Session, spec: Operation, service: Any, name: str, answer: Any, elapsed: float
) -> None:
    """Write down what goes with a read, where something does."""
    if stored(session):
        raise RuntimeError(f"{name} publishes, so it must be declared to change something")
    if spec.most_an_hour is not None:
        write_entry(session, journal_entry(current(), name, "ok", elapsed))
    if spec.logs_looks:
        service.runtime.looks.note(name.removeprefix("get_"), UUID(answer["id"]))


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


def _values_in_doubt(
    session: Session, context: Context, spec: Operation, service_class: type, loaded: dict[str, Any]
) -> list[checking.Doubt]:
    """Check the fields at run time that a request names, and return what even the record does not have."""
    data = loaded.get("data")
    doubts = checking.check_fields(
        session, context.caller, service_class, spec.accepts, data, creates=not spec.partial
    )
    record_id = _path_id(spec, loaded)
    model = _model_shown_by(service_class, spec.accepts) if doubts and spec.accepts else None
    if model is None or record_id is None:
        return doubts
    return checking.without_values_kept(session, model, record_id, doubts)


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
