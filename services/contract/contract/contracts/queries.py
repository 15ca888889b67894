"""Lists of contracts."""

from contract.contracts.model import Contract
from contract.contracts.schemas import ContractSchema, ContractSummarySchema
from servicekit import Deed, Noun, Search
from servicekit.nouns.grants import VIEW

EXAMPLE = {
    "contract_id": "01936f3a-7c00-7000-8000-000000000001",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "opportunity_id": None,
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "signer_id": "01936f3a-7c00-7000-8000-000000000003",
}

CONTRACTS = Noun(
    Contract,
    ContractSummarySchema,
    "/v1/contracts",
    label=("合同", "Contracts"),
    row="CT-13",
    filters="number name~ status nature customer_id opportunity_id owner_id amount currency kind "
    "signed_on ends_on",
    sorts="created_at number amount ends_on",
    also_filters={"search": Search(Contract.name, also=(Contract.number,))},
    deeds={"sign": Deed(("签订", "Sign")), "complete": Deed(("完成", "Complete"))},
    tells="",
    told_as=ContractSchema,
    example=EXAMPLE,
    shared_up_to=VIEW,
    approvals={"submit": ("提交审批", "Submit")},
    facts="number customer_id nature amount currency",
    parts=(Contract.lines, Contract.payment_terms),
)
"""A contract is shared for viewing only, in the reach of its owner (8.4)."""
