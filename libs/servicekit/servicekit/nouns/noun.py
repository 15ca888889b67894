"""Nouns: what is kept, declared once; the usual operations, events and permissions follow from that.

    COMPETITORS = Noun(
        Competitor, CompetitorSchema, "/v1/competitors", label=("竞争对手", "Competitors"), row="SA-38",
        filters="name~ website threat", sorts="created_at name",
    )

    @COMPETITORS.operations("list get create change delete")   # the usual ones are made …
    class CompetitorOperations:
        @COMPETITORS.action("retire", does=Competitor.retire, tells=COMPETITORS.event("retired", "…"))
        def retire_competitor(self, competitor): competitor.retire()   # … those with rules of their own are written

A service class takes in ``CompetitorOperations`` like any other, and knows the noun's permissions by it.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from types import new_class
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import inspect as inspect_model
from sqlalchemy.orm import Session

from servicekit.base.belonging import is_within
from servicekit.base.context import Caller
from servicekit.base.database import Record
from servicekit.base.fields import Schema
from servicekit.base.labels import Label
from servicekit.messages.events import publish
from servicekit.messages.record_events import RecordEvent
from servicekit.nouns.access import ForAll
from servicekit.nouns.access_events import ACCESS_CHANGED, AccessEvent
from servicekit.nouns.approvals.awaited import ApprovalAsked, of_package
from servicekit.nouns.approvals.codes import NOUNS as APPROVABLE
from servicekit.nouns.below import Below
from servicekit.nouns.deeds import FOLLOW, KEEP, SEE, Deed, Deeds
from servicekit.nouns.filtering import Search
from servicekit.nouns.glimpsing import Glimpse
from servicekit.nouns.grants import EDIT, GLIMPSE, VIEW
from servicekit.nouns.listing import Listing
from servicekit.nouns.making import taking
from servicekit.nouns.numbering import Numbers
from servicekit.nouns.operations import operation
from servicekit.nouns.possible import GUARD, Question
from servicekit.nouns.reach import load
from servicekit.nouns.usual import WORDS

C = TypeVar("C", bound=type)
R = TypeVar("R", bound=Record)

Deciding = tuple[Callable[..., Any], type[RecordEvent]]

EXAMPLE_ID = "01936f3a-7c00-7000-8000-000000000001"

_COLUMN = re.compile(r"(?P<name>[a-z_]+)(?:=(?P<column>[a-z_]+))?(?P<searched>~?)")


def columns(model: Any, text: str) -> dict[str, Any]:
    """Return columns by public name, as a noun's filters and sorts name them.

    Args:
        text: names with blanks between them: ``name~`` is searched by ``contains``, ``name=pinyin`` is another column.

    Raises:
        TypeError: for what is no name, or no column of the entity.
    """
    found: dict[str, Any] = {}
    for word in text.split():
        match = _COLUMN.fullmatch(word)
        column = getattr(model, match["column"] or match["name"], None) if match else None
        if match is None or column is None:
            raise TypeError(f"{model.__name__} has nothing to list by that is called {word}.")
        found[match["name"]] = Search(column) if match["searched"] else column
    return found


class Noun(Listing, Generic[R]):
    """A noun of a service: the list of its records, and whatever else follows from one declaration.

    Args:
        model: the entity.
        schema: what is shown of it, and taken.
        path: where its records are, e.g. ``/v1/competitors``.
        label: what several are called, in Chinese and in English.
        row: the row of the catalogue, for the docs of the usual operations.
        filters: as of ``columns``, besides the usual ones.
        sorts: as of ``columns``.
        tells: which of the usual events are told of it; none where a service writes all of them.
        also_filters: filters that are no columns of the entity, as of ``Listing``.
        also_sorts: orders that are no columns of the entity, as of ``Listing``.
        name: what one is called, where that is not its table's name.
        told_as: what a single answer shows of a record and its events tell, where that is more than the list shows.
        found_by: the column with all that a record is found by, as the filter ``search``.
        deeds: what its permissions allow, besides seeing and keeping; None where there is no such deed.
        leaves_out: fields that its events do not carry, each with the reason.
        example: members of the events' examples that follow from nothing.
        number: the pattern of its numbers, where records have one, until an administrator changes it.
        shared_up_to: the highest level that a record is shared with, of ``servicekit.nouns.grants``.
        resolves: what returns the id that a record is kept under, of one that it was named by.
        errors: what creating and changing may be refused with besides the general codes.
        change_errors, delete_errors: what only changing, or deleting, may be refused with.
        logs_looks: whether a record's history tells who looked at it.
        below: where its records are made and listed, if each belongs to one of another noun.
        approvals: its steps that may need consent, with what each is called: ``{"submit": ("提交", "Submit")}``.
        facts: columns that those who are asked for consent are told, with blanks between them.
        glimpse: the fields of a record in a pool that are shown before it is claimed, with blanks between them.
        more: what ``Listing`` takes besides.
    """

    def __init__(
        self,
        model: type[R],
        schema: type[Schema],
        path: str,
        *,
        label: Label,
        name: str = "",
        row: str = "",
        filters: str,
        sorts: str,
        also_filters: Mapping[str, Any] | None = None,
        also_sorts: Mapping[str, Any] | None = None,
        tells: str = "created updated deleted",
        told_as: type[Schema] | None = None,
        found_by: Any = None,
        deeds: Mapping[str, Deed | None] | None = None,
        leaves_out: Mapping[str, str] | None = None,
        example: Mapping[str, Any] | None = None,
        number: str = "",
        shared_up_to: int = EDIT,
        resolves: Callable[[Session, UUID], UUID] | None = None,
        errors: tuple[str, ...] = (),
        change_errors: tuple[str, ...] = (),
        delete_errors: tuple[str, ...] = (),
        logs_looks: bool = False,
        below: Below | None = None,
        approvals: Mapping[str, Label] | None = None,
        facts: str = "",
        glimpse: str = "",
        **more: Any,
    ) -> None:
        self.logs_looks = logs_looks
        self.approvals, self.facts = dict(approvals or {}), tuple(columns(model, facts))
        self.decisions: dict[tuple[str, str], Deciding] = {}
        self.name = name or str(inspect_model(model).local_table)
        self._entity = model
        self.path, self.label, self.row = path, label, row
        self.below = below
        self.plural = path.rpartition("/")[2].replace("-", "_")
        self.id_name = f"{(below and below.part) or self.name}_id"
        self.single_path = f"{below.path if below and below.part else path}/{{{self.id_name}}}"
        self.numbers = Numbers(self.name, number) if number else None
        self.errors, self.change_errors, self.delete_errors = errors, change_errors, delete_errors
        self.told_as = told_as or schema
        self.shared_up_to, self._resolves = shared_up_to, resolves
        self.owned = hasattr(model, "owner_id") or is_within(model)
        whose = str if self.owned else ForAll
        reading = below.above.permission if below else whose(f"{self.name}.read")
        self.writing: str = below.above.writing if below else whose(f"{self.name}.write")
        done = {**({"read": FOLLOW} if below else {"read": SEE, "write": KEEP}), **(deeds or {})}
        self.deeds = Deeds(label, **{name: deed for name, deed in done.items() if deed})
        self.leaves_out = dict(leaves_out or {})
        self.example = {self.id_name: EXAMPLE_ID, **(example or {})}
        searched = {} if found_by is None else {"search": Search(found_by, anything=True)}
        super().__init__(
            model,
            schema,
            reading,
            filters=columns(model, filters) | searched | dict(also_filters or {}),
            sorts=columns(model, sorts) | dict(also_sorts or {}),
            **more,
        )
        self.below_list = self._listed_below(below, more) if below else self
        self.events = {
            happened: self.event(happened, self.doc(f"{self.a_record.capitalize()} was {happened}"))
            for happened in tells.split()
        }
        if self.approvals:
            APPROVABLE[model] = self
            self.approval_asked = of_package(ApprovalAsked, model.__module__)
        if getattr(model, "granted_as", None) == (self.name, "id"):
            doc = f"Whom {self.a_record} is granted to has changed (CU-16, CU-22)."
            self.events[ACCESS_CHANGED] = self.event(ACCESS_CHANGED, doc, AccessEvent)
        self.follow_owner: Callable[[Session, R], None] | None = None
        self.judge_owner: Callable[[Session, Caller, R, UUID], None] | None = None
        self.owner_errors: tuple[str, ...] = ()
        self.glimpse = Glimpse(self, glimpse) if glimpse else None

    def _listed_below(self, below: Below, more: Mapping[str, Any]) -> Listing:
        """Return the list of what belongs to one record, which may be filtered by what has no index."""
        filters = {**self.filters, **columns(self.model, below.filters)}
        sorts = {**self.sorts, **columns(self.model, below.sorts)}
        return Listing(self.model, self.schema, self.permission, filters=filters, sorts=sorts, **more)

    def hands_over(self, tells: type[RecordEvent], follow: Callable[[Session, R], None]) -> None:
        """Say by which event a changed record is told, where that is none of the usual ones, and what follows when it
        gets another owner.
        """
        self.events["updated"], self.follow_owner = tells, follow

    def judges_owners(self, judge: Callable[[Session, Caller, R, UUID], None], *errors: str) -> None:
        """Say what refuses to give a record of a pool to somebody, and by which codes."""
        self.judge_owner, self.owner_errors = judge, errors

    def event(self, happened: str, doc: str, of: type[RecordEvent] = RecordEvent) -> type[RecordEvent]:
        """Return the class of an event that tells a record as it is then.

        Args:
            happened: a past participle, e.g. ``signed``.
            doc: what it says, as a sentence for the contract.
            of: what else it says.
        """

        def fill(namespace: dict[str, Any]) -> None:
            namespace.update(
                __module__=self.model.__module__,
                __doc__=doc,
                type=f"{self.name}.{happened}",
                shows=self.told_as,
                leaves_out=self.leaves_out,
                example={**of.example, **self.example},
            )

        title = "".join(part.title() for part in f"{self.name}_{happened}".split("_"))
        return new_class(title, (of,), exec_body=fill)

    @property
    def created(self) -> type[RecordEvent]:
        """The event that a record was made; where none says so, the one that it was changed."""
        return self.events.get("created") or self.events["changed"]

    @property
    def updated(self) -> type[RecordEvent]:
        """The event that a record was changed; the present state is told again by it."""
        return self.events.get("updated") or self.events["changed"]

    @property
    def deleted(self) -> type[RecordEvent]:
        """The event that a record was deleted."""
        return self.events["deleted"]

    @property
    def access_changed(self) -> type[RecordEvent]:
        """The event that a record was granted to others, or is no longer."""
        return self.events[ACCESS_CHANGED]

    @property
    def spoken(self) -> str:
        """What one record is called in English."""
        return self.name.replace("_", " ")

    @property
    def spoken_plural(self) -> str:
        """What several are called in English."""
        return self.plural.replace("_", " ")

    @property
    def a_record(self) -> str:
        """What one record is called in English, with its article."""
        return f"{'an' if self.spoken[0] in 'aeiou' else 'a'} {self.spoken}"

    @property
    def tag(self) -> str:
        """The group that its operations are shown in."""
        return (self.below.above.path if self.below and self.below.part else self.path).rpartition("/")[2]

    def sentence(self, said: str) -> str:
        """Return what is said of what is made, with the row of the catalogue."""
        return f"{said} ({self.row})" if self.row else said

    def doc(self, said: str) -> str:
        """Return the same as a whole sentence."""
        return f"{self.sentence(said)}."

    def load(
        self, session: Session, caller: Caller, record_id: UUID, permission: str | None = None, **more: Any
    ) -> R:
        """Load a record to act on.

        Args:
            permission: what the caller wants to do; by default keep it.
            more: as of ``servicekit.load``.

        Raises:
            NotFound, Forbidden, Conflict: as ``servicekit.load``.
        """
        wanted = permission or self.writing
        if self._resolves is not None:
            record_id = self._resolves(session, record_id)
        return load(session, self._entity, record_id, caller, wanted, reading=self.permission, **more)

    def guard(self, step: str) -> Callable[..., Any] | None:
        """Return a method of the entity, if something guards it (``servicekit.nouns.possible``)."""
        method = getattr(self.model, step, None)
        return method if hasattr(method, GUARD) else None

    def operations(self, words: str) -> Callable[[C], C]:
        """Return what puts the usual operations of this noun into a class.

        Args:
            words: which, of ``WORDS``, with blanks between them.

        Raises:
            TypeError: for a word that there is none of, or an operation that the class has written itself.
        """

        def decorate(owner: C) -> C:
            for word in words.split():
                if word not in WORDS:
                    raise TypeError(f"There is no usual operation {word}; there are {', '.join(WORDS)}.")
                for name, method in WORDS[word](self).items():
                    if name in vars(owner):
                        raise TypeError(f"{owner.__name__} writes {name} itself, and asks for {word}.")
                    setattr(owner, name, method)
            setattr(owner, NOUNS, (*vars(owner).get(NOUNS, ()), self))
            return owner

        return decorate

    def action(
        self,
        name: str,
        *,
        tells: type[RecordEvent],
        permission: str | None = None,
        accepts: type[Schema] | None = None,
        does: Callable[..., Any] | None = None,
        only_if: Question | None = None,
        errors: tuple[str, ...] = (),
        glimpses: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare something that is done with one record: ``POST …/{id}/<name>``.

        The kit loads the record, looks at If-Match, tells the event and returns the record; the body changes it. It
        gets the record, and of ``data``, ``session`` and ``caller`` what its signature names. What it returns is a dict
        of the event's further members, or None.

        Args:
            name: the last part of the address, e.g. ``sign``.
            tells: the event that says it was done.
            permission: what it needs; by default to keep the noun.
            accepts, does, only_if, errors, glimpses: as of ``operation``.
        """
        level = GLIMPSE if glimpses else VIEW
        needed = permission or self.writing

        def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
            taken = [
                each for each in inspect.signature(body).parameters if each in ("data", "session", "caller")
            ]

            def act(service: Any, session: Session, caller: Caller, **given: Any) -> Any:
                record = self.load(session, caller, given[self.id_name], needed, level=level)
                offered = {"session": session, "caller": caller, **given}
                more = body(service, record, **{each: offered[each] for each in taken})
                publish(session, record, tells.of(record, **(more or {})))
                return record

            arguments = (self.id_name, "data") if accepts else (self.id_name,)
            taking(act, body.__name__, body.__doc__ or "", body.__module__, *arguments)
            return operation(
                f"POST {self.single_path}/{name}",
                permission=needed, accepts=accepts, returns=self.told_as, does=does, only_if=only_if, errors=errors,
                glimpses=glimpses,
            )(act)  # fmt: skip

        return decorate

    def decided(
        self, step: str, outcome: str, *, tells: type[RecordEvent]
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare what is done when consent to a step was given, refused, or is wanted no longer.

        The kit finds the record that waits for exactly this decision, and tells the event. The body gets the record,
        and of ``comment``, ``given`` and ``session`` what its signature names; what it returns is as of ``action``. A
        conflict that it raises means that the record has gone on in the meantime.

        Args:
            outcome: ``approved``, ``rejected``, or ``withdrawn``, which without a declaration is as if rejected.
        """

        def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
            self.decisions[step, outcome] = (body, tells)
            return body

        return decorate


NOUNS = "kehu_nouns"
"""Where a class with operations says of which nouns they are."""


def nouns_of(service_class: type) -> list[Noun[Any]]:
    """Return the nouns that a service takes in, in the order of its bases."""
    found = [noun for owner in service_class.__mro__ for noun in vars(owner).get(NOUNS, ())]
    return [*dict.fromkeys(found)]
