"""Ports of a place's own: chosen once, remembered, and chosen anew when somebody else has taken one meanwhile."""

from __future__ import annotations

import json
import random
import socket

from .places import Place

# Below the range Linux takes for outgoing connections, so that a port does not vanish between choosing and using it.
FIRST, LAST = 20_000, 32_000


def is_free(port: int) -> bool:
    """Whether a server could listen there; a port that only waits out old connections counts as free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def remembered(place: Place) -> dict[str, int]:
    try:
        ports = json.loads((place.directory / "ports.json").read_text())
    except (OSError, ValueError):
        return {}
    return {name: port for name, port in ports.items() if isinstance(port, int)}


def choose(place: Place, names: list[str]) -> dict[str, int]:
    """A port for each name, the same as last time where it is still free."""
    ports = remembered(place)
    taken: set[int] = set()
    for name in names:
        port = ports.get(name)
        while port is None or port in taken or not is_free(port):
            port = random.randrange(FIRST, LAST)  # noqa: S311 - no secret
        ports[name] = port
        taken.add(port)
    remember(place, ports)
    return {name: ports[name] for name in names}


def remember(place: Place, ports: dict[str, int]) -> None:
    (place.directory / "ports.json").write_text(json.dumps(ports, indent=2) + "\n")


def is_answering(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
