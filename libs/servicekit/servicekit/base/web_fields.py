"""Schema fields with addresses of the web."""

import re
from typing import Any

from marshmallow import ValidationError

from servicekit.base.errors import Fault
from servicekit.base.fields import Text

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![0-9])", re.IGNORECASE)
_HOST = re.compile(r"https?://[^\s/:?#@]+\.[^\s/:?#@]+(:[0-9]{1,5})?([/?#]\S*)?", re.IGNORECASE)


class Website(Text):
    """The address of a website; ``https://`` is put before one without a scheme, other schemes are refused."""

    def __init__(self, **more: Any):
        super().__init__(maximum=300, **{"metadata": {"example": "https://www.example.com"}, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        address = text if _SCHEME.match(text) else f"https://{text}"
        if not _HOST.fullmatch(address):
            raise ValidationError(Fault("not-a-website", "Not the address of a website."))
        return address
