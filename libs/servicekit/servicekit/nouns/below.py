"""Nouns whose records belong to those of another noun: made and listed below it, reached by whoever reaches it.

    OPPORTUNITY_PARTNERS = Noun(
        OpportunityPartner, OpportunityPartnerSchema, "/v1/opportunity-partners",
        below=Below(OPPORTUNITIES, "partners"), …
    )

Its usual words make the list of all, ``GET /v1/opportunity-partners``, and that of one record above,
``GET /v1/opportunities/{opportunity_id}/partners``, where they are made too (docs/decisions/0054).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.messages.events import publish
from servicekit.nouns.making import Method, make
from servicekit.nouns.possible import GUARD, Question, allows
from servicekit.nouns.reach import load_part

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

Checks = Callable[[Session, Any, Any, dict[str, Any]], None]


@dataclass(frozen=True)
class Below:
    """Where records of a noun are made and listed. What they need is a permission of the noun above.

    Args:
        above: the noun that they belong to, one record each.
        last: the last part of their path below it.
        part: what one is called in its path, where it is read below the record above instead.
        guard: the step of the record above that must be possible while its parts change.
        errors: what the guard refuses with.
        checks: looks at what is said of a part before it is filled in: called with the session, the record above,
            which nobody else changes meanwhile, the part as it is, and the values, to which it may add.
        filters, sorts: what only the list of one record above takes besides, as of ``columns``: it needs no index.
    """

    above: "Noun[Any]"
    last: str
    part: str = ""
    guard: Callable[..., Any] | None = None
    errors: tuple[str, ...] = ()
    checks: Checks | None = None
    filters: str = ""
    sorts: str = ""

    @property
    def path(self) -> str:
        """Where they are below a record."""
        return f"{self.above.single_path}/{self.last}"

    @property
    def only_if(self) -> Question | None:
        """Whether a part may be changed, as far as the record above has a say."""
        guard = self.guard
        if guard is None:
            return None
        return lambda session, _caller, part: allows(guard, self.of(session, part))

    def of(self, session: Session, part: Any) -> Any:
        """Return the record that a part, or its view, belongs to."""
        return session.get_one(self.above.model, getattr(part, self.above.id_name))

    def find(self, session: Session, caller: Caller, ids: Mapping[str, UUID], permission: str) -> Any:
        """Return the record above that a path names.

        Raises:
            NotFound, Forbidden, Conflict: as ``servicekit.load``.
        """
        return self.above.load(session, caller, ids[self.above.id_name], permission)

    def let(self, session: Session, above: Any, part: Any, values: dict[str, Any] | None = None) -> None:
        """Refuse what the record above does not let be done with a part; it stays as it is then.

        Raises:
            OperationError: of the guard, or of the checks.
        """
        if self.guard is None and self.checks is None:
            return
        session.refresh(above, with_for_update=True)
        if self.guard is not None and (refused := getattr(self.guard, GUARD)(above)):
            raise refused
        if self.checks is not None and values is not None:
            self.checks(session, above, part, values)


def list_below(noun: "Noun[Any]", below: Below) -> dict[str, Method]:
    """Return the list of what belongs to one record."""
    above = below.above
    column = getattr(noun.model, above.id_name)

    def page(_service: Any, session: Session, caller: Caller, query: Mapping[str, str], **ids: UUID) -> Any:
        record = below.find(session, caller, ids, above.permission)
        return noun.below_list.page(session, caller, query, column == record.id)

    return make(
        noun, f"GET {below.path}", f"list_{noun.plural}", noun.sentence(f"List the {below.last} of {above.a_record}"),
        page, above.id_name, "query", lists=noun.below_list, tag=noun.tag,
    )  # fmt: skip


def create_below(noun: "Noun[Any]", below: Below) -> dict[str, Method]:
    """Return the operation that adds one to a record."""
    above = below.above

    def create(_service: Any, session: Session, caller: Caller, data: dict[str, Any], **ids: UUID) -> Any:
        record = below.find(session, caller, ids, noun.writing)
        part = noun.model(**{above.id_name: record.id})
        below.let(session, record, part, data)
        # Judged again: whoever was waited for may have given the record to somebody else.
        record = below.find(session, caller, ids, noun.writing)
        if hasattr(noun.model, "owner_id"):
            part.owner_id = record.owner_id
        part.fill_in(**data)
        session.add(part)
        publish(session, part, noun.created.of(part))
        return part

    return make(
        noun, f"POST {below.path}", f"create_{noun.name}", noun.sentence(f"Add {{a_record}} to {above.a_record}"),
        create, above.id_name, "data", permission=noun.writing, accepts=noun.told_as, returns=noun.told_as,
        creates=True, does=below.guard, tag=noun.tag, errors=(*noun.errors, *below.errors),
    )  # fmt: skip


def get_part(noun: "Noun[Any]", below: Below) -> dict[str, Method]:
    """Return the look at one below the record that it belongs to."""
    above = below.above

    def look(_service: Any, session: Session, caller: Caller, **ids: UUID) -> Any:
        record = below.find(session, caller, ids, above.permission)
        belonging = {above.id_name: record.id}
        return load_part(session, noun.model, ids[noun.id_name], below.part, **belonging)

    return make(
        noun, f"GET {noun.single_path}", f"get_{noun.name}", noun.sentence("Return one {a_record}"),
        look, above.id_name, noun.id_name, permission=above.permission, returns=noun.told_as, tag=noun.tag,
        errors=(f"{above.name}-not-found", f"{below.part}-not-found"),
    )  # fmt: skip
