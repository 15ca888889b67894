"""Where a sign-in comes from."""

import ipaddress
from dataclasses import dataclass
from typing import Any

LONGEST = 300


@dataclass(frozen=True)
class Client:
    """The address and the program that somebody signs in with, as far as the gateway can tell."""

    address: str = ""
    agent: str = ""

    @property
    def network(self) -> str:
        """The address as it is counted: of an IPv6 address the network, for its owner has all of it."""
        try:
            parsed = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        size = 64 if parsed.version == 6 else 32
        return str(ipaddress.ip_network((parsed, size), strict=False))

    @classmethod
    def of(cls, address: Any, agent: Any) -> "Client":
        """Return the client with what can be stored of its address and name."""
        return cls(printable(address), printable(agent))


def printable(text: Any) -> str:
    """Return what a log can keep of something that came from outside; anything but text is nothing."""
    return (
        "".join(letter for letter in text[:LONGEST] if letter.isprintable()) if isinstance(text, str) else ""
    )
