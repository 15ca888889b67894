"""Schema fields that only this service needs: phone numbers and websites."""

import re
from typing import Any

import phonenumbers
from marshmallow import ValidationError

from servicekit.fields import Text

HOME_REGION = "CN"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![0-9])", re.IGNORECASE)
_HOST = re.compile(r"https?://[^\s/:?#@]+\.[^\s/:?#@]+(:[0-9]{1,5})?([/?#]\S*)?", re.IGNORECASE)


def e164(text: str) -> str | None:
    """Return a phone number in E.164, or None if there can be no such number.

    A number without a country code is Chinese. An extension is kept as RFC 3966 writes it: ``+861062770334;ext=801``.
    """
    try:
        number = phonenumbers.parse(text.replace("转", " ext. "), HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    # A number that only works within one town, without its area code, would be somebody else's in E.164.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


class Phone(Text):
    """A phone number as people write it, kept in E.164."""

    def __init__(self, **more: Any):
        super().__init__(maximum=50, **{"metadata": {"example": "+8613800138000"}, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        number = e164(super()._deserialize(value, attr, data, **more))
        if number is None:
            raise ValidationError("Not a phone number that can exist; give it with its area or country code.")
        return number


class Website(Text):
    """The address of a website; ``https://`` is put before one without a scheme, other schemes are refused."""

    def __init__(self, **more: Any):
        super().__init__(maximum=300, **{"metadata": {"example": "https://www.example.com"}, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        address = text if _SCHEME.match(text) else f"https://{text}"
        if not _HOST.fullmatch(address):
            raise ValidationError("Not the address of a website.")
        return address
