"""What finance does when customers change or are merged."""

from finance.advances.model import Advance
from finance.customers.model import CustomerCopy
from finance.events.advances import AdvanceUpdated
from finance.events.obligations import UPDATED as OBLIGATION_UPDATED
from finance.events.vouchers import UPDATED as VOUCHER_UPDATED
from finance.obligations.model import Obligation
from finance.vouchers.model import Voucher
from servicekit import Follows, Relink


class CustomerHandlers(
    Follows,
    copy=CustomerCopy,
    relinks=(
        # Obligations first: whoever books money holds one, so that its voucher is there when vouchers are looked for.
        Relink(Obligation.customer_id, lambda row: OBLIGATION_UPDATED[row.direction].of(row)),
        Relink(Voucher.customer_id, lambda row: VOUCHER_UPDATED[row.kind].of(row)),
        Relink(Advance.customer_id, AdvanceUpdated.of),
    ),
):
    """Keeps the copy of customers, and every amount with the customer that lives on (SA-19)."""
