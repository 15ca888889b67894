"""Texts: the one form in which they come in, and the one key by which they are compared (docs/decisions/0021)."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

LONGEST_KEY = 300
"""What is indexed of a key stays well below the 2,704 bytes that a B-tree takes, whatever the characters."""

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What nobody sees: Unicode's Default_Ignorable_Code_Point, and the marks of annotations."""

MOST_MARKS = 30
"""How many marks may sit on one letter."""

UNSPACED = "\u2e80-\u2fff\u3001-\u3130\u3190-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters and kana with their punctuation: writing that has no blanks between words."""

CHINESE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANZI = re.compile(f"[{CHINESE}]")
"""One Chinese character."""

_PICTURE = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f"
_PICTURE += "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_JOINED = "\u0600-\u0605\u0620-\u06ff\u0700-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u18af"
"""Arabic, Syriac, N'Ko, the scripts of India, Tibetan, Burmese, Khmer, Mongolian: what joins letters says something."""
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"

_INVISIBLE = re.compile(
    rf"(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])"
    rf"|(?<=[{_PICTURE}])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    "|(?<=\U0001f3f4)[\U000e0020-\U000e007e]+\U000e007f"
    rf"|(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])|(?<=[{_VIRAMA}])\u200d"
    "|(?<=[\u1820-\u18af])[\u180b-\u180f]"
    f"|(?<=[{UNSPACED}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    f"|([{IGNORABLE}])"
)
"""What nobody sees; what comes before the last alternative is seen by what it makes of its neighbours, and stays."""

_FOLDED = str.maketrans({"ß": "ss", "ς": "σ"})
"""What differs in small letters although it is one in capitals (``i̇``, of Turkish ``İ``, is the third)."""

_IGNORABLES = re.compile(f"[{IGNORABLE}]+")
_BLANKS = re.compile("[\\s\u2800]+")
_NO_BLANKS = re.compile(f" (?=[{UNSPACED}])|(?<=[{UNSPACED}]) ")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_WHITESPACE = re.compile(r"\s+")
_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def is_overloaded(text: str) -> bool:
    """Tell whether more marks sit on one letter than any writing has (Unicode's stream-safe format allows as many).

    To compose such a text takes the square of their number: a few hundred kilobytes would stop a service for minutes.
    """
    run = 0
    for character in text:
        run = run + 1 if _is_mark(character) else 0
        if run > MOST_MARKS:
            return True
    return False


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    """Whether a character is, or begins when it is taken apart, with a mark on the letter before it."""
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) != 0


def clean(text: str) -> str:
    """Return a text in the form in which it is kept: composed (NFC), and without what nobody sees.

    Joiners and variation selectors stay where they are seen: in emoji, in Persian, in the scripts of India, behind
    Chinese characters. Blanks at the ends go.
    """
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFC", text)
    return _INVISIBLE.sub(lambda found: "" if found[1] else found[0], text).strip()


def with_line_breaks(text: str) -> str:
    """Return a text whose lines end with a line feed, whatever they, its paragraphs and its pages ended with."""
    return _LINE_BREAKS.sub("\n", text)


def in_one_line(text: str) -> str:
    """Return a text of one line: what is pasted from a table brings tabs and line breaks, each run of them a blank."""
    return _WHITESPACE.sub(
        lambda found: " " if "\t" in found[0] or _LINE_BREAKS.search(found[0]) else found[0], text
    )


def comparable(text: str) -> str:
    """Return what two texts share that are the same to a reader: the key they are compared by.

    Width, case (also of ``ß`` and a final ``ς``), how a letter is composed (NFKC) and what nobody sees do not count;
    several blanks count as one, and beside a Chinese character or kana they do not count at all. The database has the
    same function, ``kehu_key``.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).lower()
    text = unicodedata.normalize("NFKC", _IGNORABLES.sub("", text).translate(_FOLDED).replace("i\u0307", "i"))
    return _NO_BLANKS.sub("", _BLANKS.sub(" ", text).strip())


def is_unspaced(character: str) -> bool:
    """Tell whether a character is of a writing without blanks, in which one is a word. The database has the same
    judge, ``kehu_characters``.
    """
    return _UNSPACED.fullmatch(character) is not None


def name_key(name: str) -> str:
    """Return the key of a name, short enough to be indexed whatever the name."""
    return comparable(name)[:LONGEST_KEY]


def storable(text: str) -> str:
    """Return a text that PostgreSQL can store, with what it cannot written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def holds_nul(value: Any) -> bool:
    """Tell whether there is a NUL in any text of a value, the names in an object included."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(map(holds_nul, (*value.keys(), *value.values())))
    return isinstance(value, list | tuple | set | frozenset) and any(map(holds_nul, value))
