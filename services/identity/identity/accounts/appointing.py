"""Which positions somebody holds (ID-06)."""

from typing import Any

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.positions.model import MAIN, Appointment
from identity.positions.noun import position_named
from servicekit import Fault, Invalid, today


def appointments_named(session: Session, account: Account, given: list[dict[str, Any]]) -> list[Appointment]:
    """Return the appointments that the input names; one that there is already stays what it is and is changed.

    Raises:
        Invalid: if a position is unknown or named twice, or there are several main ones.
    """
    known = {appointment.position_id: appointment for appointment in account.appointments}
    named: dict[Any, Appointment] = {}
    for place, each in enumerate(given):
        field = f"positions.{place}.position_id"
        position = position_named(session, each["position_id"], field)
        if position.id in named:
            raise Invalid.field(field, Fault("named-twice", "The position is named twice."))
        appointment = known.get(position.id) or Appointment(position_id=position.id, position=position)
        appointment.kind = each["kind"]
        appointment.started_on = each["started_on"] or appointment.started_on or today()
        named[position.id] = appointment
    if [each.kind for each in named.values()].count(MAIN) > 1:
        raise Invalid.field("positions", Fault("one-main-position", "Only one position is the main one."))
    return list(named.values())
