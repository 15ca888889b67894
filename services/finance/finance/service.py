"""The finance service: what is owed, and the money that settles it."""

from collections.abc import Mapping
from typing import ClassVar

from finance.advances.operations import AdvanceOperations
from finance.bank_accounts.operations import BankAccountOperations
from finance.bus import FinanceBus
from finance.contracts import ContractHandlers
from finance.customers.handlers import CustomerHandlers
from finance.obligations.operations import ObligationOperations
from finance.vouchers.operations import VoucherOperations
from servicekit import KEEP, SEE, Deed, Deeds, PlatformCopy, Service

BOOK = Deed(("登记和冲销", "Book and reverse"))


class FinanceService(
    ObligationOperations,
    VoucherOperations,
    AdvanceOperations,
    BankAccountOperations,
    ContractHandlers,
    CustomerHandlers,
    FinanceBus,
    PlatformCopy,
    Service,
):
    """Owns receivables and payables, receipts and payments, advances and bank accounts.

    Operations: the ``operations`` module of each noun. Publishes: finance.events.
    Listens to contract (signatures raise what is owed), customer (names and mergers), identity (the directory).
    """

    name = "finance"
    permits: ClassVar[Mapping[str, Deeds]] = {
        "receivable": Deeds(("应收", "Receivables"), read=SEE),
        "payable": Deeds(("应付", "Payables"), read=SEE),
        "receipt": Deeds(("回款", "Receipts"), read=SEE, write=BOOK),
        "payment": Deeds(("付款", "Payments"), read=SEE, write=BOOK),
        "advance": Deeds(("预收预付", "Advances"), read=SEE, write=Deed(("核销和退回", "Apply and release"))),
        "bank_account": Deeds(("银行账户", "Bank accounts"), read=SEE, write=KEEP),
    }
