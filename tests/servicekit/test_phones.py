"""Phone numbers: E.164 where it is valid, and the ways in which one is found (M-16)."""

import pytest

from servicekit.base.phones import digits, e164, is_phone_like, ways_to_dial


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("13800138000", "+8613800138000"), ("+86 138-0013-8000", "+8613800138000"),
        ("0086 138 0013 8000", "+8613800138000"), ("１３８００１３８０００", "+8613800138000"),
        ("021-6277 0334 转 801", "+862162770334"), ("tel:+86-138-0013-8000;ext=12", "+8613800138000"),
        ("+49 (0)711 555-0199", "+497115550199"), ("400-820-8820", "+864008208820"),
        ("021-62770334分机801", "+862162770334"), ("021-6277 0334 分机号：801", "+862162770334"),
        ("+86 138 0013 8000 ext. 12", "+8613800138000"), ("13800138000 x12", "+8613800138000"),
        ("021-62770334, extension 801", "+862162770334"), ("Tel: 138 0013 8000", "+8613800138000"),
    ],
)  # fmt: skip
def test_a_valid_number_has_its_e164(typed: str, dialled: str) -> None:
    """(M-16)"""
    assert e164(typed) == dialled


@pytest.mark.parametrize(
    "typed", ["504-555-0142", "62770334", "110", "001-555-123-4567x890", "call me", "", None]
)
def test_what_is_not_valid_at_home_has_none(typed: str | None) -> None:
    """A number of the United States does not become Chinese (M-16)."""
    assert e164(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["138OO138OOO", "1-800-FLOWERS", "021-6888ABCD", "１３８ＯＯ１３８ＯＯＯ", "138x0013x8000", "13800138000 王",
     "x13800138000", "13800138000 ext", "13800138000 转王芳", "138O0138000 转 801"],
)  # fmt: skip
def test_letters_are_no_keys_of_a_phone(typed: str) -> None:
    """An O for a nought would become another number, and nobody would see it (M-16)."""
    assert e164(typed) is None and e164(typed, "US") is None
    assert ways_to_dial(typed) == {digits(typed)}


def test_a_number_is_valid_where_it_is_called_from() -> None:
    """(M-16)"""
    assert e164("504-555-0142", "US") == "+15045550142"
    assert e164("07400 123456", "GB") == "+447400123456"
    assert e164("+86 138 0013 8000", "GB") == "+8613800138000"


def test_a_number_is_looked_for_with_and_without_its_country_code() -> None:
    """(M-16)"""
    assert ways_to_dial("+86 138-0013-8000") == {"13800138000"}
    assert ways_to_dial("021-5550 1001") == {"2155501001"}
    assert ways_to_dial("+49 (0)711 555-0199") == {"7115550199"}
    assert ways_to_dial("138000") == {"138000"}
    assert digits("٠١٢ ３４") == "01234"


def test_a_text_with_words_is_no_number() -> None:
    assert is_phone_like("+86 (0)21 5550-1001")
    assert is_phone_like("138000")
    assert is_phone_like("\u202atel:+86-138-0013-8000;ext=7\u202c")
    assert is_phone_like("021-6277 0334 转 801")
    assert is_phone_like("021-6277 0334 分机 801")
    assert not is_phone_like("KH20261122-0001")
    assert not is_phone_like("3M")
    assert not is_phone_like("12")
