"""Whose request it is, seen through proxies."""

import pytest

from gateway.context import RequestContext
from gateway.settings import Settings


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "nonsense"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("::1", "203.0.113.7", "::1"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: str, address: str) -> None:
    scope = {"client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert RequestContext(scope, Settings(trusted_proxies=["10.0.0.0/8"])).client_address == address
