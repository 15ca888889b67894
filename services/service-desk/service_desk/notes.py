"""Notes on cases: what was said and done on the way (SD-06)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from service_desk.base import Base
from service_desk.cases.model import Case
from service_desk.events import CaseNoted
from servicekit import Caller, Listing, Record, load, load_part, operation, publish
from servicekit.base.fields import Id, Integer, Schema, Text, Timestamp


class CaseNote(Record, Base):
    """A remark that somebody made on a case; it stays as it was written."""

    __tablename__ = "case_note"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("service_case.id"))
    author_id: Mapped[UUID]
    text: Mapped[str]


class CaseNoteSchema(Schema):
    """A remark on a case."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    case_id = Id(label=("工单", "Case"), dump_only=True)
    author_id = Id(label=("记录人", "Author"), reference="account", dump_only=True)
    text = Text(
        5000,
        label=("备注内容", "Note"),
        required=True,
        multiline=True,
        metadata={"example": "已致电客户，约定明天上午远程处理。"},
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


CASE_NOTES = Listing(
    CaseNote,
    CaseNoteSchema,
    "case.read",
    filters={
        "author_id": CaseNote.author_id,
    },
    sorts={"created_at": CaseNote.created_at},
)


class NoteOperations:
    """Notes on cases."""

    @operation("GET /v1/cases/{case_id}/notes", lists=CASE_NOTES)
    def list_case_notes(
        self, session: Session, caller: Caller, case_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List the notes on a case, the latest first (SD-06)."""
        case = load(session, Case, case_id, caller, "case.read")
        return CASE_NOTES.page(session, caller, query, CaseNote.case_id == case.id)

    @operation(
        "POST /v1/cases/{case_id}/notes",
        permission="case.write",
        accepts=CaseNoteSchema,
        returns=CaseNoteSchema,
        creates=True,
    )
    def create_case_note(
        self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]
    ) -> CaseNote:
        """Write a note on a case, also on a closed one (SD-06)."""
        case = load(session, Case, case_id, caller, "case.write")
        note = CaseNote(case_id=case.id, author_id=caller.account_id, **data)
        session.add(note)
        noted = CaseNoted.of(case, note_id=note.id, author_id=note.author_id, text=note.text)
        publish(session, note, noted, seen_with=case)
        return note

    @operation(
        "GET /v1/cases/{case_id}/notes/{note_id}",
        permission="case.read",
        returns=CaseNoteSchema,
        errors=("case-not-found", "case-note-not-found"),
    )
    def get_case_note(self, session: Session, caller: Caller, case_id: UUID, note_id: UUID) -> CaseNote:
        """Return one note on a case (SD-06)."""
        case = load(session, Case, case_id, caller, "case.read")
        return load_part(session, CaseNote, note_id, "case-note", case_id=case.id)
