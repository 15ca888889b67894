"""Examples in the contract files: of each schema an object that suits it."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields as marshmallow_fields

from servicekit.base import fields

EXAMPLE_ID = "01936f3a-7c00-7000-8000-000000000001"


def example_of(schema: type[MarshmallowSchema] | MarshmallowSchema, *, loading: bool) -> dict[str, Any]:
    """Return an example object: each field's own ``metadata["example"]``, or one that suits its type.

    Args:
        loading: for a request (fields that are only shown are left out) or for an answer.
    """
    instance = schema() if isinstance(schema, type) else schema
    return {
        field.data_key or name: _example_of_field(field, loading)
        for name, field in instance.fields.items()
        if not (field.dump_only if loading else field.load_only)
    }


def _example_of_field(field: Any, loading: bool) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, marshmallow_fields.Nested):
        one = example_of(field.schema, loading=loading)
        return [one] if field.many else one
    if isinstance(field, marshmallow_fields.List):
        return [_example_of_field(field.inner, loading)]
    if isinstance(field, fields.Code):
        return field.choices[0]
    if isinstance(field, fields.Integer):
        return max(1, field.minimum or 1)
    if isinstance(field, (fields.Money, fields.Number)):
        lowest = max(Decimal(field.minimum or 0), Decimal(0 if field.above is None else field.above) + 1)
        if isinstance(field, fields.Money):
            return f"{max(lowest, Decimal(12000)):.2f}"
        return f"{max(lowest, Decimal(1)):f}"
    if isinstance(field, fields.Text) and not isinstance(field, fields.Email):
        return "示例 example"[: field.maximum].strip()
    known: list[tuple[type, Any]] = [
        (fields.Currency, "CNY"),
        (fields.Email, "zhang.wei@example.com"),
        (fields.Id, EXAMPLE_ID),
        (fields.Flag, True),
        (marshmallow_fields.AwareDateTime, "2026-11-22T08:00:00+00:00"),
        (marshmallow_fields.Date, "2026-11-22"),
        (marshmallow_fields.Dict, {}),
    ]
    return next((example for kind, example in known if isinstance(field, kind)), "示例 example")
