"""The rules of webhooks that need neither database nor network."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from marshmallow import ValidationError

from identity.webhooks import model
from identity.webhooks.delivery import FAILED, PENDING, TEST, Delivery
from identity.webhooks.matching import holds, is_for, means
from identity.webhooks.model import BY_ADMINISTRATOR, FAILING, GONE, Webhook
from identity.webhooks.schemas import ResendSchema, WebhookSchema
from identity.webhooks.signing import new_secret, signature, signed_headers
from identity.webhooks.targets import Refused, Target, addresses_of, check, ensure_public, parse
from servicekit import utcnow
from servicekit.base.ids import new_id

PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1.2.3/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://[::1]/",
    "http://[::]/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://192.0.0.1/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.7/",
    "http://203.0.113.7/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://168.63.129.16/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2001::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
    "http://１２７.０.０.１/",
    "http://①②⑦.0.0.1/",
    "https://127.0.0.1:8443/x",
]

NOT_A_TARGET = [
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://1/",
    "http://0x/",
    "http://example.0x1/",
    "http://256.1.1.1/",
    "http://1.2.3.4.5/",
    "http://[fe80::1%25eth0]/",
    "http://[::1/",
    "http://[zz]/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "//example.com/",
    "example.com",
    "http:///x",
    "http://",
    "https://user:secret@example.com/",
    "https://user@example.com/",
    "https://example.com@10.0.0.1/",
    "https://example.com#fragment",
    "https://example.com:0/",
    "https://example.com:99999/",
    "https://example.com:x/",
    "https://exa_mple..com/",
    "https://-example.com/",
    "https://example.com\\@10.0.0.1/",
    "https://a%00b.example.com/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_webhook_does_not_go_to_an_address_that_is_not_public(url: str) -> None:
    """R22: no server-side request forgery."""
    with pytest.raises(Refused):
        check(url, allow_private=False)
    assert check(url, allow_private=True).host


@pytest.mark.parametrize(
    "url", [*NOT_A_TARGET, "https://example.com/\n", "https://exa mple.com/", "https://x.com/" + "a" * 2000]
)
def test_what_no_program_should_understand_is_refused_everywhere(url: str) -> None:
    """R22: numbers in other notations, other schemes, names and passwords."""
    with pytest.raises(Refused):
        check(url, allow_private=True)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://erp.example.com", Target(True, "erp.example.com", 443, "/")),
        ("http://ERP.example.com:8080/a%20b?x=1", Target(False, "erp.example.com", 8080, "/a%20b?x=1")),
        ("https://例子.公司/钩?名=1", Target(True, "xn--fsqu00a.xn--55qx5d", 443, "/%E9%92%A9?%E5%90%8D=1")),
        ("https://93.184.216.34/", Target(True, "93.184.216.34", 443, "/")),
        ("https://[2606:2800:220:1::1]:444/", Target(True, "2606:2800:220:1::1", 444, "/")),
        ("https://my_host.example.com/", Target(True, "my_host.example.com", 443, "/")),
    ],
)  # fmt: skip
def test_public_targets_are_taken_apart(url: str, target: Target) -> None:
    assert check(url, allow_private=False) == target


def test_what_is_told_of_a_target_holds_no_secret_of_its_path() -> None:
    assert parse("https://hooks.example.com/services/T0K3N?key=s3cret").origin == "https://hooks.example.com"
    assert parse("http://[2606:2800:220:1::1]:81/x").origin == "http://[2606:2800:220:1::1]:81"


def test_a_name_that_stands_for_a_private_address_is_refused_when_it_is_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R22: also if a public one stands beside it."""
    target = check("https://rebind.example.com/", allow_private=False)
    for found in (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:192.168.0.1"], ["fe80::1%eth0"]):
        entries = [(0, 0, 0, "", (address, 443)) for address in found]
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, entries=entries, **__: entries)
        with pytest.raises(Refused):
            addresses_of(target, allow_private=False)
        assert addresses_of(target, allow_private=True) == found
    for address in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"):
        ensure_public(address)


def test_the_signature_is_the_one_of_the_conventions_own_example() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    message = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330)
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret, *message, body) == expected
    other = new_secret()
    assert len(other) == 50 and other != new_secret()
    assert signed_headers([secret, other], *message, body)["webhook-signature"].split(" ")[0] == expected


@pytest.mark.parametrize(
    ("patterns", "event_type", "fits"),
    [
        (["contract.*", "receivable.settled"], "contract.signed", True),
        (["contract.*", "receivable.settled"], "receivable.settled", True),
        (["contract.*", "receivable.settled"], "receivable.raised", False),
        (["contract.*"], "contract_item.changed", False),
        (["*"], "case.opened", True),
    ],
)
def test_types_are_chosen_by_patterns(patterns: list[str], event_type: str, fits: bool) -> None:
    assert is_for(patterns, event_type) is fits


DATA = {
    "amount": "10000.00", "name": "上海云图 Cloud", "status": "signed", "count": 3, "urgent": True, "owner_id": None,
    "due_on": "2026-12-01", "signed_at": "2026-11-22T08:00:00.000000Z", "lines": [{"price": "9.50"}],
    "tags": ["vip", "华东"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("amount", "gte", "10000", True), ("amount", "gt", "9999.99", True), ("amount", "lt", "9", False),
        ("amount", "eq", "10000.0", True), ("amount", "eq", 10000, True), ("amount", "ne", "10000", False),
        ("amount", "in", ["1", "10000"], True), ("amount", "lte", "10000.00", True), ("amount", "gt", "abc", False),
        ("amount", "gt", "1" * 500, False), ("count", "gt", "2", True), ("count", "eq", 3, True),
        ("urgent", "eq", True, True), ("urgent", "eq", 1, False), ("urgent", "gt", 0, False),
        ("name", "contains", "云图", True), ("name", "contains", "cloud", True), ("name", "contains", "北京", False),
        ("tags", "contains", "vip", True), ("tags", "contains", "VIP", False),
        ("status", "in", ["draft", "signed"], True),
        ("due_on", "gte", "2026-12-01", True), ("due_on", "lt", "2026-11-30", False),
        ("due_on", "lt", "2026-12-01T08:00:00+08:00", False),
        ("signed_at", "gt", "2026-11-22T15:59:59+08:00", True), ("signed_at", "gt", "2026-11-22", True),
        ("lines.0.price", "eq", "9.5", True), ("lines.1.price", "eq", "9.5", False), ("lines.x", "eq", "1", False),
        ("owner_id", "eq", "x", False), ("owner_id", "ne", "x", True),
        ("nothing", "ne", "x", True), ("nothing", "lt", "1", False),
        ("nothing.at.all", "contains", "x", False),
    ],
)  # fmt: skip
def test_conditions_compare_decimals_as_decimals_and_times_as_times(
    field: str, operator: str, value: Any, expected: bool
) -> None:
    assert holds([{"field": field, "operator": operator, "value": value}], DATA) is expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"field": "amount", "operator": "gte", "value": "10000"}, True),
        ({"field": "name", "operator": "eq", "value": "上海云图ＣＬＯＵＤ"}, True),
        ({"not": {"field": "ends_on", "operator": "before", "value": "2026-12-01"}}, True),
        ({"field": "ends_on", "operator": "before", "value": "2020-01-01"}, False),
        ({"field": "ends_on", "operator": "before", "value": "2026-12-02"}, True),
        ({"field": "ends_on", "operator": "empty", "value": True}, False),
        ({"field": "status", "operator": "in", "value": ["draft", "signed"]}, True),
        ({"field": "signed_on", "operator": "ne", "value": "2026-12-01"}, True),
        ({"any": [{"field": "name", "operator": "contains", "value": "北京"}]}, False),
    ],
)  # fmt: skip
def test_a_tree_of_conditions_is_judged_by_what_the_event_tells(where: Any, expected: bool) -> None:
    """GW-62 (decision 41)."""
    assert means(["contract.signed"], where, {**DATA, "ends_on": "2026-12-01"}) is expected


def test_all_conditions_must_hold() -> None:
    large = {"field": "amount", "operator": "gte", "value": "10000.00"}
    draft = {"field": "status", "operator": "eq", "value": "draft"}
    assert holds([], DATA) and holds([large], DATA) and not holds([large, draft], DATA)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("url", "ftp://example.com"), ("url", None), ("url", 7), ("url", "https://exa\x00mple.com"),
        ("event_types", []), ("event_types", ["Contract.signed"]),
        ("event_types", ["contract.si*"]), ("event_types", "contract.*"),
        ("event_types", ["contract.singed"]), ("event_types", ["invoice.*"]),
        ("event_types", ["*"] * 51), ("event_types", [None]), ("event_types", ["contract.signed.now"]),
        ("conditions", [{"field": "a b", "operator": "eq", "value": "1"}]),
        ("conditions", [{"field": "amount", "operator": "like", "value": "1"}]),
        ("conditions", [{"field": "amount", "operator": "gte", "value": 1.5}]),
        ("conditions", [{"field": "amount", "operator": "gte", "value": ["1"]}]),
        ("conditions", [{"field": "amount", "operator": "in", "value": "1"}]),
        ("conditions", [{"field": "amount", "operator": "eq", "value": None}]),
        ("conditions", [{"field": "amount", "operator": "eq", "value": 10**30}]),
        ("conditions", [{"field": "amount", "operator": "in", "value": ["1"] * 101}]),
        ("conditions", [{"field": "amount", "operator": "eq"}]),
        ("conditions", [{"field": "amount", "operator": "eq", "value": "1"}] * 21), ("conditions", None),
        ("active", "yes"), ("description", "长" * 201), ("secret", "whsec_mine"),
        ("failing_since", "2026-11-22T08:00:00Z"),
    ],
)  # fmt: skip
def test_a_subscription_that_makes_no_sense_is_refused(field: str, wrong: Any) -> None:
    good = {"url": "https://erp.example.com/", "event_types": ["contract.*"]}
    with pytest.raises(ValidationError) as refused:
        WebhookSchema().load({**good, field: wrong})
    assert isinstance(refused.value.messages, dict) and list(refused.value.messages) == [field]


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"from": "2026-11-22T08:00:00Z"}, {"to": "2026-11-22T08:00:00Z"},
        {"from": "2026-11-22T08:00:00", "to": "x"},
        {"from": "2026-11-22T08:00:00Z", "to": "2026-11-22T08:00:00Z"},
        {"delivery_id": str(new_id()), "from": "2026-11-22T08:00:00Z", "to": "2026-11-22T09:00:00Z"},
        {"from": "2026-11-22T08:00:00Z", "to": "2026-11-22T09:00:00Z", "state": "pending"},
    ],
)  # fmt: skip
def test_sending_again_takes_one_delivery_or_a_whole_range(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        ResendSchema().load(wrong)


def test_two_secrets_sign_for_a_day_after_a_rotation() -> None:
    webhook = Webhook(url="https://erp.example.com/", event_types=["*"], conditions=[])
    first = webhook.secret
    assert webhook.live_secrets() == [first]
    webhook.rotate_secret()
    second = webhook.secret
    assert webhook.live_secrets() == [second, first] and first != second
    webhook.rotate_secret()
    assert webhook.live_secrets() == [webhook.secret, second]
    webhook.previous_secret_until = utcnow() - timedelta(seconds=1)
    assert webhook.live_secrets() == [webhook.secret]


def test_events_are_kept_for_a_paused_webhook_and_not_for_one_that_was_switched_off() -> None:
    webhook = Webhook(url="https://erp.example.com/", event_types=["*"], conditions=[])
    event = {"type": "contract.signed", "data": {}, "time": utcnow().isoformat()}
    for because, kept in ((FAILING, True), (GONE, False), (BY_ADMINISTRATOR, False)):
        webhook.stop(because)
        assert webhook.wants(event) is kept
        webhook.fill_in(active=True)
        assert webhook.active and webhook.stopped_because is None
    webhook.fill_in(active=False)
    assert webhook.stopped_because == BY_ADMINISTRATOR


@pytest.mark.parametrize("because", [GONE, BY_ADMINISTRATOR, FAILING])
def test_a_webhook_that_was_off_is_told_of_what_comes_after_it_is_on_again(
    because: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(M-35) One that failed was not off: its events have been kept. Clocks may differ a little."""
    webhook = Webhook(url="https://erp.example.com/", event_types=["*"], conditions=[])
    webhook.recording_since = made = utcnow() - timedelta(days=2)
    webhook.stop(because)
    webhook.fill_in(active=True)
    kept = because == FAILING
    assert (webhook.recording_since == made) is kept
    for ago, told in ((timedelta(), True), (timedelta(seconds=30), kept), (timedelta(days=3), False)):
        event = {"type": "contract.signed", "data": {}, "time": (utcnow() - ago).isoformat()}
        assert webhook.wants(event) is told
    monkeypatch.setattr(model, "CLOCKS_DIFFER", timedelta(seconds=2))
    just_before = webhook.recording_since - timedelta(seconds=1)
    assert webhook.wants({"type": "contract.signed", "data": {}, "time": just_before.isoformat()})


def test_delays_grow_and_after_72_hours_a_message_is_given_up() -> None:
    delays = (5.0, 300.0, 1800.0)
    began = datetime(2026, 11, 22, tzinfo=UTC)
    delivery = Delivery(event_type="contract.signed", give_up_at=began + timedelta(hours=72))
    now, waits = began, []
    while delivery.state == PENDING:
        delivery.tries += 1
        delivery.did_not_arrive(now, delays)
        waits.append((delivery.next_attempt_at - now).total_seconds())
        now = delivery.next_attempt_at
    assert [low <= wait <= low * 1.2 for low, wait in zip(delays, waits, strict=False)] == [True] * 3
    assert delivery.state == FAILED and now == delivery.give_up_at


def test_a_test_is_made_once() -> None:
    delivery = Delivery(event_type=TEST, give_up_at=utcnow() + timedelta(hours=72), tries=1)
    delivery.did_not_arrive(utcnow(), (5.0,))
    assert delivery.state == FAILED
