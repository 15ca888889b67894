"""Marshmallow fields for amounts, quantities and currencies: exact, and never through a float."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from servicekit.base.errors import Fault
from servicekit.base.labels import Label, Labelled
from servicekit.base.money import DIGITS, currency_of, round_amount, too_great, written

_DECIMAL = re.compile(r"-?(?P<whole>[0-9]+)(\.(?P<fraction>[0-9]+))?")
_MOST_DECIMALS = 4


class _ExactDecimal(Labelled, fields.Field[Decimal]):
    """A decimal that is written as a plain decimal string and never passes through a float."""

    most_digits = 14
    """How many may stand before the point."""
    wrong = Fault("not-a-decimal", "Not a decimal like 2.5.")

    def __init__(
        self,
        *,
        minimum: Decimal | int | None = None,
        above: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
        **more: Any,
    ):
        super().__init__(**more)
        self.minimum = minimum
        self.above = above
        self.maximum = maximum

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Decimal:
        # An integer is exact in JSON; any other number has been a float on its way here.
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        match = _DECIMAL.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValidationError(self.wrong)
        if len(match["whole"]) > self.most_digits:
            raise ValidationError(too_great(self.most_digits))
        if len(match["fraction"] or "") > _MOST_DECIMALS:
            raise ValidationError(
                Fault("too-many-decimals", "At most {max} digits after the point.", max=_MOST_DECIMALS)
            )
        number = Decimal(match[0])
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(Fault("too-small", "Must be at least {min}.", min=str(self.minimum)))
        if self.above is not None and number <= self.above:
            raise ValidationError(Fault("not-above", "Must be more than {above}.", above=str(self.above)))
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(Fault("too-large", "Must be at most {max}.", max=str(self.maximum)))
        return number + 0  # There is no negative zero in the database.


class Money(_ExactDecimal):
    """An amount, as a decimal string with the digits of its currency: ``"1234.50"`` (``servicekit.base.money``).

    How many digits may come in is the currency's matter too, and so the entity's: it has ``check_amount``.

    Args:
        rounds: whether what is shown is made by multiplying, and is rounded; what is stored is shown as it is.
    """

    most_digits = 15
    wrong = Fault("not-an-amount", "Not an amount like 1234.50.")

    def __init__(self, *, rounds: bool = False, **more: Any):
        super().__init__(**more)
        self.rounds = rounds

    def shown(self, value: Decimal | str | None, currency: str | None) -> str | None:
        """Return an amount as it goes out; within JSON it is kept as text."""
        if value is None:
            return None
        amount = Decimal(value)
        return written(round_amount(amount, currency) if self.rounds else amount, currency)

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        return self.shown(value, currency_of(obj))


class Number(_ExactDecimal):
    """A quantity or a price factor with up to four digits after the point, as a decimal string."""

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        if value is None:
            return None
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


class Currency(Labelled, fields.String):
    """One of today's currencies by its code of ISO 4217; one that is stored and is none any more is shown."""

    def __init__(self, *, label: Label = ("币种", "Currency"), **more: Any):
        super().__init__(label=label, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str) or value not in DIGITS:
            raise ValidationError(Fault("not-a-currency", "Not a currency of ISO 4217 like CNY."))
        return value
