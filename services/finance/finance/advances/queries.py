"""Lists of advances."""

from finance.advances.model import Advance
from finance.advances.schemas import AdvanceSchema
from servicekit import Listing

ADVANCES = Listing(
    Advance,
    AdvanceSchema,
    "advance.read",
    filters={
        "customer_id": Advance.customer_id,
        "voucher_id": Advance.voucher_id,
        "owner_id": Advance.owner_id,
        "direction": Advance.direction,
        "status": Advance.status,
        "currency": Advance.currency,
        "open_amount": Advance.open_amount,
    },
    sorts={"created_at": Advance.created_at, "amount": Advance.amount, "open_amount": Advance.open_amount},
    whole=True,
)
