"""What all services together publish and ask for, as their contract files say.

For the service that keeps roles and subscriptions: a name that stands in no contract is a slip of the pen.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from servicekit.base.scopes import ALL
from servicekit.nouns.journal import PROCESS_READ
from servicekit.operating.bus_operations import OPERATE

SERVICES = Path(__file__).resolve().parents[4] / "services"
"""Where the contract files are, as ``<service>/api/openapi.json``; every image has those of all services."""


@cache
def permissions_for_all() -> frozenset[str]:
    """Return the permissions that are held for all or not at all (``servicekit.ForAll``)."""
    found = {
        f"{noun}.{deed}"
        for document in documents("openapi.json")
        for noun, told in document["x-permissions"].items()
        for deed, said in told["deeds"].items()
        if said["scopes"] == [ALL]
    }
    return frozenset(found | {str(OPERATE), str(PROCESS_READ)})


@cache
def permissions_for_people() -> frozenset[str]:
    """Return the permissions that no program may hold (``Deed.for_people``)."""
    return frozenset(
        f"{noun}.{deed}"
        for document in documents("openapi.json")
        for noun, told in document["x-permissions"].items()
        for deed, said in told["deeds"].items()
        if said.get("x-for-people")
    )


@cache
def event_types() -> frozenset[str]:
    """Return the types of all events that there are."""
    return frozenset(exchanges_by_type())


@cache
def exchanges_by_type() -> dict[str, str]:
    """Return the exchange that the events of each type are published to."""
    return {
        channel["address"]: channel["bindings"]["amqp"]["exchange"]["name"]
        for document in documents("asyncapi.json")
        for channel in document["channels"].values()
        if "exchange" in channel["bindings"]["amqp"]
    }


def documents(name: str) -> list[dict[str, Any]]:
    """Return the contract files of all services that are called so."""
    return [orjson.loads(path.read_bytes()) for path in sorted(SERVICES.glob(f"*/api/{name}"))]
