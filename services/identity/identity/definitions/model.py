"""Definitions of every kind stand in one table, which is also what this service itself goes by."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from identity.base import Base
from servicekit import Conflict, Fault, Invalid, NotFound, Record, new_id, today
from servicekit.base.fields import Flag, Integer, Text
from servicekit.base.texts import name_key
from servicekit.nouns.definitions import DICTIONARY, NUMBERING, PARAMETER
from servicekit.nouns.patterns import NotAPattern, Pattern
from servicekit.nouns.terms import names_of

INTEGER, TEXT, FLAG = "integer", "text", "flag"
TYPES = {INTEGER: ("整数", "Whole number"), TEXT: ("文本", "Text"), FLAG: ("是否", "Yes or no")}

MOST_TERMS = 500
"""A dictionary is told and read as a whole."""


class Definition(Record, Base):
    """What is configured under a key; its kind says what the body holds."""

    __tablename__ = "definition"

    kind: Mapped[str]
    noun: Mapped[str] = mapped_column(default="")
    key: Mapped[str]
    body: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "polymorphic_on": "kind"}

    def change(self, **said: Any) -> None:
        """Put something else into the body."""
        self.body = {**self.body, **said}

    @property
    def label(self) -> dict[str, str]:
        """What people call it."""
        return dict(self.body["label"])


@dataclass(frozen=True)
class ShownTerm:
    """A term by itself."""

    seen_by: ClassVar[tuple[str, ...]] = ()

    id: str
    code: str
    label: dict[str, str]
    remark: str | None
    active: bool
    position: int


class Dictionary(Definition):
    """The terms that a field takes, in their order (ID-43, CU-64)."""

    __mapper_args__ = {"polymorphic_identity": DICTIONARY}

    @property
    def remark(self) -> str | None:
        """What is noted on it."""
        return self.body.get("remark")

    @property
    def open(self) -> bool:
        """Whether other texts are taken too."""
        return bool(self.body.get("open", True))

    @property
    def terms(self) -> list[dict[str, Any]]:
        """All terms, with their places."""
        return [{**term, "position": place} for place, term in enumerate(self.body["terms"], 1)]

    def term(self, term_id: UUID) -> ShownTerm:
        """Return a term with its place.

        Raises:
            NotFound: ``term-not-found``.
        """
        for term in self.terms:
            if term["id"] == str(term_id):
                return ShownTerm(**term)
        raise NotFound("term-not-found", "There is no such term.")

    def add(self, position: int | None = None, **said: Any) -> UUID:
        """Add a term, at the end unless a place is named; its code is its English label unless it has one.

        Raises:
            Conflict: ``dictionary-full``, ``term-taken``.
        """
        if len(self.body["terms"]) >= MOST_TERMS:
            told = f"The dictionary has {MOST_TERMS} terms already."
            raise Conflict("dictionary-full", told, params={"max": MOST_TERMS})
        term_id = new_id()
        code = said.pop("code", None) or said["label"]["en"]
        term = {"id": str(term_id), "code": code, "active": True, "remark": None, **said}
        self._place([*self.body["terms"]], term, position)
        if self.body.get("closes"):
            self.say_open(False)
        return term_id

    def say_open(self, wanted: bool) -> None:
        """Take texts besides the terms, or no longer: from now on as somebody has said."""
        self.change(open=wanted, closes=False)

    def revise(self, term_id: UUID, position: int | None = None, **said: Any) -> None:
        """Rename a term, move it, take it out of use or back; its code stays, since records have it.

        Raises:
            Conflict: ``term-taken``.
        """
        term = asdict(self.term(term_id))
        place = term.pop("position")
        others = [each for each in self.body["terms"] if each["id"] != term["id"]]
        self._place(others, {**term, **said}, position or place)

    def use(self, term_ids: Collection[UUID], *, active: bool) -> None:
        """Take terms out of use, or back.

        Raises:
            NotFound: ``term-not-found``.
        """
        terms, wanted = self.body["terms"], {str(term_id) for term_id in term_ids}
        if unknown := wanted - {term["id"] for term in terms}:
            self.term(UUID(min(unknown)))
        self.change(terms=[{**term, "active": active} if term["id"] in wanted else term for term in terms])

    def _place(self, others: list[dict[str, Any]], term: dict[str, Any], position: int | None) -> None:
        taken = {name for other in others for name in names_of(other)}
        names = {"code": term["code"]} | {f"label.{each}": said for each, said in term["label"].items()}
        told = Fault("term-taken", "Another term is called so.")
        if taken_too := [field for field, said in names.items() if name_key(said) in taken]:
            raise Conflict("term-taken", told, [{"field": field, "message": told} for field in taken_too])
        others.insert(len(others) if position is None else position - 1, term)
        self.change(terms=others)


class NumberingRule(Definition):
    """How the numbers of a series look (GW-57)."""

    __mapper_args__ = {"polymorphic_identity": NUMBERING}

    @property
    def pattern(self) -> str:
        """How they look."""
        return str(self.body.get("pattern") or self.preset)

    @property
    def preset(self) -> str:
        """How they looked first."""
        return str(self.body["preset"])

    @property
    def counts(self) -> str:
        """When counting begins anew."""
        return str(self.body["counts"])

    @property
    def fields(self) -> list[str]:
        """What of the record may stand in its number."""
        return list(self.body["fields"])

    @property
    def example(self) -> str:
        """What the first number of today would be."""
        pattern = Pattern.read(self.pattern, self.counts)
        return pattern.written(today(), 1, {field: field.upper() for field in self.fields})

    def revise(self, pattern: str | None, counts: str) -> None:
        """Let the next number look otherwise.

        Raises:
            Invalid: if the pattern could give a number twice, or holds what no number can show.
        """
        try:
            read = Pattern.read(pattern or self.preset, counts)
        except NotAPattern as wrong:
            raise Invalid.field("pattern", wrong.args[0]) from wrong
        for field in read.fields:
            if field not in self.fields:
                fault = Fault("not-a-token", "{token} is no token of a number.", token=f"{{{field}}}")
                raise Invalid.field("pattern", fault)
        self.change(pattern=pattern or self.preset, counts=counts)


class ParameterSetting(Definition):
    """What a parameter is set to, and what may be said of it (ID-42)."""

    __mapper_args__ = {"polymorphic_identity": PARAMETER}

    @property
    def type(self) -> str:
        """What kind of value it has."""
        return str(self.body["type"])

    @property
    def explanation(self) -> dict[str, str]:
        """What it does."""
        return dict(self.body["explanation"])

    @property
    def value(self) -> Any:
        """What holds now."""
        set_to = self.body.get("value")
        return self.default if set_to is None else set_to

    @property
    def default(self) -> Any:
        """What holds until it is set."""
        return self.body["default"]

    @property
    def minimum(self) -> int | None:
        """The least that a figure may be, or the fewest characters."""
        return self.body.get("minimum")

    @property
    def maximum(self) -> int | None:
        """The most that a figure may be, or the most characters."""
        return self.body.get("maximum")

    def set(self, value: Any) -> None:
        """Set it; None lets the default hold again.

        Raises:
            Invalid: unless the value is of its kind and within its bounds.
        """
        self.change(value=None if value is None else self._read(value))

    def _read(self, value: Any) -> Any:
        fields: dict[str, Any] = {
            INTEGER: Integer(minimum=self.minimum, maximum=self.maximum),
            TEXT: Text(self.maximum or 200, blank=True),
            FLAG: Flag(),
        }
        try:
            return fields[self.type].deserialize(value)
        except ValidationError as error:
            raise Invalid.field("value", error.messages[0]) from error
