"""Amounts have the digits of their currency, in and out, and no product and no sum breaks them (M-19)."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit import Event, EventMoney, Invalid
from servicekit.base.fields import List, Money, Nested, Schema
from servicekit.base.money import DIGITS, GREATEST, check_amount, digits_of, product, round_amount, written


def test_currencies_are_those_of_today_with_the_digits_of_the_standard() -> None:
    assert {code: DIGITS[code] for code in ("CNY", "USD", "EUR", "JPY", "KRW", "KWD", "BHD", "CLF")} == {
        "CNY": 2, "USD": 2, "EUR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3, "CLF": 4,
    }  # fmt: skip
    assert not DIGITS.keys() & {"RMB", "ZZZ", "XXX", "XTS", "XAU", "XDR", "DEM", "HRK", "BGN", "ANG"}


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("5000.0000", "JPY", "5000"),
        ("1.5000", "KWD", "1.500"),
        ("12000.0000", "CNY", "12000.00"),
        ("0.0000", "CNY", "0.00"),
        ("-0.0100", "CNY", "-0.01"),
        ("1.2345", "CLF", "1.2345"),
        ("100.5000", "JPY", "100.5"),  # Stored before currencies were looked at: what is there is shown.
        ("7.1250", "RMB", "7.125"),
        ("12", None, "12.00"),
        ("9" * 40 + ".99", "CNY", "9" * 40 + ".99"),
    ],
)
def test_an_amount_is_shown_with_the_digits_of_its_currency(
    amount: str, currency: str | None, shown: str
) -> None:
    assert written(Decimal(amount), currency) == shown


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.5", "JPY"), ("0.005", "CNY"), ("0.0005", "KWD"), (str(GREATEST), "CNY"), (str(-GREATEST), "JPY")],
)
def test_an_amount_that_the_currency_does_not_have_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_amount("lines.0.price", Decimal(amount), currency)
    assert refused.value.errors[0]["field"] == "lines.0.price"


def test_amounts_are_rounded_half_to_even() -> None:
    rounded = [
        round_amount(Decimal(amount), "CNY") for amount in ("0.005", "0.015", "0.025", "-0.005", "2.675")
    ]
    assert rounded == [Decimal(cents) for cents in ("0.00", "0.02", "0.02", "0.00", "2.68")]
    assert [round_amount(Decimal(amount), "JPY") for amount in ("0.5", "1.5", "2.5")] == [0, 2, 2]
    assert round_amount(Decimal("1.2345"), "KWD") == Decimal("1.234")


numbers = st.decimals(min_value=-(10**14) + 1, max_value=10**14 - 1, places=4)


@given(numbers, numbers, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_the_greatest_numbers_multiply_exactly_and_round(one: Decimal, other: Decimal, currency: str) -> None:
    units = int(one.scaleb(4)) * int(other.scaleb(4))
    assert product(one, other) == Decimal((units < 0, Decimal(abs(units)).as_tuple().digits, -8))
    rounded = round_amount(product(one, other), currency)
    assert rounded.as_tuple().exponent == -digits_of(currency)


@given(st.sampled_from(sorted(DIGITS)), st.integers(-(10**14), 10**14))
def test_an_amount_of_a_currency_comes_back_as_it_went_in(currency: str, units: int) -> None:
    amount = Decimal(units).scaleb(-DIGITS[currency])
    check_amount("amount", amount, currency)
    assert Decimal(written(amount, currency)) == amount
    assert len(written(amount, currency).partition(".")[2]) == DIGITS[currency]


class PartSchema(Schema):
    """A part that does not say its currency."""

    amount = Money()
    product = Money(rounds=True)


class WholeSchema(Schema):
    """A record that does."""

    amount = Money()
    parts = List(Nested(PartSchema), maximum=10)


@pytest.mark.parametrize("kind", [dict, SimpleNamespace])
def test_a_part_is_shown_in_the_currency_of_the_whole(kind: Any) -> None:
    parts = [kind(amount=Decimal("3.0000"), product=Decimal("2.50000000"))]
    whole = WholeSchema().dump(kind(currency="JPY", amount=Decimal("3.0000"), parts=parts))
    assert whole == {"amount": "3", "parts": [{"amount": "3", "product": "2"}]}
    assert WholeSchema().dump(kind(currency="KWD", amount=Decimal(3), parts=None)) == {
        "amount": "3.000", "parts": None,
    }  # fmt: skip


def test_an_event_says_its_amounts_in_its_currency() -> None:
    class Part(Event):
        amount: EventMoney

    class Priced(Event):
        currency: str
        amount: EventMoney
        parts: list[Part]

    def said(currency: str, amount: str) -> Any:
        part = Part(amount=Decimal(amount))
        data = Priced(currency=currency, amount=Decimal(amount), parts=[part]).payload()
        assert data["parts"] == [{"amount": data["amount"]}]
        return data["amount"]

    assert [said("JPY", "5000.0000"), said("KWD", "1.2340"), said("CNY", "7"), said("RMB", "7")] == [
        "5000", "1.234", "7.00", "7.00",
    ]  # fmt: skip
