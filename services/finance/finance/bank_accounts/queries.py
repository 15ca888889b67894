"""Bank accounts: what is kept of them, and how they are found."""

from finance.bank_accounts.model import BankAccount
from finance.bank_accounts.schemas import BankAccountSchema
from servicekit import Noun

BANK_ACCOUNTS = Noun(
    BankAccount,
    BankAccountSchema,
    "/v1/bank-accounts",
    label=("银行账户", "Bank accounts"),
    row="FI-08",
    filters="name~ number currency active",
    sorts="created_at name",
    tells="changed",
    leaves_out={
        "bank": "where our money lies stays with finance",
        "number": "where our money lies stays with finance",
        "opening_balance": "how much money we have stays with finance",
        "balance": "how much money we have stays with finance; it moves with each receipt and payment",
    },
    errors=("bank-account-name-taken", "bank-account-number-taken"),
    change_errors=("currency-fixed",),
    whole=True,
)
