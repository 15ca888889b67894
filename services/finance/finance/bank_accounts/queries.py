"""Lists of bank accounts."""

from finance.bank_accounts.model import BankAccount
from finance.bank_accounts.schemas import BankAccountSchema
from servicekit import ForAll, Listing, Search

READ, WRITE = ForAll("bank_account.read"), ForAll("bank_account.write")

BANK_ACCOUNTS = Listing(
    BankAccount,
    BankAccountSchema,
    READ,
    filters={
        "name": Search(BankAccount.name),
        "number": BankAccount.number,
        "currency": BankAccount.currency,
        "active": BankAccount.active,
    },
    sorts={"created_at": BankAccount.created_at, "name": BankAccount.name},
    whole=True,
)
