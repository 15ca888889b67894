"""Deliveries on signed contracts: each is kept, and those of a line add up to what was delivered of it (CT-06)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.contracts.model import Contract, Delivery
from contract.contracts.schemas import ContractSchema
from contract.events import ContractUpdated
from servicekit import Caller, Listing, NotFound, load, operation, publish
from servicekit.base.fields import Id, Number, PastDate, Schema, Timestamp


class DeliverySchema(Schema):
    """What was delivered on a line."""

    id = Id(dump_only=True)
    line_id = Id(label=("合同明细", "Line"), reference="", required=True)
    quantity = Number(label=("交付数量", "Quantity"), required=True, above=0)
    delivered_on = PastDate(label=("交付日期", "Delivered on"), required=True)
    recorded_by = Id(label=("登记人", "Recorded by"), reference="account", dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)


DELIVERIES = Listing(
    Delivery,
    DeliverySchema,
    "contract.read",
    filters={
        "line_id": Delivery.line_id,
        "delivered_on": Delivery.delivered_on,
    },
    sorts={"created_at": Delivery.created_at, "delivered_on": Delivery.delivered_on},
)


class DeliveryOperations:
    """Deliveries: noted, listed, and taken back when they were none."""

    @operation("GET /v1/contracts/{contract_id}/deliveries", lists=DELIVERIES)
    def list_deliveries(
        self, session: Session, caller: Caller, contract_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what was delivered under a contract, when and how much, the latest first (CT-06)."""
        contract = load(session, Contract, contract_id, caller, "contract.read")
        return DELIVERIES.page(session, caller, query, Delivery.contract_id == contract.id)

    @operation(
        "POST /v1/contracts/{contract_id}/deliveries",
        permission="contract.write",
        accepts=DeliverySchema,
        returns=ContractSchema,
        does=Contract.deliver,
        errors=("contract-not-signed", "quantity-exceeds-ordered"),
    )
    def record_delivery(
        self, session: Session, caller: Caller, contract_id: UUID, data: dict[str, Any]
    ) -> Contract:
        """Note what was delivered on a line of a signed contract, in addition to what was before (CT-06)."""
        contract = _held(session, caller, contract_id)
        session.add(contract.deliver(**data, by=caller.account_id))
        publish(session, contract, ContractUpdated.of(contract))
        return contract

    @operation(
        "DELETE /v1/contracts/{contract_id}/deliveries/{delivery_id}",
        permission="contract.write",
        does=Contract.take_back,
        errors=("contract-not-signed", "delivery-not-found"),
    )
    def delete_delivery(self, session: Session, caller: Caller, contract_id: UUID, delivery_id: UUID) -> None:
        """Take back a delivery that was noted by mistake (CT-06)."""
        contract = _held(session, caller, contract_id)
        delivery = session.get(Delivery, delivery_id)
        if delivery is None or delivery.contract_id != contract.id:
            raise NotFound("delivery-not-found", "There is no such delivery.")
        others = select(Delivery).where(Delivery.line_id == delivery.line_id, Delivery.id != delivery.id)
        contract.take_back(delivery, session.scalars(others).all())
        session.delete(delivery)
        publish(session, contract, ContractUpdated.of(contract))


def _held(session: Session, caller: Caller, contract_id: UUID) -> Contract:
    """Load a contract of which nobody else notes anything meanwhile: what is left of a line is given out once."""
    session.get(Contract, contract_id, with_for_update=True)
    return load(session, Contract, contract_id, caller, "contract.write")
