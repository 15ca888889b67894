"""The errors an operation may answer with: four kinds, any number of codes.

    OperationError
    ├── Invalid      the request is wrong in itself
    ├── Forbidden    the caller may not do this
    ├── NotFound     there is no such record, or the caller may not know of it
    ├── Conflict     the record's state does not allow it
    └── Unavailable  the service cannot work right now (its database is away, the time is up)

Kinds and codes travel over the broker, classes do not. Only the gateway knows HTTP.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar


class Fault(str):
    """What is wrong with a field: a sentence for a person, with its code and what the sentence is made of.

    ``Fault("too-long", "Longer than {max} characters.", max=200)`` reads ``Longer than 200 characters.``; the gateway
    knows the sentence in Chinese by its code (``gateway/wording.py``).
    """

    code: str
    params: dict[str, Any]

    def __new__(cls, code: str, text: str, **params: Any) -> "Fault":
        fault = super().__new__(cls, text.format(**params) if params else text)
        fault.code, fault.params = code, params
        return fault


NOT_SAID = {"invalid-input": "invalid-value", "invalid-query": "invalid-value"}
"""The code of a field about which only a sentence is known: that of the whole error, if it says anything of fields."""


class OperationError(Exception):
    """Base of all errors that a caller is told about.

    Args:
        code: stable, in kebab case, e.g. ``contract-not-approved``.
        detail: one sentence for a person; a ``Fault`` tells what it is made of too.
        errors: for bad input, one ``{"field": "lines.0.price", "message": "…"}`` a field; its ``code`` and ``params``
            are those of the message if it is a ``Fault``, otherwise the code is that of the error.
        more: what a program goes on with; ``params`` is what the sentence is made of.
    """

    kind: ClassVar[str]

    def __init__(self, code: str, detail: str = "", errors: Iterable[Mapping[str, Any]] = (), **more: Any):
        super().__init__(code, detail)
        self.code = code
        self.detail = str(detail)
        self.errors = [self._entry(error) for error in errors]
        self.more = more
        if isinstance(detail, Fault):
            self.more = {"params": detail.params, **more}

    def _entry(self, error: Mapping[str, Any]) -> dict[str, Any]:
        message = error.get("message", "")
        if isinstance(message, Fault):
            return {**error, "message": str(message), "code": message.code, "params": message.params}
        return {"code": NOT_SAID.get(self.code, self.code), "params": {}, **error}

    def to_message(self) -> dict[str, Any]:
        """Return the error as it is sent over the broker; Nameko's own keys serve stock clients."""
        return {
            "kind": self.kind,
            "code": self.code,
            "detail": self.detail,
            "errors": self.errors,
            **self.more,
            "exc_type": type(self).__name__,
            "exc_path": f"servicekit.base.errors.{type(self).__name__}",
            "exc_args": [self.code, self.detail],
            "value": f"{self.code}: {self.detail}",
        }


class Invalid(OperationError):
    """The request is wrong in itself."""

    kind = "invalid"

    @classmethod
    def field(cls, field: str, message: str, code: str = "invalid-input") -> "Invalid":
        """Return an error about one field."""
        return cls(code, f"{field}: {message}", [{"field": field, "message": message}])

    @classmethod
    @contextmanager
    def within(cls, field: str) -> Iterator[None]:
        """Tell of a part's bad fields by their path within the whole request: ``amount`` as ``opportunity.amount``."""
        try:
            yield
        except Invalid as error:
            errors = [{**each, "field": f"{field}.{each['field']}"} for each in error.errors]
            raise cls(error.code, f"{field}.{error.detail}" if errors else error.detail, errors) from error


class Forbidden(OperationError):
    """The caller may not do this."""

    kind = "forbidden"


class NotFound(OperationError):
    """There is no such record, or the caller may not know of it."""

    kind = "not_found"


class Conflict(OperationError):
    """The state of things does not allow it."""

    kind = "conflict"


class Unavailable(OperationError):
    """The service cannot work right now; the same request may succeed later."""

    kind = "unavailable"


class Internal(OperationError):
    """The service failed in a way nobody foresaw. Only the kit raises it, and logs the cause."""

    kind = "internal"
