"""Phone numbers: what was typed is kept, E.164 stands beside it where it is valid (docs/decisions/0022)."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

import phonenumbers
from sqlalchemy.orm import validates

from servicekit.base.settings import Settings
from servicekit.base.texts import comparable

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MARK = "(?:ext(?:ension|n)?|x|转接?|轉接?|分机号?|分機號?)"
"""What stands before an extension, in the form of ``comparable``."""
_EXTENSIONS = re.compile(rf"(?:[;,]?\s?{_MARK}[\s.:=]{{0,3}}\d{{1,9}})+$")
_LONGEST = 250
"""The library reads no longer text; nor do we look for extensions in one."""
_SCHEME = re.compile(r"^tel[.:]{0,2}")
_PHONE_LIKE = re.compile(rf"(tel[.:]|{_MARK}|[\d\s+().,/#*;=:‐-―-])+")


@cache
def home_region() -> str:
    """Return the region whose numbers are written without a country code (``KEHU_PHONE_REGION``)."""
    return Settings().kehu_phone_region


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    if len(text) > _LONGEST:
        return None
    typed = _EXTENSIONS.sub("", _SCHEME.sub("", comparable(text)))
    # Whoever reads letters as the keys of a phone, as the library does, makes a number of what is a mistake or a name.
    if any(character.isalpha() for character in typed):
        return None
    try:
        number = phonenumbers.parse(typed, region or home_region())
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def e164(text: str | None, region: str | None = None) -> str | None:
    """Return a phone number in E.164, or None unless there is such a number.

    Args:
        text: the number as it was typed; an extension is no part of E.164. Letters, but for ``tel:`` before it and
            the mark of an extension (``ext``, ``x``, ``转``, ``分机``), make it none.
        region: where it is called from without a country code, by ISO 3166 (``US``); None for the home region.
    """
    number = _parsed(text, region) if text else None
    if number is None:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def digits(text: str) -> str:
    """Return the digits of a phone number, as ``kehu_phone`` in the database takes them."""
    return re.sub("[^0-9]+", "", unicodedata.normalize("NFKC", text).translate(_DIGITS))


def is_phone_like(text: str) -> bool:
    """Tell whether a text may be a phone number or a part of one: three digits at least, and no words."""
    return len(digits(text)) >= 3 and _PHONE_LIKE.fullmatch(comparable(text)) is not None


def ways_to_dial(text: str) -> set[str]:
    """Return the digits by which a number is found that was typed with or without its country code.

    What holds another of them is left out: whatever holds the longer one holds the shorter.
    """
    ways = {digits(text)}
    if number := _parsed(text, None):
        ways.add(phonenumbers.national_significant_number(number))
    return {way for way in ways if not any(other in way for other in ways - {way})}


def comparable_number(text: str) -> str:
    """Return what two phone numbers share that are dialled in the same way."""
    return e164(text) or digits(text) or text


def dialled(*names: str) -> Callable[[Any, str, str | None], str | None]:
    """Let an entity's ``<name>_e164`` follow its ``<name>``, whoever sets it.

    Example:
        ``_dialled = dialled("mobile", "phone")`` among the columns of an entity that also has ``mobile_e164`` and
        ``phone_e164``.
    """

    def follow(record: Any, name: str, typed: str | None) -> str | None:
        setattr(record, f"{name}_e164", e164(typed))
        return typed

    return validates(*names)(follow)
