"""Amounts of money: the currencies of ISO 4217 with their digits, and the one rounding rule of the platform."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from iso4217 import Currency

from servicekit.base.errors import Fault, Invalid

DIGITS: dict[str, int] = {each.code: each.exponent for each in Currency if each.exponent is not None}
"""How many digits after the point an amount in a currency has. Gold, drawing rights and test codes have no number in
the standard's table, and are no currencies that anything is paid in."""

USUAL_DIGITS = 2
"""Of what was stored before currencies were looked at, and is none of today's."""

CURRENCY = "currency"
"""The field that says what a record's amounts are in, and those of its parts."""

GREATEST = Decimal(10**15)
"""Amounts are smaller than this: what can be typed, what is summed up, and what is multiplied."""

_EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)
"""Python's own context would round, or give up, where two of our greatest numbers are multiplied."""


def digits_of(currency: str | None) -> int:
    """Return how many digits after the point an amount in a currency has."""
    return DIGITS.get(currency or "", USUAL_DIGITS)


def round_amount(amount: Decimal, currency: str | None) -> Decimal:
    """Round an amount to the digits of its currency, half to even: the one rounding rule of the platform."""
    return amount.quantize(Decimal(1).scaleb(-digits_of(currency)), context=_EXACT)


def product(*factors: Decimal) -> Decimal:
    """Multiply exactly, however many digits it takes."""
    result = Decimal(1)
    for factor in factors:
        result = _EXACT.multiply(result, factor)
    return result


def written(amount: Decimal, currency: str | None) -> str:
    """Return an amount as it goes out: with the digits of its currency, and never fewer than it has."""
    whole, _, fraction = f"{amount:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(digits_of(currency), "0")
    return f"{whole}.{fraction}" if fraction else whole


def currency_of(record: Any) -> str | None:
    """Return the currency that a record's amounts are in, if it says so."""
    found = record.get(CURRENCY) if isinstance(record, Mapping) else getattr(record, CURRENCY, None)
    return found if isinstance(found, str) else None


def too_fine(currency: str) -> Fault:
    """Return what is wrong with an amount that has more digits than its currency."""
    text = "{currency} has {max} digits after the point."
    return Fault("too-fine-for-currency", text, currency=currency, max=digits_of(currency))


def too_great(digits: int) -> Fault:
    """Return what is wrong with a number that is too great to be kept."""
    return Fault("too-great", "More than can be kept: at most {max} digits before the point.", max=digits)


def check_amount(field: str, amount: Decimal, currency: str) -> None:
    """Refuse an amount that its currency does not have, or that is too large to be kept.

    Args:
        field: where the request says it, e.g. ``payment_terms.0.amount``.

    Raises:
        Invalid: ``invalid-input`` for the field.
    """
    if abs(amount) >= GREATEST:
        raise Invalid.field(field, too_great(15))
    if amount != round_amount(amount, currency):
        raise Invalid.field(field, too_fine(currency))
