"""Marshmallow fields for the ids of records, which say whose they are."""

from typing import Any

from marshmallow import fields

from servicekit.base.labels import Labelled


class Id(Labelled, fields.UUID):
    """The id of a record.

    Args:
        reference: the noun whose record it is the id of, as the path says it where one record is asked for
            (``/v1/customers/{customer_id}``). ``customer_id`` is one of a ``customer`` unless it says otherwise; an
            empty text says that nobody can ask for what it is the id of.
    """

    fault = "not-an-id"

    def __init__(self, *, reference: str | None = None, **more: Any):
        super().__init__(**more)
        self._reference = reference

    @property
    def reference(self) -> str:
        """The noun, or nothing."""
        if self._reference is not None:
            return self._reference
        name = self.name or ""
        return name.removesuffix("_id") if name.endswith("_id") else ""


class AccountId(Id):
    """The id of an account that is to own, handle or look after something.

    Before an operation begins, the kit sees that the account exists and is active (``servicekit.nouns.references``).
    """

    reference = "account"
