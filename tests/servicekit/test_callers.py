"""Callers: only what identity has signed is believed (M-5)."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import time_machine
from joserfc import jws
from joserfc.jwk import ECKey

from servicekit import Forbidden
from servicekit.base import callers
from servicekit.base.callers import LIFE, STEP, Callers, new_key, public_half, signed
from servicekit.base.ids import new_id
from servicekit.base.settings import Settings
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, caller_header

KEY, OTHER = new_key(), new_key()
FACTS: dict[str, Any] = {
    "account_id": str(new_id()), "session_id": str(new_id()), "username": "wang.fang",
    "display_name": "王芳 \"A\"", "department_id": None, "permissions": {"book.read": "own"}, "roles": [],
}  # fmt: skip


def settings(**values: Any) -> Settings:
    return Settings(**{"caller_keys": public_half(KEY), "caller_signing_key": KEY, **values})


def header(facts: dict[str, Any]) -> str:
    """Return what the gateway sends: it has parsed identity's answer, and writes it anew."""
    return orjson.dumps({**orjson.loads(orjson.dumps(facts)), "session_id": facts["session_id"]}).decode()


def forged(**changes: Any) -> dict[str, Any]:
    """Facts that were signed, changed afterwards."""
    return signed(FACTS, settings()) | changes


def test_a_signed_caller_is_believed_as_the_gateway_passes_it_on() -> None:
    found = Callers(settings(caller_signing_key="")).read(header(signed(FACTS, settings())))
    assert (str(found.account_id), found.display_name) == (FACTS["account_id"], FACTS["display_name"])
    assert found.permissions == {"book.read": "own"}


def self_made() -> str:
    """Signed with a key of one's own, under the name of identity's."""
    facts = signed(FACTS, settings(caller_signing_key=OTHER, caller_keys=public_half(OTHER)))
    return header(facts)


def stolen_header() -> str:
    """Signed with a key of one's own that claims identity's key id."""
    text = orjson.dumps({**FACTS, "expires_at": int(time.time()) + 600})
    kid = ECKey.import_key(orjson.loads(KEY)).kid
    token = jws.serialize_compact(
        {"alg": "ES256", "typ": callers.TYPE, "kid": kid},
        text,
        ECKey.import_key(orjson.loads(OTHER)),
        ["ES256"],
    )
    return text[:-1].decode() + f',"signature":"{jws.detach_content(token)}"}}'


def of_another_kind() -> str:
    """Signed by identity, but as an access token is: not as a caller."""
    text = orjson.dumps({**FACTS, "expires_at": int(time.time()) + 600})
    key = ECKey.import_key(orjson.loads(KEY))
    token = jws.serialize_compact({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, text, key, ["ES256"])
    return text[:-1].decode() + f',"signature":"{jws.detach_content(token)}"}}'


FORGERIES = {
    "nothing signed": lambda: header(FACTS),
    "no object": lambda: "[]",
    "cut off": lambda: "{",
    "more permissions": lambda: header(forged(permissions={"*": "all"})),
    "another account": lambda: header(forged(account_id=str(new_id()))),
    "a longer life": lambda: header(forged(expires_at=int(time.time()) + 10**6)),
    "a member more": lambda: header(signed(FACTS, settings())).replace("{", '{"permissions":{"*":"all"},', 1),
    "a member behind the signature": lambda: (
        header(forged()).removesuffix("}") + ',"permissions":{"*":"all"}}'
    ),
    "a second signature": lambda: header(forged()).replace(
        ',"signature"', ',"permissions":{"*":"all"},"signature":"x","signature"'
    ),
    "an empty signature": lambda: header(forged(signature="")),
    "no algorithm": lambda: header(forged(signature="eyJhbGciOiJub25lIn0..")),
    "a key of one's own": self_made,
    "a key that claims to be identity's": stolen_header,
    "a signature meant for something else": of_another_kind,
}


@pytest.mark.parametrize("what", FORGERIES)
def test_nobody_else_can_make_a_caller(what: str) -> None:
    with pytest.raises(Forbidden) as refused:
        Callers(settings()).read(FORGERIES[what]())
    assert refused.value.code == "caller-not-signed"


def test_a_caller_is_believed_for_a_quarter_of_an_hour_and_not_for_ever() -> None:
    reader, text = Callers(settings()), header(signed(FACTS, settings()))
    with time_machine.travel(time.time() + LIFE - 1, tick=False):
        reader.read(text)
    with time_machine.travel(time.time() + LIFE + STEP, tick=False), pytest.raises(Forbidden) as refused:
        reader.read(text)
    assert refused.value.code == "caller-expired"


def test_the_same_caller_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And signed once: within some minutes identity's answer is the same text."""
    with time_machine.travel(datetime(2026, 11, 25, 12, 1, tzinfo=UTC), tick=False):
        text = header(signed(FACTS, settings()))
    with time_machine.travel(datetime(2026, 11, 25, 12, 4, tzinfo=UTC), tick=False):
        assert header(signed(FACTS, settings())) == text
        reader = Callers(settings())
        first = reader.read(text)
        monkeypatch.setattr(reader, "keys", {})
        assert reader.read(text) is first


def test_keys_change_without_a_moment_in_which_nobody_gets_in() -> None:
    """First everybody knows the next key, then identity signs with it, then the old one is forgotten."""
    both = Callers(settings(caller_keys=public_half(KEY, OTHER)))
    for key in (KEY, OTHER):
        caller = both.read(header(signed(FACTS, settings(caller_signing_key=key))))
        assert str(caller.account_id) == FACTS["account_id"]


def test_for_an_upgrade_callers_of_the_version_before_are_taken_until_a_moment() -> None:
    until = datetime.now(UTC) + timedelta(minutes=5)
    reader = Callers(settings(caller_unsigned_until=until))
    assert str(reader.read(header(FACTS)).account_id) == FACTS["account_id"]
    with pytest.raises(Forbidden):
        reader.read(header(forged(permissions={"*": "all"})))
    with time_machine.travel(until + timedelta(seconds=1), tick=False), pytest.raises(Forbidden):
        reader.read(header(FACTS))


def test_a_service_without_keys_does_not_start() -> None:
    with pytest.raises(ValueError, match="CALLER_KEYS"):
        Callers(settings(caller_keys="", caller_signing_key=""))


def test_a_running_service_refuses_a_forged_caller_and_does_nothing(service: RunningService) -> None:
    text = caller_header(caller("book.read")).replace('"book.read":"own"', '"*":"all"')
    reply = service.send("add_book", {"data": {"title": "红楼梦"}}, {"caller": text})
    assert (reply["error"]["kind"], reply["error"]["code"]) == ("forbidden", "caller-not-signed")
    assert service.published() == []


def test_looking_after_the_bus_needs_a_caller_or_the_operators_exchange(service: RunningService) -> None:
    """The gateway's account publishes requests without a caller, to sign people in; these are none of them."""
    from kombu import Producer

    for operation in ("describe_bus", "empty_copies", "read_events", "describe_process"):
        arguments = {"correlation_id": str(new_id())} if operation == "describe_process" else {}
        arguments = {"source": "readers"} if operation == "empty_copies" else arguments
        asking = service._asking
        correlation_id = str(new_id())
        Producer(service.connection.default_channel).publish(
            {"args": [], "kwargs": arguments}, exchange="nameko-rpc", routing_key=f"library.{operation}",
            serializer="json", reply_to=asking.reply_to, correlation_id=correlation_id,
        )  # fmt: skip
        while correlation_id not in asking.replies:
            service.connection.drain_events(timeout=15)
        assert asking.replies.pop(correlation_id)["error"]["code"] == "sign-in-required", operation
