"""The two words by which a noun takes fields at run time: a column of its entity, and a member of its schema."""

from typing import Any, ClassVar

import orjson
from marshmallow import ValidationError
from marshmallow.fields import Field
from sqlalchemy.orm import Mapped, mapped_column, validates

from servicekit.base.errors import Fault, Invalid
from servicekit.base.labels import Labelled
from servicekit.base.validators import too_long
from servicekit.nouns.custom.settings import MOST_FIELDS

MOST_BYTES = 50_000
"""How long all values of a record may be together: each of its events carries them."""


class Custom:
    """A record with values of fields that are set at run time."""

    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @validates("custom")
    def _merged(self, _name: str, said: dict[str, Any]) -> dict[str, Any]:
        """Change what is named and leave the rest, as a PATCH does; null takes a value away."""
        merged = {**(self.custom or {}), **said}
        kept = {key: value for key, value in merged.items() if value is not None}
        if said and len(orjson.dumps(kept)) > MOST_BYTES:
            raise Invalid.field("custom", too_long(MOST_BYTES))
        return kept


class CustomValues(Labelled, Field[Any]):
    """The values of a record's custom fields by key; which there are, and what each takes, is set at run time.

    Args:
        noun: what the record is called.
    """

    described: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": True}

    def __init__(self, noun: str, **more: Any):
        told = "Values of fields at run time, by key: `GET /v1/fields?filter[noun]={}` says which there are."
        super().__init__(
            label=("自定义字段", "Custom fields"),
            load_default=dict,
            metadata={"example": {}, "description": told.format(noun)},
            **more,
        )
        self.noun = noun

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError(Fault("wrong-type", "Must be values by key."))
        if len(value) > MOST_FIELDS:
            raise ValidationError(Fault("too-many-items", "More than {max} items.", max=MOST_FIELDS))
        return value
