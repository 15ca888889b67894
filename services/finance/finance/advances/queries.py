"""Advances: what is kept of them, and how they are found."""

from finance.advances.model import Advance
from finance.advances.schemas import AdvanceSchema
from servicekit import SEE, Deed, Noun

ADVANCES = Noun(
    Advance,
    AdvanceSchema,
    "/v1/advances",
    label=("预收预付", "Advances"),
    row="FI-12",
    filters="customer_id voucher_id owner_id direction status currency open_amount",
    sorts="created_at amount open_amount",
    deeds={"read": SEE, "write": Deed(("核销和退回", "Apply and release"))},
    tells="",
    whole=True,
)
