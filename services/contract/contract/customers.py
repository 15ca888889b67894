"""The customers as the contract service knows them, and what it does when they are merged."""

from contract.base import Base
from contract.contracts.model import Contract
from contract.events import ContractUpdated
from servicekit import Copied, Follows, From, LiesInPool, MayBePublic, Relink


class CustomerCopy(Copied, MayBePublic, LiesInPool, Base):
    """A customer as far as contracts are concerned: whose it is, and whether anything new may be agreed with it."""

    __tablename__ = "customer_copy"
    of = From(
        "customer", "customer", ended="invalid", shared=True,
        told="created updated invalidated upgraded downgraded frozen unfrozen status_asked status_refused",
    )  # fmt: skip


class CustomerHandlers(
    Follows, copy=CustomerCopy, relinks=(Relink(Contract.customer_id, ContractUpdated.of),)
):
    """Keeps the copy of customers, and every contract with the customer that lives on (SA-19)."""
