"""Seals what identity keeps of secrets: what is in the clear from before, and what an older key has sealed.

A timer does it in the service itself, some minutes after the start: by then no replica of the release before runs any
more, which could not read what is sealed. ``python -m identity.secrets_at_rest`` does it at once, for whoever replaces
a key.
"""

from typing import Any

import orjson
from sqlalchemy import Text, select, type_coerce, update
from sqlalchemy.orm import Session

from identity.signin.keys import SigningKey
from identity.webhooks.model import Webhook
from servicekit import every
from servicekit.base.database import Database
from servicekit.base.sealing import needs_sealing, unseal
from servicekit.base.settings import Settings
from servicekit.nouns.idempotency import IdempotencyRow

COLUMNS: tuple[Any, ...] = (SigningKey.private_pem, Webhook.secret, Webhook.previous_secret)


def seal_anew(session: Session) -> int:
    """Seal with the first key what is not; return how many texts that were."""
    sealed = 0
    for column in COLUMNS:
        table = column.class_.__table__
        kept = type_coerce(table.c[column.key], Text)
        rows = select(table.c.id, kept).where(kept.is_not(None)).with_for_update()
        for row_id, text in session.execute(rows).all():
            if needs_sealing(text):
                # Past the entity: it is no change of the record, and counts no version.
                values = {column.key: unseal(text)}
                session.execute(update(table).where(table.c.id == row_id).values(values))
                sealed += 1
    return sealed + _forget_answered(session)


def _forget_answered(session: Session) -> int:
    """Take secrets out of the answers that the release before this one kept for the retries of their requests."""
    kept = select(IdempotencyRow).where(
        IdempotencyRow.answer.contains('"secret":"whsec_', autoescape=True)
        | IdempotencyRow.answer.startswith("sealed:")
    )
    found = session.scalars(kept.with_for_update()).all()
    for row in found:
        row.answer = orjson.dumps({**orjson.loads(unseal(row.answer or "{}")), "secret": None}).decode()
    return len(found)


class SecretsAtRest:
    """Keeps secrets sealed with the first key."""

    @every(600)
    def seal_secrets(self, session: Session) -> None:
        """Seal what is in the clear or under an older key."""
        seal_anew(session)


def main() -> None:
    """Seal everything with the first key now, and say how much that was."""
    database = Database(Settings().database_url_of("identity"), 2, "kehu-identity-sealing")
    try:
        print(f"sealed {database.transact(seal_anew)} secrets with the first key; the others may go")
    finally:
        database.dispose()


if __name__ == "__main__":
    main()
