"""What can be asked about bank accounts."""

from finance.bank_accounts.queries import BANK_ACCOUNTS


@BANK_ACCOUNTS.operations("list get create change")
class BankAccountOperations:
    """Bank accounts: where money comes in and goes out; one that takes no more is closed with ``active: false``."""
