"""Who sees how much of an account: everybody a card, to find people by; the rest whoever keeps the account (ID-16)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import ACCOUNTS
from identity.accounts.reach import WRITE
from identity.accounts.schemas import CARD
from servicekit import Caller, reaches, visible_owners
from servicekit.nouns.asked import named_fields

ORDERS = (*CARD, "created_at")
"""What a list may be ordered by without a look at more than the cards."""


class Card(dict[str, Any]):
    """What everybody sees of an account; what may be done with it is judged as of the account itself."""

    seen_by = Account.seen_by
    granted_as = None

    @property
    def owner_id(self) -> UUID:
        """Whose it is: as everybody's account, their own."""
        account_id: UUID = self["id"]
        return account_id


def page_of_cards(
    session: Session, caller: Caller, query: Mapping[str, str], *only: ColumnElement[bool]
) -> dict[str, Any]:
    """Return a page of accounts, each as far as the caller may see it.

    A question about what is not on the card is only put to the accounts that the caller keeps: an answer would tell.

    Raises:
        Forbidden: ``permission-required``, if such a question is asked by somebody who keeps no accounts.
    """
    if _asks_for_more(query):
        kept = visible_owners(session, caller, WRITE)
        among = [] if kept is None else [Account.id.in_(kept)]
        return ACCOUNTS.page(session, caller, query, *among, *only)
    page = ACCOUNTS.page(session, caller, query, *only)
    kept = [caller.account_id] if caller.scope(WRITE) is None else visible_owners(session, caller, WRITE)
    if kept is not None:
        whole = {str(account_id) for account_id in kept}
        page["items"] = [item if item.get("id") in whole else _card_of(item) for item in page["items"]]
    return page


def card_or_all(session: Session, caller: Caller, account: Account) -> Any:
    """Return an account, or what stands on its card if the caller does not keep it."""
    if account.id == caller.account_id or reaches(session, caller, WRITE, account.id):
        return account
    return Card({name: getattr(account, name) for name in CARD})


def _card_of(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name in CARD}


def _asks_for_more(query: Mapping[str, str]) -> bool:
    asked = named_fields(query)
    asked |= {field for field in query.get("fields", "").split(",") if field}
    return not asked <= set(CARD) or query.get("sort", "created_at").lstrip("-") not in ORDERS
