"""The field that a tree of conditions stands in, and the component that describes one in the contract files."""

from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from servicekit.base.labels import Labelled, choices_written, written
from servicekit.nouns.conditions.asker import PEOPLE
from servicekit.nouns.conditions.grammar import MOST_CONDITIONS, MOST_VALUES, NOT_A_CONDITION
from servicekit.nouns.conditions.periods import NAMED
from servicekit.nouns.conditions.terms import OPERATORS
from servicekit.nouns.conditions.values import LONGEST_VALUE

NAME = "Condition"
_REFERENCE = {"$ref": f"#/components/schemas/{NAME}"}
_PARTS = {"type": "array", "items": _REFERENCE, "minItems": 1, "maxItems": MOST_CONDITIONS}
DESCRIBED: dict[str, Any] = {
    "type": "object",
    "description": "Which records are meant: all, any or not, or a field with its operator and its value. What is not "
    "known to hold does not, and so its opposite does. Texts are compared as a reader compares them; days are the "
    "house's. Which fields there are, and what each takes, stands at the operation (`x-conditions`).",
    "properties": {
        "all": {**_PARTS, "x-label": written(("全部满足", "All of these")), "x-order": 1},
        "any": {**_PARTS, "x-label": written(("任一满足", "Any of these")), "x-order": 2},
        "not": {**_REFERENCE, "x-label": written(("不满足", "Not this")), "x-order": 3},
        "field": {"type": "string", "maxLength": 100, "x-label": written(("字段", "Field")), "x-order": 4},
        "operator": {
            "type": "string",
            "enum": [*OPERATORS],
            "x-enum-labels": choices_written(OPERATORS),
            "x-label": written(("比较方式", "Operator")),
            "x-order": 5,
        },
        "value": {
            "type": ["string", "integer", "boolean", "array"],
            "items": {"type": ["string", "integer", "boolean"], "maxLength": LONGEST_VALUE},
            "maxLength": LONGEST_VALUE,
            "maxItems": MOST_VALUES,
            "description": "A value as the field has it; of `in` and `not_in` a list of up to 200; of `empty` true or "
            "false; of `within`, `before` and `after` a day or a period (`x-periods`, `last_30_days`, `next_7_days`); "
            "of `within_last` and `within_next` a number of days. The id of an account or a department may be a word "
            "(`x-people`).",
            "x-label": written(("比较值", "Value")),
            "x-order": 6,
        },
    },
    "additionalProperties": False,
    "x-periods": choices_written(NAMED),
    "x-people": choices_written(PEOPLE),
}


class Where(Labelled, fields.Field[Any]):
    """A tree of conditions as it was sent; whoever takes it reads it by the fields that there are."""

    described: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": True}

    def __init__(self, **more: Any):
        example = {"all": [{"field": "created_at", "operator": "within", "value": "this_month"}]}
        super().__init__(**{"metadata": {"example": example}, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError(NOT_A_CONDITION)
        return value
