"""The nouns whose steps need consent, as the contract files of all services say it."""

from typing import Any

from servicekit import Fault, Invalid
from servicekit.contracts.told_approvals import Subject, subjects

SUBJECT_TYPES = {noun: subject.label for noun, subject in subjects().items()}


def subject_of(subject_type: str) -> Subject:
    """Return what is known of a noun that needs consent."""
    return subjects()[subject_type]


def step_named(subject_type: str, step: str | None) -> str:
    """Return the step of a noun that a flow is for; the first where none is named.

    Raises:
        Invalid: if the noun has no such step.
    """
    steps = subject_of(subject_type).steps
    if step is not None and step not in steps:
        allowed = ", ".join(steps)
        raise Invalid.field(
            "subject_step", Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=allowed)
        )
    return step or next(iter(steps))


def all_subjects() -> list[dict[str, Any]]:
    """Return the nouns with their steps, as the console asks for them."""
    return [
        {
            "noun": noun,
            "label": _label(each.label),
            "path": each.path,
            "steps": [{"key": key, "label": _label(said)} for key, said in each.steps.items()],
        }
        for noun, each in subjects().items()
    ]


def _label(label: tuple[str, str]) -> dict[str, str]:
    return {"zh": label[0], "en": label[1]}
