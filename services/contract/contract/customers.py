"""The customers as the contract service knows them, and what it does when they are merged."""

from contract.base import Base
from contract.contracts.model import Contract
from contract.events import ContractUpdated
from servicekit import Copied, Follows, Relink


class CustomerCopy(Copied, Base):
    """A customer as far as contracts are concerned: whose it is, and whether anything new may be agreed with it."""

    __tablename__ = "customer_copy"


class CustomerHandlers(
    Follows,
    copy=CustomerCopy,
    source="customer",
    noun="customer",
    shared=True,
    told=("created", "updated", "invalidated"),
    ended=("invalid",),
    relinks=(Relink(Contract.customer_id, ContractUpdated.of),),
):
    """Keeps the copy of customers, and every contract with the customer that lives on (SA-19)."""
