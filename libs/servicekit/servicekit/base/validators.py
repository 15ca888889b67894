"""Marshmallow's validators, whose refusals have codes."""

from typing import Any

from marshmallow import validate

from servicekit.base.errors import Fault


def too_long(maximum: int) -> Fault:
    """Return what is wrong with a text that is too long."""
    return Fault("too-long", "Longer than {max} characters.", max=maximum)


class OneOf(validate.OneOf):
    """A choice whose refusal has a code."""

    def _format_error(self, value: Any) -> str:
        allowed = ", ".join(map(str, self.choices))
        return Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=allowed)


class Within(validate.Range):
    """Bounds whose refusal has a code."""

    def _format_error(self, value: Any, message: str) -> str:
        text = super()._format_error(value, message)
        if self.max is None:
            return Fault("too-small", text, min=self.min)
        if self.min is None:
            return Fault("too-large", text, max=self.max)
        return Fault("not-within", text, min=self.min, max=self.max)


class Matches(validate.Regexp):
    """A form of texts whose refusal has a code."""

    def __init__(self, pattern: str, fault: Fault):
        super().__init__(pattern, error=fault)
        self.fault = fault

    def _format_error(self, value: Any) -> str:
        return self.fault
