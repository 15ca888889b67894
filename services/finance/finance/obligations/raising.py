"""What a signed contract raises; whatever does not add up is refused loudly."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from finance.obligations.model import ZERO, Obligation, Payable, Receivable
from servicekit.base.money import USUAL_DIGITS, digits_of, written

KIND_OF_NATURE: dict[str, type[Obligation] | None] = {
    "income": Receivable,
    "expense": Payable,
    "descriptive": None,
}
"""What a signed contract of a nature raises; None: nothing."""


def obligations_of(
    nature: str,
    payment_mode: str,
    amount: Decimal,
    signed_on: date,
    terms: Sequence[tuple[date, Decimal]],
    *,
    summary: str,
    currency: str,
    **common: Any,
) -> list[Obligation]:
    """Return what a signed contract makes us or the customer owe, to the cent (FI-01, FI-04, CT-10).

    Args:
        terms: date and amount of each payment agreed on.
        summary: the contract's name.
        common: what all rows have in common.

    Raises:
        ValueError: if the contract says something we do not know, or its terms do not add up to its amount.
    """
    if nature not in KIND_OF_NATURE:
        raise ValueError(f"a contract of the unknown nature {nature} was signed")
    kind = KIND_OF_NATURE[nature]
    if kind is None or payment_mode == "none":
        return []
    if payment_mode == "one_off":
        if len(terms) > 1:
            raise ValueError(f"a one-off payment comes with {len(terms)} terms")
        due = list(terms) or [(signed_on, amount)]
    elif payment_mode == "instalments":
        due = list(terms)
    else:
        raise ValueError(f"the payment mode {payment_mode} is not known")
    _check_sum(amount, [part for _, part in due], currency)
    rows = []
    for position, (due_on, part) in enumerate(due, 1):
        row = kind(
            position=position,
            summary=f"{summary} ({position}/{len(due)})" if len(due) > 1 else summary,
            incurred_on=signed_on,
            due_on=due_on,
            amount=part,
            currency=currency,
            **common,
        )
        row.set_status()
        rows.append(row)
    return rows


def _check_sum(amount: Decimal, parts: Sequence[Decimal], currency: str) -> None:
    # Contracts of before could have cents in a currency that has none; what was signed is owed as it was signed.
    digits = max(USUAL_DIGITS, digits_of(currency))
    if any(part < 0 or part != round(part, digits) for part in (amount, *parts)):
        raise ValueError(f"the amounts {[str(part) for part in (amount, *parts)]} are not all of {currency}")
    if sum(parts, ZERO) != amount:
        total = written(sum(parts, ZERO), currency)
        raise ValueError(f"the payment terms sum to {total}, the contract to {written(amount, currency)}")
