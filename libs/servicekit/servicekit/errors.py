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


class OperationError(Exception):
    """Base of all errors that a caller is told about.

    Args:
        code: stable, in kebab case, e.g. ``contract-not-approved``.
        detail: one sentence for a person.
        errors: for bad input, one ``{"field": "lines.0.price", "message": "…"}`` a field.
    """

    kind: ClassVar[str]

    def __init__(self, code: str, detail: str = "", errors: Iterable[Mapping[str, Any]] = (), **more: Any):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.errors = [dict(error) for error in errors]
        self.more = more

    def to_message(self) -> dict[str, Any]:
        """Return the error as it is sent over the broker; Nameko's own keys serve stock clients."""
        return {
            "kind": self.kind,
            "code": self.code,
            "detail": self.detail,
            "errors": self.errors,
            **self.more,
            "exc_type": type(self).__name__,
            "exc_path": f"servicekit.errors.{type(self).__name__}",
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
