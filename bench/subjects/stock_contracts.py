"""Reading a contract the stock way: Nameko HTTP entrypoint → Nameko RPC client → ``@rpc`` → SQLAlchemy."""

import json
import os
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from nameko.extensions import DependencyProvider
from nameko.rpc import ServiceRpc, rpc
from nameko.web.handlers import http
from sqlalchemy import ForeignKey, Numeric, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker
from stock_nameko import main  # first: it makes the process green
from werkzeug.wrappers import Response


class Base(DeclarativeBase):
    type_annotation_map = {Decimal: Numeric(20, 4)}


class Line(Base):
    __tablename__ = "contract_line"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    position: Mapped[int]
    product_id: Mapped[UUID | None]
    name: Mapped[str | None]
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]
    discount_percent: Mapped[Decimal]
    delivery_due_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    delivered_quantity: Mapped[Decimal | None]


class Term(Base):
    __tablename__ = "payment_term"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    position: Mapped[int]
    due_on: Mapped[date]
    amount: Mapped[Decimal]
    remark: Mapped[str | None]


class Contract(Base):
    __tablename__ = "contract"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str]
    status: Mapped[str]
    name: Mapped[str]
    customer_id: Mapped[UUID]
    opportunity_id: Mapped[UUID | None]
    owner_id: Mapped[UUID]
    kind: Mapped[str]
    nature: Mapped[str]
    payment_mode: Mapped[str]
    currency: Mapped[str]
    amount: Mapped[Decimal]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    signer_id: Mapped[UUID]
    customer_signer: Mapped[str | None]
    remark: Mapped[str | None]
    rejection: Mapped[str | None]
    signed_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    lines: Mapped[list[Line]] = relationship(order_by=Line.position, lazy="selectin")
    payment_terms: Mapped[list[Term]] = relationship(order_by=Term.position, lazy="selectin")


class Sessions(DependencyProvider):
    """A session for each worker, as nameko-sqlalchemy gives it."""

    def setup(self) -> None:
        url = os.environ["CONTRACT_URL"].replace("postgresql:", "postgresql+psycopg2:")
        self.engine = create_engine(
            url, pool_size=10, max_overflow=10, connect_args={"options": "-c timezone=UTC"}
        )
        self.make = sessionmaker(self.engine)
        self.sessions: dict[Any, Session] = {}

    def get_dependency(self, worker_ctx: Any) -> Session:
        session = self.sessions[worker_ctx] = self.make()
        return session

    def worker_teardown(self, worker_ctx: Any) -> None:
        self.sessions.pop(worker_ctx).close()

    def stop(self) -> None:
        self.engine.dispose()


def text(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def money(value: Decimal) -> str:
    return f"{value:.2f}"


def number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def fields(entity: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: text(getattr(entity, name)) for name in names}


CONTRACT = (
    "id", "version", "number", "status", "name", "customer_id", "opportunity_id", "owner_id", "kind", "nature",
    "payment_mode", "currency", "starts_on", "ends_on", "signer_id", "customer_signer", "remark", "rejection",
    "signed_on", "completed_on", "created_at", "updated_at",
)  # fmt: skip
LINE = ("id", "product_id", "name", "delivery_due_on", "delivered_on")
TERM = ("id", "due_on", "remark")


class ContractService:
    """Contracts without access rules."""

    name = "bench-stock-contracts"

    session = Sessions()

    @rpc  # type: ignore[untyped-decorator]
    def get_contract(self, contract_id: str) -> dict[str, Any]:
        contract = self.session.get(Contract, UUID(contract_id))
        return {
            **fields(contract, CONTRACT),
            "amount": money(contract.amount),
            "lines": [
                {
                    **fields(line, LINE),
                    "quantity": number(line.quantity),
                    "price": number(line.price),
                    "discount_percent": number(line.discount_percent),
                    "delivered_quantity": number(line.delivered_quantity),
                    "total": money(line.quantity * line.price * line.discount_percent / 100),
                }
                for line in contract.lines
            ],
            "payment_terms": [
                {**fields(term, TERM), "amount": money(term.amount)} for term in contract.payment_terms
            ],
        }


class WebService:
    """The HTTP side."""

    name = "bench-stock-web"

    contracts = ServiceRpc("bench-stock-contracts")

    @http("GET", "/v1/contracts/<string:contract_id>")  # type: ignore[untyped-decorator]
    def get_contract(self, request: Any, contract_id: str) -> Response:
        body = json.dumps(self.contracts.get_contract(contract_id), ensure_ascii=False)
        return Response(body, mimetype="application/json")


if __name__ == "__main__":
    main(globals()[sys.argv[1]])
