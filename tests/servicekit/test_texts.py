"""Texts: one form at the door, one key for comparing, in Python and in the database alike (M-17)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text, func, select
from sqlalchemy.orm import Session

from servicekit.base.texts import clean, comparable, is_unspaced, with_line_breaks
from servicekit.testing import RunningService

FAMILY = "👨\u200d👩\u200d👧"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("上海云图科技\u200b有限公司 ", "上海云图科技有限公司"),
        ("Zoe\u0308", "Zoë"),
        ("\ufeffname\u2060", "name"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u202eevil\u202c", "evil"),
        ("\u3000ＡＢＣ　上海\u3000", "ＡＢＣ　上海"),
        ("\u200d", ""),
        ("a\u200db", "ab"),
    ],
)
def test_what_nobody_sees_does_not_come_in(typed: str, kept: str) -> None:
    """(M-17)"""
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        FAMILY, "❤\ufe0f\u200d🔥", "🏳\ufe0f\u200d🌈", "1\ufe0f\u20e3", SCOTLAND, "👍🏽",
        "می\u200cخواهم", "क्\u200dष", "ക്\u200d", "葛\U000e0100城", "ᠠ\u180b",
    ],
)  # fmt: skip
def test_what_is_seen_by_what_it_makes_of_its_neighbours_stays(text: str) -> None:
    """Emoji, Persian, the scripts of India, variants of Chinese characters (M-17)."""
    assert clean(text) == text
    assert clean(clean(text)) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("㈱山田", "(株)山田"), ("ＡＢＣ商事　上海", "abc商事上海"), ("Straße", "STRASSE"), ("Groß", "GROSS"),
        ("Οδυσσέας ΑΕ", "ΟΔΥΣΣΈΑΣ αε"), ("Zoe\u0308", "ZOË"), ("Acme  Trading", " acme trading"), ("李 娜", "李娜"),
        ("GTX Pro 专业版", "gtx pro专业版"), ("上海\u200b云图", "上海云图"), ("ﬁne", "FINE"), ("İzmir", "izmir"),
        ("می\u200cخواهم", "میخواهم"), ("葛\U000e0100城", "葛城"),
    ],
)  # fmt: skip
def test_what_a_reader_takes_for_the_same_has_one_key(one: str, other: str) -> None:
    """(M-17)"""
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Li Na", "Lina"), ("cafe", "café"), ("云图", "云图二"), ("가 나", "가나")]
)
def test_what_a_reader_tells_apart_has_two_keys(one: str, other: str) -> None:
    """(M-17)"""
    assert comparable(one) != comparable(other)


def test_every_kind_of_line_break_is_one() -> None:
    """(M-24)"""
    assert with_line_breaks("a\r\nb\rc\fd\ve\u2028f\u2029g\x85h\ni") == "a\nb\nc\nd\ne\nf\ng\nh\ni"


@given(st.text())
def test_a_form_and_a_key_are_made_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert comparable(clean(text)) == comparable(text)
    assert comparable(comparable(text)) == comparable(text)


def test_the_database_knows_the_same_characters_as_words(started: RunningService) -> None:
    """(W-2) Those that a search finds by themselves: Chinese ones and kana, by an index of their own."""
    known = [chr(point) for point in range(0x20, 0x40000) if not 0xD800 <= point < 0xE000]
    asked = select(func.kehu_characters(func.unnest(known, type_=Text)))
    made = started.database.transact(lambda session: session.scalars(asked).all())
    wrong = [
        character
        for character, found in zip(known, made, strict=True)
        if found != ([character] if is_unspaced(character) else [])
    ]
    assert not wrong, wrong[:20]
    one = select(func.kehu_characters("云图云 ABC、"))
    assert set(started.database.transact(lambda session: session.scalars(one).one())) == {"云", "图", "、"}


def test_the_database_makes_the_same_keys(started: RunningService) -> None:
    """Of every character by itself, between letters and between Chinese ones (M-17).

    Those of Unicode 3.2, which every Python and PostgreSQL knows; later ones each knows by a table of its own.
    """
    known = (chr(point) for point in range(0x20, 0x110000))
    assigned = [c for c in known if unicodedata.ucd_3_2_0.category(c) not in {"Cn", "Co", "Cs", "Cc"}]
    texts = [form.format(character) for form in ("{}", "a{}b", "上 {} 海") for character in assigned]

    def ask(session: Session) -> list[str]:
        return [
            key
            for start in range(0, len(texts), 20_000)
            for key in session.scalars(
                select(func.kehu_key(func.unnest(texts[start : start + 20_000], type_=None)))
            )
        ]

    made = started.database.transact(ask)
    wrong = [(text, key) for text, key in zip(texts, made, strict=True) if key != comparable(text)]
    assert not wrong, wrong[:20]
