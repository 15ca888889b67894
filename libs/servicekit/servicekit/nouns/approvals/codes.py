"""How an approval ends, and the nouns that have any."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

APPROVED, REJECTED, WITHDRAWN = "approved", "rejected", "withdrawn"
NOUNS: dict[type[Any], "Noun[Any]"] = {}
"""By entity, the nouns with steps that may need consent."""
