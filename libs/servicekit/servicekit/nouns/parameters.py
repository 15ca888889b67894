"""Parameters: figures and texts that an administrator sets while everything runs (ID-42).

    MOST_LOOKUPS = Parameter("customer.lookups_an_hour", 120)
    MOST_LOOKUPS.of(session)

Identity keeps what they are called, their bounds and what they were set to; a test holds that it knows every one.
"""

from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from servicekit.nouns.definitions import PARAMETER, definitions

V = TypeVar("V")


class Parameter(Generic[V]):
    """What an administrator may set.

    Args:
        key: what it is called: ``<service>.<what>``.
        default: what holds until somebody sets it; a value of another type is not taken for one.
    """

    def __init__(self, key: str, default: V) -> None:
        self.key = key
        self.default = default

    def of(self, session: Session) -> V:
        """Return its value as it is set in this transaction."""
        value: Any = definitions(session, PARAMETER, self.key).get(self.key, {}).get("value")
        as_set: V = value if type(value) is type(self.default) else self.default
        return as_set
