"""Fields: strict about what comes in, exact about what goes out."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from servicekit.base.fields import (
    Code,
    Currency,
    Date,
    Email,
    Flag,
    Id,
    Integer,
    List,
    Money,
    Nested,
    Number,
    PastDate,
    PastTimestamp,
    Phone,
    PlannedTimestamp,
    Schema,
    Text,
    Timestamp,
    flatten,
)
from servicekit.base.texts import comparable


def accepted(field: Any, value: Any) -> Any:
    """Return what a field makes of a value, through the schema and back; refuse what it refuses."""
    schema = Schema.from_dict({"value": field})()
    return schema.load({"value": value})["value"]


def shown(field: Any, value: Any) -> Any:
    return Schema.from_dict({"value": field})().dump({"value": value})["value"]


WRONG: list[tuple[Any, list[Any]]] = [
    (Money(), ["1e3", "1.00005", "1_000", " 1", "1 ", "１２", "1,5", "", ".5", "5.", "+1", "NaN", "Infinity", "0x1",
               1.5, True, None, [], {}, "9" * 16, 10**16, "1\n", "--1"]),
    (Money(minimum=0), ["-0.01", -1]),
    (Money(above=0), ["0", "0.00", "-0", 0]),
    (Number(), ["1.00001", "9" * 15, "1e1", "inf", 0.1, False, "٣"]),
    (Integer(), ["1", 1.5, float("inf"), True, None, 2_000_000_001, 10**30]),
    (Integer(minimum=0), [-1]),
    (Flag(), [0, 1, "true", "yes", None, "on"]),
    (Code(("a", "b")), ["c", "A", "", " a", None, 1, ["a"], "a\n"]),
    (Currency(), ["cny", "CN", "CNYY", "CNY\n", "ＣＮＹ", None, 1, "RMB", "ZZZ", "XXX", "XTS", "XAU", "DEM", "BGN"]),
    (Text(5), ["", "  ", "123456", "a\x00", "\ud800", "a\x08b", "a\x07", None, 1, [], "a\x7f"]),
    (Text(5), ["\u200b", "\u200e \u2060", "\u3164", "\u2800", "\u115f\u1160", "\t\n", "a\x1fb", "a\x9bb"]),
    (Text(5, multiline=True), ["a\x00b", "a\x1bb", "\udfff", "\f\v\u200b"]),
    (Phone(), ["", "call me", "12", "a1@b23.co", "1380013\x008000", "1" * 51, 13800138000, None]),
    (Email(), ["a", "a@b", "a@@b.cn", "a b@c.cn", "@b.cn", "a@.cn", "a@b..cn", "a@b.cn\x00", "a" * 65 + "@b.cn",
               "a@" + "b" * 260 + ".cn", 5, "a@b.cn;", "a@b.cn,", "<a@b.cn>", "Li Na <a@b.cn>", "mailto:a@b.cn",
               "a@b.cn.", "a@b.cn c@d.cn", "a@b.cn\tc@d.cn", "＜a@b.cn＞", "a＠b＠c.cn"]),
    (Date(), ["22.11.2026", "2026-13-01", "2026-02-29", "", 5, None, "2026-11-22T00:00:00", "２０２６-11-22",
              "20261122", "2026-W47-7"]),
    (Timestamp(), ["2026-11-22T08:00:00", "now", 5, "", "2026-11-22", "20261122T080000Z", "2026-11-22T08:00Z",
                   "2026-W47-7T08:00:00Z", "2026-11-22T08:00:00,5Z", "2026-11-22T08:00:00+08",
                   "２026-11-22T08:00:00Z"]),
    (Id(), ["1", "", 5, None, "g" * 32, ["a"]]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in WRONG for value in values],
    ids=lambda x: repr(x)[:40],
)
def test_what_a_field_does_not_understand_exactly_it_refuses(field: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        accepted(field, value)


NOT_A_TIME = "Must be a time with its offset from UTC, like 2026-11-22T16:00:00+08:00."


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (Money(), "9" * 16, "More than can be kept: at most 15 digits before the point."),
        (Money(), 10**16, "More than can be kept: at most 15 digits before the point."),
        (Money(), "1.00005", "At most 4 digits after the point."),
        (Money(), "1,5", "Not an amount like 1234.50."),
        (Number(), "9" * 15, "More than can be kept: at most 14 digits before the point."),
        (Number(), "1e1", "Not a decimal like 2.5."),
        (Timestamp(), "2026-11-22T08:00:00", NOT_A_TIME),
        (PastTimestamp(), "now", NOT_A_TIME),
        (PlannedTimestamp(), "tomorrow", NOT_A_TIME),
        (PlannedTimestamp(), "2200-01-01T00:00:01Z", "Must be a time between 1900 and 2200."),
        (PlannedTimestamp(), "9999-12-31T23:59:59-14:00", "Must be a time between 1900 and 2200."),
        (PlannedTimestamp(), "0001-01-01T00:00:00+14:00", "Must be a time between 1900 and 2200."),
        (PastTimestamp(), "9999-12-31T23:59:59-14:00", "Must not be in the future, nor before 1990."),
        (PastTimestamp(), "0001-01-01T00:00:00+14:00", "Must not be in the future, nor before 1990."),
        (Timestamp(), "9999-01-01T00:00:00Z", "Must be of the years 2 to 9998."),
        (Date(), "22.11.2026", "Must be a day like 2026-11-22."),
        (PastDate(), "2026-02-30", "Must be a day like 2026-11-22."),
    ],
    ids=lambda x: repr(x)[:30],
)  # fmt: skip
def test_a_refusal_says_what_would_be_right(field: Any, value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        accepted(field, value)
    assert refused.value.normalized_messages() == {"value": [message]}


RIGHT: list[tuple[Any, Any, Any, Any]] = [
    (Money(), "1234.5", Decimal("1234.5"), "1234.50"),
    (Money(), 12, Decimal(12), "12.00"),
    (Money(), "-0", Decimal(0), "0.00"),
    (Money(), "-0.01", Decimal("-0.01"), "-0.01"),
    (Money(), "999999999999999.99", Decimal("999999999999999.99"), "999999999999999.99"),
    (Money(), "007", Decimal(7), "7.00"),
    (Number(), "1.5000", Decimal("1.5"), "1.5"),
    (Number(), "100", Decimal(100), "100"),
    (Number(), "0.0001", Decimal("0.0001"), "0.0001"),
    (Number(), "-0.0", Decimal(0), "0"),
    (Text(5), "  红楼梦 ", "红楼梦", "红楼梦"),
    (Text(5), "\t红\t楼 \r\n 梦\n", "红 楼 梦", "红 楼 梦"),
    (Text(9), "a\fb\vc\u2028d\u0085e\r\n", "a b c d e", "a b c d e"),
    (Text(5), "a  b", "a  b", "a  b"),
    (Text(5, multiline=True), "a\r\nb", "a\nb", "a\nb"),
    (Text(9, multiline=True), "a\fb\vc\u2028d\u0085e\r", "a\nb\nc\nd\ne", "a\nb\nc\nd\ne"),
    (Text(1), "Zoe\u0308\u200b"[2:], "ë", "ë"),
    (Text(5, blank=True), "", "", ""),
    (Text(2), "😀😀", "😀😀", "😀😀"),
    (Email(), " Zhang.Wei@Example.COM ", "zhang.wei@example.com", "zhang.wei@example.com"),
    (Email(), "\u200ba@b.co\u200b", "a@b.co", "a@b.co"),
    (Email(), "ａ@b.co", "a@b.co", "a@b.co"),
    (Email(), "Ｗａｎｇ＠ｂ．ｃｏ\t", "wang@b.co", "wang@b.co"),
    (Email(), "info@bücher.example", "info@bücher.example", "info@bücher.example"),
    (Email(), "app@kehu.local", "app@kehu.local", "app@kehu.local"),
    (Phone(), "\u202a+86 138 0013 0004\u202c", "+86 138 0013 0004", "+86 138 0013 0004"),
    (Phone(), "tel:+86-138-0013-8000;ext=12", "tel:+86-138-0013-8000;ext=12", "tel:+86-138-0013-8000;ext=12"),
    (Phone(), "504-555-0142", "504-555-0142", "504-555-0142"),
    (Integer(minimum=0), 0, 0, 0),
    (Integer(), 3.0, 3, 3),
    (Flag(), False, False, False),
]


@pytest.mark.parametrize(("field", "value", "loaded", "dumped"), RIGHT, ids=lambda x: repr(x)[:30])
def test_what_a_field_understands_it_keeps_exactly(field: Any, value: Any, loaded: Any, dumped: Any) -> None:
    result = accepted(field, value)
    assert result == loaded and type(result) is type(loaded)
    assert shown(field, result) == dumped


@given(st.decimals(min_value=-(10**15) + 1, max_value=10**15 - 1, places=2))
def test_every_amount_comes_back_as_it_went_in(amount: Decimal) -> None:
    assert accepted(Money(), f"{amount:f}") == amount
    assert accepted(Money(), shown(Money(), amount)) == amount


@given(st.decimals(min_value=-(10**14) + 1, max_value=10**14 - 1, places=4))
def test_every_number_comes_back_as_it_went_in(number: Decimal) -> None:
    assert accepted(Number(), f"{number:f}") == number
    assert accepted(Number(), shown(Number(), number)) == number


@given(st.text(max_size=60))
def test_every_text_is_refused_or_kept_as_a_reader_sees_it(text: str) -> None:
    try:
        kept = accepted(Text(50, multiline=True, blank=True), text)
    except ValidationError:
        return
    assert comparable(kept) == comparable(text)
    assert accepted(Text(50, multiline=True, blank=True), kept) == kept
    assert (kept.encode("utf-8") and "\x00" not in kept) or kept == ""


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.text(), st.none(), st.lists(st.integers())))
def test_a_field_refuses_with_a_message_and_never_with_anything_else(value: Any) -> None:
    fields = [
        Money(),
        Number(),
        Integer(),
        Text(),
        Email(),
        Flag(),
        Code("ab"),
        Currency(),
        Date(),
        Timestamp(),
        Id(),
    ]
    for field in fields:
        try:
            accepted(field, value)
        except ValidationError as error:
            assert flatten(error.messages)[0]["field"] == "value"


PILES = ["\u0301" * 300_000 + "\u0323" * 300_000, "\u0f73\uff9e\u0301" * 200_000, "\ufdfa" * 300_000, "́" * 31]


@pytest.mark.parametrize("pile", PILES, ids=["two kinds of marks", "marks in disguise", "ligatures", "a few"])
@pytest.mark.parametrize("field", [Text(200), Text(5000, multiline=True), Email(), Phone()], ids=str)
def test_a_pile_of_marks_is_refused_before_it_is_composed(field: Any, pile: str) -> None:
    """To compose the first two takes longer than any test waits (M-1)."""
    with pytest.raises(ValidationError):
        field.deserialize("a" + pile)


def test_too_long_a_list_is_refused_before_any_item_is_looked_at() -> None:
    """(M-02)"""
    looked_at = []

    class Watched(Integer):
        def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
            looked_at.append(value)
            return int(value)

    assert accepted(List(Watched(), minimum=1, maximum=3), [1, 2, 3]) == [1, 2, 3]
    looked_at.clear()
    for items in ([1] * 4, [1] * 100_000, []):
        with pytest.raises(ValidationError):
            accepted(List(Watched(), minimum=1, maximum=3), items)
    assert looked_at == []


def test_a_list_that_clients_send_cannot_be_declared_without_a_maximum() -> None:
    """(M-02)"""
    with pytest.raises(TypeError):
        List(Integer())
    assert List(Integer(), dump_only=True).maximum is None


def test_messages_become_one_entry_a_field_with_the_path_to_it() -> None:
    class Line(Schema):
        price = Money(required=True)

    class Order(Schema):
        lines = List(Nested(Line), maximum=10)

    with pytest.raises(ValidationError) as refused:
        Order().load({"lines": [{"price": "1"}, {"price": "x"}, {}, 5], "colour": 1})
    found = {entry["field"] for entry in flatten(refused.value.messages)}
    assert found == {"lines.1.price", "lines.2.price", "lines.3", "colour"}
