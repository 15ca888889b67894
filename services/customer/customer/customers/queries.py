"""Finding customers: by id, as a list, and before another one is created."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from customer.aliases import kept_id
from customer.customers.model import INVALID, STATUS_STEPS, Customer
from customer.customers.schemas import CustomerSchema
from servicekit import Caller, Deed, DirectoryAccount, Noun, Reach, allows, search_terms
from servicekit.base.texts import name_key

READ = "customer.read"
MOST_LOOKALIKES = 20
MOST_NAMESAKES = 50
EXAMPLE = {
    "customer_id": "01936f3a-7c00-7000-8000-000000000001",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
}
MOVES = {
    "last_activity_at": "moves with each activity without a new version: activity.recorded tells the time"
}

CUSTOMERS = Noun(
    Customer,
    CustomerSchema,
    "/v1/customers",
    label=("客户", "Customers"),
    row="CU-12",
    filters="name~ pinyin~ number status kind owner_id industry region source grade last_activity_at quiet_since "
    "sharing pool_id claim_state claimed_at approval_id approval_step",
    sorts="created_at number name=pinyin last_activity_at=quiet_since",
    tells="",
    approvals=STATUS_STEPS,
    deeds={"maintain": Deed(("维护（不受客户上限）", "Maintain (beyond caps)"), inside=True)},
    facts="number kind status grade industry region source owner_id",
    found_by=Customer.search_text,
    change_errors=("customer-invalid",),
    leaves_out=MOVES,
    example=EXAMPLE,
    resolves=lambda session, customer_id: kept_id(session, Customer, customer_id),
)


def find_customer(session: Session, caller: Caller, customer_id: UUID, permission: str = READ) -> Customer:
    """Load a customer that the caller may see and act on, also by an id that it was merged from.

    Raises:
        NotFound, Forbidden, Conflict: as ``servicekit.load``.
    """
    return CUSTOMERS.load(session, caller, customer_id, permission)


def is_in_use(session: Session, _caller: Caller, part: Any) -> bool:
    """Tell whether the customer that a contact or an address belongs to may be changed (CU-08)."""
    return allows(Customer.ensure_valid, session.get_one(Customer, part.customer_id))


def lock_customer(session: Session, customer: Customer) -> None:
    """Let nobody else change a customer and what belongs to it until this transaction ends; see it as it is now."""
    session.refresh(customer, with_for_update=True)


def lock_name(session: Session, name: str) -> None:
    """Let nobody else open a customer of a name until this transaction ends: the other one then sees ours (SA-19)."""
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"customer {name_key(name)}", 0)))
    )


def namesakes(session: Session, name: str, kind: str) -> Sequence[Customer]:
    """Return the valid customers of a name and a kind, the oldest first (SA-19)."""
    return session.scalars(
        select(Customer)
        .where(Customer.name_key == name_key(name), Customer.kind == kind, Customer.status != INVALID)
        .order_by(Customer.created_at, Customer.id)
        .limit(MOST_NAMESAKES)
    ).all()


def lookalikes(session: Session, caller: Caller, term: str) -> dict[str, Any]:
    """Return the customers whose name holds a term or sounds like it, whoever owns them (CU-01).

    Of a customer that the caller may not see, only the name is told.
    """
    key = name_key(term)
    wanted = select(Customer, DirectoryAccount.display_name).outerjoin(
        DirectoryAccount, DirectoryAccount.id == Customer.owner_id
    )
    same = session.execute(wanted.where(Customer.name_key == key).limit(MOST_LOOKALIKES + 1)).all()
    alike = session.execute(
        wanted.where(
            or_(search_terms(Customer.name, term), search_terms(Customer.pinyin, key.replace(" ", ""))),
            Customer.name_key != key,
        ).limit(MOST_LOOKALIKES + 1)
    ).all()
    found = [*same, *alike]
    seen = _seen_among(session, caller, [customer.id for customer, _ in found])
    items = [
        {"name": customer.name} | (_details(customer, owner_name) if customer.id in seen else {})
        for customer, owner_name in found[:MOST_LOOKALIKES]
    ]
    return {"items": items, "more": len(found) > MOST_LOOKALIKES}


def _seen_among(session: Session, caller: Caller, ids: list[UUID]) -> set[UUID]:
    """Return which of some customers a caller may see."""
    if caller.scope(READ) is None:
        return set()
    seen = select(Customer.id).where(Customer.id.in_(ids), Reach(session, caller, READ).where(Customer))
    return {*session.scalars(seen)}


def _details(customer: Customer, owner_name: str | None) -> dict[str, Any]:
    told = {"id": customer.id, "number": customer.number, "status": customer.status}
    return {**told, "owner_name": owner_name}
