"""Where a webhook may go: which URLs are understood, and which addresses are anybody's business but ours.

A webhook is a request that this platform makes because somebody outside named a URL. It must not reach what only
the platform can reach: itself, its neighbours, a cloud's metadata service. Names are looked up at every delivery, every
address found is checked, and the connection is made to the address that was checked.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit

from servicekit.base.blocking import look_up

LONGEST_URL = 2000

_REFUSED_4 = [
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Looks public; it is Azure's platform as seen from a machine there.
    )
]  # fmt: skip
_UNICAST_6 = ip_network("2000::/3")
_REFUSED_6 = [ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
"""Within the global unicast block: tunnels that hold an IPv4 address of the sender's choice, and documentation."""

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Refused(Exception):
    """A webhook may not go there; the text says why, in words for whoever set it up."""


@dataclass(frozen=True)
class Target:
    """A URL taken apart, as a request needs it."""

    secure: bool
    host: str
    """In ASCII and small letters; an IPv6 address without its brackets."""
    port: int
    path: str
    """With the query, quoted."""

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What may be told of the target; the rest of a URL is often a secret."""
        return f"{'https' if self.secure else 'http'}://{self.authority}"


def parse(url: str) -> Target:
    """Take a URL apart.

    Raises:
        Refused: if it is none that a webhook can go to, whatever the address.
    """
    if len(url) > LONGEST_URL or "\\" in url or not url.isprintable() or " " in url:
        raise Refused("Not a URL.")
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused("Not a URL.") from error
    if parts.scheme not in ("https", "http"):
        raise Refused("Must begin with https:// or http://.")
    if "@" in parts.netloc:
        raise Refused("Must not hold a user name or password.")
    if parts.fragment:
        raise Refused("Must not hold a fragment.")
    if port == 0:
        raise Refused("Not a port.")
    secure = parts.scheme == "https"
    query = f"?{parts.query}" if parts.query else ""
    path = quote((parts.path or "/") + query, safe="/?%:@!$&'()*+,;=~-._[]")
    return Target(secure, _host(name), port or (443 if secure else 80), path)


def _host(name: str) -> str:
    """Return a host's name as it is looked up."""
    if ":" in name:
        try:
            return str(IPv6Address(name)) if "%" not in name else _refuse_host()
        except ValueError:
            _refuse_host()
    try:
        host = name.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        _refuse_host()
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        _refuse_host()
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0x7f.1 and 0177.0.0.1 are addresses to some programs and names to others.
        try:
            return str(IPv4Address(host))
        except ValueError:
            _refuse_host()
    return host


def _refuse_host() -> str:
    raise Refused("Not the name or the address of a host.")


def ensure_public(address: str) -> None:
    """Refuse an address that is not one of the public internet.

    Raises:
        Refused: for private, loopback, link-local, multicast, shared, reserved addresses and tunnels.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip not in _UNICAST_6 or any(ip in network for network in _REFUSED_6):
            raise Refused(f"{address} is not a public address.")
    if isinstance(ip, IPv4Address) and any(ip in network for network in _REFUSED_4):
        raise Refused(f"{address} is not a public address.")


def check(url: str, *, allow_private: bool) -> Target:
    """Return the target of a URL that somebody wants to send webhooks to.

    Only what the URL itself says is checked here; what its name stands for is looked up at every delivery.

    Raises:
        Refused: if webhooks cannot or may not go there.
    """
    target = parse(url)
    if allow_private:
        return target
    if target.host == "localhost" or target.host.endswith(".localhost"):
        raise Refused("localhost is not a public address.")
    if ":" in target.host or _NUMBER.fullmatch(target.host.rpartition(".")[2]):
        ensure_public(target.host)
    return target


def addresses_of(target: Target, *, allow_private: bool) -> list[str]:
    """Look up a target, and return the addresses to connect to, best first.

    Raises:
        Refused: if any of them is not public: whoever mixes them in does so on purpose.
        OSError: if the name is not known.
    """
    found = look_up(target.host, target.port)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private:
        for address in addresses:
            ensure_public(address)
    return addresses
