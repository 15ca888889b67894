"""Schema fields of this service's own."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError

from servicekit.fields import Text


class Mobile(Text):
    """A mobile number: digits, ``+`` and single spaces; what else people put between digits becomes a space."""

    _NUMBER = re.compile(r"[0-9+ ]*[0-9][0-9+ ]*")

    def __init__(self, **more: Any):
        super().__init__(maximum=30, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = unicodedata.normalize("NFKC", super()._deserialize(value, attr, data, **more))
        text = " ".join(re.sub(r"[-–—.()]", " ", text).split())
        if len(text) > self.maximum or not self._NUMBER.fullmatch(text):
            raise ValidationError("Not a number like +86 138 0013 8000.")
        return text
