"""Secrets at rest: nothing in the database opens anything, and keys can be replaced (M-11)."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from cryptography.fernet import Fernet
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import text

from identity.secrets_at_rest import seal_anew
from identity.service import IdentityService
from servicekit import Forbidden, NotFound
from servicekit.base import sealing
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import ADMIN_PASSWORD, KEY, refresh, sign_in, the_administrator

HOOK: dict[str, Any] = {"url": "https://erp.example.com/", "event_types": ["contract.*"]}
KEEPER = caller("webhook.read:all", "webhook.write:all")


@pytest.fixture(autouse=True)
def keys_as_given() -> Iterator[None]:
    """Whatever keys a test gives, the others have those that the service was started with."""
    yield
    sealing.forget_keys()


def given(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", "\n".join(keys))
    sealing.forget_keys()


def kept(service: RunningService) -> list[str]:
    """Return everything that the database keeps of secrets, as it is there."""
    with service.database.engine.begin() as connection:
        found: list[str] = []
        for statement in (
            "SELECT private_pem FROM signing_key",
            "SELECT secret FROM webhook",
            "SELECT previous_secret FROM webhook WHERE previous_secret IS NOT NULL",
            "SELECT answer FROM idempotency WHERE answer IS NOT NULL",
        ):
            found += connection.scalars(text(statement)).all()
    return found


def test_no_secret_is_in_the_database_in_the_clear(service: RunningService) -> None:
    """M-11: signing keys, webhooks' secrets. (K-9) The answers that showed them are kept for retries without them."""
    made = service.call("create_webhook", KEEPER, {"idempotency_key": "k1"}, data=HOOK)
    rotated = service.call("rotate_webhook_secret", KEEPER, {"idempotency_key": "k2"}, webhook_id=made["id"])
    assert made["secret"].startswith("whsec_") and rotated["secret"] != made["secret"]
    found = kept(service)
    answers = [each for each in found if not each.startswith("sealed:")]
    assert len(found) == 6 and len(answers) == 2 and not any("whsec_" in each for each in answers)
    again = service.call("create_webhook", KEEPER, {"idempotency_key": "k1"}, data=HOOK)
    assert again == {**made, "secret": None}
    again = service.call("rotate_webhook_secret", KEEPER, {"idempotency_key": "k2"}, webhook_id=made["id"])
    assert again == {**rotated, "secret": None}
    assert sign_in(service, "admin", ADMIN_PASSWORD)


def test_what_was_in_the_clear_is_sealed_and_goes_on_working(service: RunningService) -> None:
    """M-11: what the release before left behind."""
    made = service.call("create_webhook", KEEPER, {"idempotency_key": "k1"}, data=HOOK)
    with service.database.engine.begin() as connection:
        for table, column in (
            ("signing_key", "private_pem"),
            ("webhook", "secret"),
        ):
            rows = connection.execute(text(f"SELECT ctid::text, {column} FROM {table}")).all()
            for place, sealed in rows:
                connection.execute(
                    text(f"UPDATE {table} SET {column} = :clear WHERE ctid = CAST(:place AS tid)"),
                    {"clear": sealing.unseal(sealed), "place": place},
                )
        for answer in (orjson.dumps(made).decode(), sealing.seal(orjson.dumps(made).decode())):
            connection.execute(
                text("INSERT INTO idempotency (account_id, key, request, answer, created_at) VALUES "
                     "(gen_random_uuid(), 'k', '', :answer, now())"), {"answer": answer},
            )  # fmt: skip
    assert sum(each.startswith("sealed:") for each in kept(service)) == 1
    tokens = sign_in(service, "admin", ADMIN_PASSWORD)
    assert service.database.transact(seal_anew) == 5
    assert not any("whsec_" in each for each in kept(service))
    assert service.database.transact(seal_anew) == 0
    assert refresh(service, tokens["refresh_token"])
    again = service.call("create_webhook", KEEPER, {"idempotency_key": "k1"}, data=HOOK)
    assert again == {**made, "secret": None}


def test_a_key_is_replaced_and_the_old_one_may_go(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M-11: the first key seals, all of them open."""
    tokens, new = sign_in(service, "admin", ADMIN_PASSWORD), Fernet.generate_key().decode()
    given(monkeypatch, new)
    with pytest.raises(RuntimeError, match="taken away too early"):
        service.database.transact(seal_anew)
    given(monkeypatch, new, KEY)
    assert service.database.transact(seal_anew) == 2
    given(monkeypatch, new)
    assert service.database.transact(seal_anew) == 0
    assert refresh(service, tokens["refresh_token"])


@pytest.mark.parametrize("keys", ["", "no key", "a2V5"])
def test_without_a_key_nothing_is_prepared(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    """M-11: better no start than secrets in the clear."""
    given(monkeypatch, keys)
    with pytest.raises(RuntimeError, match="ENCRYPTION_KEYS"):
        IdentityService.prepare(service.settings)


def test_a_withdrawn_key_is_gone_at_once_and_another_one_signs(service: RunningService) -> None:
    """M-11: the one that signs, the next one, and one that has retired."""
    admin = the_administrator(service)
    for which in ("signing", "next", "retired"):
        if which == "retired":
            service.call("rotate_signing_key", admin)
        before = sign_in(service, "admin", ADMIN_PASSWORD)
        with service.database.engine.begin() as connection:
            query = text("SELECT id FROM signing_key WHERE state = :state ORDER BY id DESC LIMIT 1")
            key_id = str(connection.scalar(query, {"state": which}))
        service.call("withdraw_signing_key", admin, key_id=key_id)
        assert service.published("signing_key.withdrawn")[-1].data["key_id"] == key_id
        known = service.call("jwks")["keys"]
        assert key_id not in {key["kid"] for key in known} and len(known) >= 2
        after = refresh(service, before["refresh_token"])
        assert jwt.decode(after["access_token"], KeySet.import_key_set({"keys": known}), algorithms=["ES256"])
    with pytest.raises(NotFound) as refused:
        service.call("withdraw_signing_key", admin, key_id=key_id)
    assert refused.value.code == "signing-key-not-found"
    with pytest.raises(Forbidden):
        service.call("withdraw_signing_key", caller("signing_key.rotate"), key_id=key_id)
