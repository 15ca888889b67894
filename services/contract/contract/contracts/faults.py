"""What can be wrong with the parts of a contract that have to fit together."""

from datetime import date
from decimal import Decimal

from servicekit import Fault
from servicekit.base.money import written

AMOUNT_OR_LINES = Fault("amount-or-lines", "Give an amount, or lines to sum up.")
BEFORE_START = Fault("before-start", "Must not be before starts_on.")
NO_SUCH_LINE = Fault("unknown-line", "The contract has no such line.")
TERMS_NEEDED = Fault("terms-needed", "Instalments need at least one payment term.")
ONE_TERM_AT_MOST = Fault("one-term-at-most", "A one-off payment has one term at the most.")
TERM_DIFFERS = Fault("term-differs", "The one term must be the contract's amount.")
NO_TERMS = Fault("no-terms", "A contract without payment has no terms.")


def not_sum_of_lines(total: Decimal, currency: str) -> Fault:
    """Say that the amount is another one than that of all lines."""
    text = "The lines sum to {sum}; their sum is the amount."
    return Fault("not-sum-of-lines", text, sum=written(total, currency))


def terms_differ(total: Decimal, amount: Decimal, currency: str) -> Fault:
    """Say that the payment terms are not the contract's amount together."""
    text = "They sum to {terms}, the contract to {amount}."
    return Fault("terms-differ", text, terms=written(total, currency), amount=written(amount, currency))


def before_signed(day: date) -> Fault:
    """Say that something ends before it was signed."""
    return Fault("before-signed", "Must not be before signed_on, {day}.", day=str(day))


def too_much(left: Decimal) -> Fault:
    """Say how much of a line is still to be delivered."""
    return Fault(
        "quantity-exceeds-ordered", "Only {left} is still to be delivered.", left=f"{left.normalize():f}"
    )
