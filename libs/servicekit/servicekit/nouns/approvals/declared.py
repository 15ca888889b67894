"""Which nouns of a service have steps that need consent, as its contract tells it: ``x-approvals``."""

from typing import Any

from servicekit.base.labels import written
from servicekit.nouns.noun import nouns_of


def described(service_class: type) -> dict[str, Any]:
    """Return the nouns with such steps, as the contract has them."""
    return {
        noun.name: {
            "path": noun.path,
            "label": written(noun.label),
            "steps": [{"key": key, "label": written(label)} for key, label in noun.approvals.items()],
        }
        for noun in nouns_of(service_class)
        if noun.approvals
    }
