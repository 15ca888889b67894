"""Which nouns of a service have steps that need consent, as its contract tells it: ``x-approvals``."""

from typing import Any

from servicekit.base.labels import written
from servicekit.nouns.approvals.codes import APPROVED, REJECTED
from servicekit.nouns.approvals.following import ApprovalFollower
from servicekit.nouns.noun import nouns_of

BOTH = (APPROVED, REJECTED)


def described(service_class: type) -> dict[str, Any]:
    """Return the nouns with such steps, as the contract has them.

    Raises:
        TypeError: if nobody follows what is decided of them.
    """
    nouns = [noun for noun in nouns_of(service_class) if noun.approvals]
    for noun in nouns:
        undecided = [
            each for each in noun.approvals if any((each, how) not in noun.decisions for how in BOTH)
        ]
        if undecided or not issubclass(service_class, ApprovalFollower):
            raise TypeError(f"Nobody follows what is decided of {noun.name}: {', '.join(undecided)}.")
    return {
        noun.name: {
            "service": service_class.name,  # type: ignore[attr-defined]
            "path": noun.path,
            "label": written(noun.label),
            "steps": [{"key": key, "label": written(label)} for key, label in noun.approvals.items()],
        }
        for noun in nouns
    }
