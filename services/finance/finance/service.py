"""The finance service: what is owed, and the money that settles it."""

from finance.advances.operations import AdvanceOperations
from finance.bank_accounts.operations import BankAccountOperations
from finance.bus import FinanceBus
from finance.contracts import ContractHandlers
from finance.customers.handlers import CustomerHandlers
from finance.obligations.operations import ObligationOperations
from finance.vouchers.operations import VoucherOperations
from servicekit import PlatformCopy, Service


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
