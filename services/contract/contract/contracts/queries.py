"""Lists of contracts."""

from contract.contracts.model import Contract
from contract.contracts.schemas import ContractSummarySchema
from servicekit import Listing, Search

CONTRACTS = Listing(
    Contract,
    ContractSummarySchema,
    "contract.read",
    filters={
        "search": Search(Contract.name, also=(Contract.number,)),
        "number": Contract.number,
        "name": Search(Contract.name),
        "status": Contract.status,
        "nature": Contract.nature,
        "customer_id": Contract.customer_id,
        "opportunity_id": Contract.opportunity_id,
        "owner_id": Contract.owner_id,
        "amount": Contract.amount,
        "currency": Contract.currency,
        "kind": Contract.kind,
        "signed_on": Contract.signed_on,
        "ends_on": Contract.ends_on,
    },
    sorts={
        "created_at": Contract.created_at,
        "number": Contract.number,
        "amount": Contract.amount,
        "ends_on": Contract.ends_on,
    },
    parts=(Contract.lines, Contract.payment_terms),
)
