"""What fields and codes are called in Chinese and in English: for people, so that no client keeps words of its own.

    status = Code(STATUSES, dump_only=True, label=("合同状态", "Status"))
    STATUSES = {DRAFT: ("草稿", "Draft"), SIGNED: ("已签订", "Signed")}

The contract carries them: ``x-label`` of a field, ``x-enum-labels`` of what its codes mean (docs/decisions/0032).
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any, ClassVar

from marshmallow import ValidationError

from servicekit.base.errors import Fault
from servicekit.base.texts import HANZI

Label = tuple[str, str]
"""In Chinese and in English."""

CAN = "can"
"""What the list of what the caller may do with a record is called (``servicekit.nouns.possible``)."""

OWN: Mapping[str, Label] = {
    "id": ("记录标识", "ID"),
    "version": ("版本", "Version"),
    "owner_id": ("负责人", "Owner"),
    "created_at": ("创建时间", "Created"),
    "updated_at": ("更新时间", "Updated"),
    CAN: ("可执行操作", "What may be done"),
    "items": ("记录", "Records"),
    "next": ("下一页", "Next page"),
    "total": ("总数", "Total"),
}
"""What the kit gives every record and page is called so, unless the field says otherwise."""


class Labelled:
    """What every field of ours can say of itself to people.

    Args:
        label: what it is called, in Chinese and in English.
    """

    fault: ClassVar[str] = "invalid-value"
    """The code of what is refused as being of another kind altogether."""

    def __init__(self, *of: Any, label: Label | None = None, **more: Any):
        super().__init__(*of, **more)
        self.label = label

    def make_error(self, key: str, **more: Any) -> ValidationError:
        """Return one of Marshmallow's own refusals with a code."""
        error: ValidationError = super().make_error(key, **more)  # type: ignore[misc]
        code = {"required": "required", "null": "null", "type": "wrong-type"}.get(key, self.fault)
        return ValidationError(Fault(code, str(error.messages[0])))


def written(label: Label) -> dict[str, str]:
    """Return a label as the contract has it."""
    return dict(zip(("zh", "en"), label, strict=True))


def choices_written(choices: Mapping[str, Label]) -> dict[str, dict[str, str]]:
    """Return what codes are called as the contract has it."""
    return {code: written(label) for code, label in choices.items()}


def faults(document: Mapping[str, Any]) -> list[str]:
    """Return one sentence for everything in a contract's schemas that people could not read.

    A problem is no record: what it says is written for people itself.
    """
    schemas = [each for each in document["components"]["schemas"].items() if each[0] != "Problem"]
    programs = {
        operation["operationId"]
        for path in document.get("paths", {}).values()
        for operation in path.values()
        if isinstance(operation, Mapping) and "operationId" in operation
    }
    return [
        fault
        for name, schema in schemas
        for fault in (*faults_of(name, schema.get("properties", {})), *_of_codes(name, schema, programs))
    ]


def faults_of(name: str, members: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the labels of members that stand together."""
    labels = {member: described.get("x-label") for member, described in members.items()}
    for member, label in labels.items():
        yield from _of_label(f"{name}.{member}", label)
    yield from _of_the_same(name, {member: label for member, label in labels.items() if label})


def _of_codes(name: str, schema: Any, programs: Set[str]) -> Iterator[str]:
    """Yield what is wrong with the codes of a schema and of its parts.

    Args:
        programs: the names of operations, which are for programs: a client has a button of its own for each.
    """
    if isinstance(schema, list):
        for part in schema:
            yield from _of_codes(name, part, programs)
    if not isinstance(schema, dict):
        return
    if isinstance(codes := schema.get("enum"), list) and not programs >= {*codes}:
        labels = schema.get("x-enum-labels", {})
        for code in codes:
            if code is not None:
                yield from _of_label(f"{name} {code}", labels.get(code))
        yield from _of_the_same(name, labels)
    for key, part in schema.items():
        part_name = f"{name}.{key}" if key not in ("properties", "items") else name
        yield from _of_codes(part_name, part, programs)


def _of_label(name: str, label: Mapping[str, str] | None) -> Iterator[str]:
    if not label:
        yield f"{name} has no label"
    elif not HANZI.search(label["zh"]):
        yield f"{name} has no label in Chinese"
    elif not label["en"] or HANZI.search(label["en"]):
        yield f"{name} has no label in English"


def _of_the_same(name: str, labels: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for language in ("zh", "en"):
        seen: dict[str, str] = {}
        for what, label in labels.items():
            if (other := seen.setdefault(label[language], what)) != what:
                yield f"{name}: {other} and {what} are both called {label[language]}"
