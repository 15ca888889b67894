"""Which nouns of any service have steps that need consent, as their contract files say it (``x-approvals``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from servicekit.base.labels import Label
from servicekit.base.published import documents


@dataclass(frozen=True)
class Subject:
    """A noun with steps that need consent."""

    service: str
    """Whose records they are, and who alone asks."""
    path: str
    """Where its records are: conditions are on their fields."""
    label: Label
    steps: Mapping[str, Label]


@cache
def subjects() -> Mapping[str, Subject]:
    """Return the nouns with steps that need consent, by name."""
    return {
        noun: Subject(
            told["service"],
            told["path"],
            _label(told["label"]),
            {step["key"]: _label(step["label"]) for step in told["steps"]},
        )
        for document in documents("openapi.json")
        for noun, told in document.get("x-approvals", {}).items()
    }


def _label(said: Mapping[str, str]) -> Label:
    return said["zh"], said["en"]
