"""What operations are declared with, and how a request for one is read."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypedDict
from uuid import UUID

from marshmallow import ValidationError

from servicekit.base.errors import Invalid, NotFound
from servicekit.base.fields import Schema, Secret, flatten, made_once
from servicekit.nouns.listing import Listing
from servicekit.nouns.parameters import Parameter
from servicekit.nouns.possible import Question


class Declared(TypedDict, total=False):
    """What an operation is declared with, besides its HTTP binding."""

    permission: str | None
    """What the caller needs; see ``servicekit.base.scopes``. None: any signed-in caller, and the operation itself then
    decides what they see."""
    accepts: type[Schema] | None
    """Schema of the JSON body, which the method gets as ``data``. PATCH bodies may be partial."""
    returns: type[Schema] | None
    """Schema of the answer; None: the answer is what the method returns."""
    lists: Listing | None
    """The list whose page is the answer; the method gets the query string as ``query``."""
    searches: Listing | None
    """The list that a POST asks by what its body says, and of which the answer is a page: it changes nothing."""
    query: type[Schema] | None
    """Schema of the query string, where there is no list; each field's metadata has a ``description``."""
    creates: bool
    """Whether a record is made: 201 with its Location."""
    changes: bool
    """Whether an operation without an HTTP binding changes something: only then are its events stored and the call
    journalled. One with a verb says so by it."""
    most_an_hour: int | Parameter[int] | None
    """How often an account may ask it within an hour (``rate-limited``); it is journalled then, though it may only
    read."""
    does: Callable[..., Any] | None
    """The step of the entity that it takes, e.g. ``Contract.sign``, whose guard says in which states it can be taken:
    then ``can`` of the record names the operation in these states only (``servicekit.nouns.possible``)."""
    only_if: Question | None
    """What else the caller needs for a record: then ``can`` does not name the operation without it. The operation
    itself refuses by the same question."""
    part: bool
    """Whether it is about something that goes with a record, such as a share, which its path names too: ``can`` of the
    record says nothing of it."""
    glimpses: bool
    """Whether it is for those too who get only a glimpse of the record (``servicekit.nouns.glimpsing``)."""
    logs_looks: bool
    """Whether the history of the record that it shows tells who looked at it (CU-23)."""
    tag: str
    """The group it is shown in; by default the first noun of the path."""
    errors: tuple[str, ...]
    """The codes it may answer with besides the general ones, for the contract file."""


@dataclass(frozen=True)
class Operation:
    """An operation as it was declared (``Declared``); contract files are generated from it."""

    method: str = ""
    path: str = ""
    """Empty for operations that other parts of the platform call by RPC only."""
    permission: str | None = None
    accepts: type[Schema] | None = None
    partial: bool = False
    """Whether fields may be missing: a PATCH changes only what it names."""
    returns: type[Schema] | None = None
    lists: Listing | None = None
    searches: Listing | None = None
    query: type[Schema] | None = None
    creates: bool = False
    internal: bool = False
    most_an_hour: int | Parameter[int] | None = None
    changes: bool = False
    summary: str = ""
    description: str = ""
    tag: str = ""
    errors: tuple[str, ...] = ()
    does: Callable[..., Any] | None = None
    only_if: Question | None = None
    part: bool = False
    glimpses: bool = False
    logs_looks: bool = False
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

    @property
    def takes_subject(self) -> bool:
        """Whether it can be asked about somebody else, whom the gateway has identity sign (``subjects``)."""
        return "subject" in self.arguments

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


def operations_of(service_class: type) -> dict[str, Operation]:
    """Return a service's operations by method name, in the order of the class and its bases."""
    found: dict[str, Operation] = {}
    for owner in reversed(service_class.__mro__):
        for name, member in vars(owner).items():
            spec = getattr(member, Operation.MARKER, None)
            if spec is not None:
                found[name] = spec
    return found
