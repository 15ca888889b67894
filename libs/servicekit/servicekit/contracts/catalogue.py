"""What all services together publish and ask for, as their contract files say.

For the service that keeps roles and subscriptions: a name that stands in no contract is a slip of the pen.
"""

from functools import cache

from servicekit.base.published import documents
from servicekit.base.scopes import ALL
from servicekit.nouns.journal import PROCESS_READ
from servicekit.operating.bus_operations import OPERATE


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
