"""Positions: what is kept of them, and how they are found."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from identity.permits import GOVERN
from identity.positions.model import Appointment, Position
from identity.positions.schemas import PositionSchema
from servicekit import Fault, Invalid, Noun

POSITIONS = Noun(
    Position,
    PositionSchema,
    "/v1/positions",
    label=("职位", "Positions"),
    row="ID-04",
    filters="name~ department_id superior_id management",
    sorts="created_at name",
    leaves_out={"holder_ids": "it moves with the accounts, whose events tell it"},
    deeds={"write": GOVERN},
    errors=("position-name-taken",),
    whole=True,
)


def position_named(session: Session, position_id: UUID, field: str) -> Position:
    """Return the position that a field of the input names.

    Raises:
        Invalid: if there is no such position.
    """
    position = session.get(Position, position_id)
    if position is None:
        raise Invalid.field(field, Fault("unknown-position", "There is no such position."))
    return position


def place_under(session: Session, position: Position, superior_id: UUID | None) -> None:
    """Give a position its superior position.

    Raises:
        Invalid: if there is no such position, or it stands below this one.
    """
    above = superior_id
    while above is not None:
        superior = position_named(session, above, "superior_id")
        if superior.id == position.id:
            text = "A position cannot stand below itself."
            raise Invalid.field("superior_id", Fault("below-itself", text))
        above = superior.superior_id
    position.superior_id = superior_id


def is_in_use(session: Session, position: Position) -> bool:
    """Tell whether somebody holds a position, or another one stands below it."""
    held = exists().where(Appointment.position_id == position.id)
    below = exists().where(Position.superior_id == position.id)
    return bool(session.scalar(select(held | below)))
