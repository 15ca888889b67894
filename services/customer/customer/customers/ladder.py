"""The status of a customer: upward by approval, a step at a time; downward and frozen at once (CU-09 to CU-11)."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from customer.customers.caps import CAP_REACHED, judge_owner
from customer.customers.model import DOWNGRADE, FREEZE, FROZEN, INVALID, UPGRADE, Customer
from customer.customers.queries import CUSTOMERS
from customer.customers.schemas import CustomerSchema, DowngradeSchema, UpgradeSchema
from customer.events import (
    CustomerDowngraded,
    CustomerFrozen,
    CustomerStatusAsked,
    CustomerStatusRefused,
    CustomerUnfrozen,
    CustomerUpdated,
    CustomerUpgraded,
)
from servicekit import (
    APPROVED,
    REJECTED,
    Caller,
    Conflict,
    Forbidden,
    Parameter,
    ask_approval,
    operation,
    publish,
)
from servicekit.nouns.approvals.flows import flow_for

NEEDS_APPROVAL = Parameter("customer.downgrades_need_approval", False)
"""Whether a downgrade and a freezing wait for an approval where a flow is bound to them (8.14)."""


def may_upgrade(session: Session, caller: Caller, customer: Customer) -> bool:
    """Tell whether a customer is the caller's, and its type is bound to a flow of approval (CU-10, CU-11)."""
    return customer.owner_id == caller.account_id and is_bound(session, customer)


def is_bound(session: Session, customer: Customer) -> bool:
    """Tell whether a flow of approval is for the upgrades of customers like this one (CU-11)."""
    return flow_for(session, CUSTOMERS, customer, UPGRADE) is not None


class CustomerStatusOperations:
    """Steps on the ladder."""

    @operation(
        f"POST {CUSTOMERS.single_path}/upgrade",
        permission=CUSTOMERS.writing,
        accepts=UpgradeSchema,
        returns=CustomerSchema,
        does=Customer.ensure_upgradable,
        only_if=may_upgrade,
        errors=(
            "customer-frozen", "approval-pending", "only-its-manager", "approval-flow-missing", CAP_REACHED,
            "not-the-next-status", "stale-version",
        ),
    )  # fmt: skip
    def upgrade_customer(
        self, session: Session, caller: Caller, customer_id: UUID, data: dict[str, Any]
    ) -> Customer:
        """Ask that a customer may rise one step; it does once the approval is given (CU-09).

        Only its manager asks (CU-10), and its type must be bound to a flow of approval (CU-11).
        """
        customer = CUSTOMERS.load(session, caller, customer_id)
        if customer.owner_id != caller.account_id:
            raise Forbidden("only-its-manager", "Only the customer's manager asks for its upgrade.")
        to = customer.ensure_upgradable(data["to"])
        if customer.status == INVALID:
            judge_owner(session, caller, customer, customer.owner_id)
        if not _ask(session, caller, customer, UPGRADE, to):
            raise Conflict("approval-flow-missing", "No flow of approval is bound to customers of this type.")
        return customer

    @operation(
        f"POST {CUSTOMERS.single_path}/downgrade",
        permission=CUSTOMERS.writing,
        accepts=DowngradeSchema,
        returns=CustomerSchema,
        does=Customer.lower,
        errors=(
            "customer-lowest", "customer-frozen", "customer-invalid", "approval-pending", "not-a-lower-status",
            "stale-version",
        ),
    )  # fmt: skip
    def downgrade_customer(
        self, session: Session, caller: Caller, customer_id: UUID, data: dict[str, Any]
    ) -> Customer:
        """Let a customer have a lower status, at once unless the house wants an approval of it (CU-09, 8.14)."""
        customer = CUSTOMERS.load(session, caller, customer_id)
        before = customer.status
        customer.lower(data["to"])
        if NEEDS_APPROVAL.of(session):
            to, customer.status = customer.status, before
            if _ask(session, caller, customer, DOWNGRADE, to):
                return customer
            customer.status = to
        publish(session, customer, CustomerDowngraded.of(customer))
        return customer

    @operation(
        f"POST {CUSTOMERS.single_path}/freeze",
        permission=CUSTOMERS.writing,
        returns=CustomerSchema,
        does=Customer.freeze,
        errors=("customer-frozen", "customer-invalid", "approval-pending", "stale-version"),
    )
    def freeze_customer(self, session: Session, caller: Caller, customer_id: UUID) -> Customer:
        """Let a customer rest, at once unless the house wants an approval of it (CU-09, 8.14)."""
        customer = CUSTOMERS.load(session, caller, customer_id)
        customer.freeze()
        if NEEDS_APPROVAL.of(session):
            customer.unfreeze()
            if _ask(session, caller, customer, FREEZE, FROZEN):
                return customer
            customer.freeze()
        publish(session, customer, CustomerFrozen.of(customer))
        return customer

    @CUSTOMERS.action(
        "unfreeze", does=Customer.unfreeze, tells=CustomerUnfrozen, errors=("customer-not-frozen",)
    )
    def unfreeze_customer(self, customer: Customer) -> None:
        """Let a customer go on with the status it had before it was frozen (8.14)."""
        customer.unfreeze()

    @CUSTOMERS.decided(UPGRADE, APPROVED, tells=CustomerUpgraded)
    def rise(self, customer: Customer, session: Session, given: dict[str, Any]) -> None:
        """Let a customer rise to the status that was asked for (CU-09)."""
        revived = customer.status == INVALID
        customer.rise(given["to"])
        if revived:
            publish(session, customer, CustomerUpdated.of(customer))  # Others took it for out of use.

    @CUSTOMERS.decided(DOWNGRADE, APPROVED, tells=CustomerDowngraded)
    def sink(self, customer: Customer, given: dict[str, Any]) -> None:
        """Let a customer have the lower status that was asked for (8.14)."""
        customer.lower(given["to"])

    @CUSTOMERS.decided(FREEZE, APPROVED, tells=CustomerFrozen)
    def rest(self, customer: Customer) -> None:
        """Freeze a customer as it was asked for (8.14)."""
        customer.freeze()

    @CUSTOMERS.decided(UPGRADE, REJECTED, tells=CustomerStatusRefused)
    @CUSTOMERS.decided(DOWNGRADE, REJECTED, tells=CustomerStatusRefused)
    @CUSTOMERS.decided(FREEZE, REJECTED, tells=CustomerStatusRefused)
    def keep_status(self, customer: Customer, comment: str) -> dict[str, Any]:
        """Leave a customer as it is (CU-09)."""
        return {"comment": comment}


def _ask(session: Session, caller: Caller, customer: Customer, step: str, to: str) -> bool:
    """Ask for consent to another status, and tell so; False where no flow is bound to it."""
    if ask_approval(session, caller, customer, step, to=to) is None:
        return False
    publish(session, customer, CustomerStatusAsked.of(customer, to=to))
    return True
