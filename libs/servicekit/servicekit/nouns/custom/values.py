"""Values of custom fields: read as strictly as those of fields that are written in code, and kept as JSON.

A number is kept as a decimal text, a moment as one of UTC, so that all but numbers are in the order of their texts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError
from marshmallow.fields import Field

from servicekit.base.errors import Fault
from servicekit.base.fields import Date, Flag, Id, List, Money, Number, Text, Timestamp
from servicekit.base.money import round_amount, too_fine, written
from servicekit.nouns.custom.settings import (
    CHOICE,
    CHOICES,
    DATE,
    FLAG,
    LONG_TEXT,
    MONEY,
    MOST_OPTIONS,
    NUMBER,
    PERSON,
    REFERENCE,
    TEXT,
    TIME,
    FieldSetting,
)

LONGEST_TEXT, LONGEST_PARAGRAPH = 500, 5_000
LAST_LETTER = "\U0010ffff"
"""Stands where no value is, behind all others; no text holds it."""

OUT_OF_USE = "option-out-of-use"

_SEVERAL: Field[Any] = List(Text(100), maximum=MOST_OPTIONS)
_FIELDS: Mapping[str, Field[Any]] = {
    TEXT: Text(LONGEST_TEXT),
    LONG_TEXT: Text(LONGEST_PARAGRAPH, multiline=True),
    NUMBER: Number(),
    MONEY: Money(),
    DATE: Date(),
    TIME: Timestamp(),
    CHOICE: Text(100),
    CHOICES: _SEVERAL,
    FLAG: Flag(),
    PERSON: Id(),
    REFERENCE: Id(),
}


def read(setting: FieldSetting, value: Any) -> Any:
    """Return a value as it is kept.

    Raises:
        ValidationError: with a fault, if it is not one of the field's.
    """
    found = _FIELDS[setting.type].deserialize(value)
    kept = _KEPT.get(setting.type)
    return found if kept is None else kept(setting, found)


def _text(_: FieldSetting, text: str) -> str:
    if LAST_LETTER in text:
        raise ValidationError(Fault("unstorable-characters", "Holds characters that cannot be stored."))
    return text


def _money(setting: FieldSetting, amount: Any) -> str:
    if amount != round_amount(amount, setting.currency):
        raise ValidationError(too_fine(setting.currency))
    return written(amount, setting.currency)


def _choice(setting: FieldSetting, code: str) -> str:
    if code not in setting.options:
        allowed = ", ".join(code for code, option in setting.options.items() if option.get("active", True))
        raise ValidationError(Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=allowed))
    return code


def _choices(setting: FieldSetting, codes: list[str]) -> list[str]:
    """Return the codes in the order of the options, each once."""
    chosen = {_choice(setting, code) for code in codes}
    return [code for code in setting.options if code in chosen]


_KEPT: Mapping[str, Callable[[FieldSetting, Any], Any]] = {
    TEXT: _text,
    LONG_TEXT: _text,
    NUMBER: lambda _, number: Number()._serialize(number, None, None),
    MONEY: _money,
    DATE: lambda _, day: day.isoformat(),
    TIME: lambda _, moment: moment.isoformat(),
    CHOICE: _choice,
    CHOICES: _choices,
    PERSON: lambda _, record_id: str(record_id),
    REFERENCE: lambda _, record_id: str(record_id),
}


def out_of_use(setting: FieldSetting, value: Any) -> Fault | None:
    """Return what is wrong with a value that only a record which has it already may have."""
    chosen = [value] if setting.type == CHOICE else value if setting.type == CHOICES else []
    for code in chosen:
        if not setting.options[code].get("active", True):
            return Fault(OUT_OF_USE, "{term} is no longer in use.", term=code)
    return None
