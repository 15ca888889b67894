"""Secrets at rest: sealed with a key from the secrets folder, so that database and backups hold none in the clear.

Several keys may be given: the first seals, all of them open. A key is replaced by putting a new one in front, letting
everything be sealed anew (``needs_sealing``), and then taking the old one away (docs/operating.md).
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

from servicekit.base.settings import Settings

PREFIX = "sealed:"
"""What a sealed text begins with; one that does not is from before there were keys."""


class Sealed(TypeDecorator[str]):
    """A text column whose texts are sealed in the database, and in the clear in the process."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Seal what is stored."""
        return None if value is None else seal(value)

    def process_result_value(self, value: Any | None, dialect: Any) -> str | None:
        """Open what was stored."""
        return None if value is None else unseal(value)


def seal(text: str) -> str:
    """Return a text sealed with the first key."""
    return PREFIX + _box().encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """Return what was sealed; a text from before there were keys is returned as it is.

    Raises:
        RuntimeError: if none of the keys opens it.
    """
    if not kept.startswith(PREFIX):
        return kept
    try:
        return _box().decrypt(kept.removeprefix(PREFIX)).decode()
    except InvalidToken:
        raise RuntimeError("none of the ENCRYPTION_KEYS opens this: one was taken away too early") from None


def needs_sealing(kept: str) -> bool:
    """Tell whether a text is in the clear, or sealed with another key than the first."""
    if not kept.startswith(PREFIX):
        return True
    try:
        Fernet(_keys()[0]).decrypt(kept.removeprefix(PREFIX))
    except InvalidToken:
        return True
    return False


def ensure_keys(keys: Iterable[str] | None = None) -> None:
    """See that there are keys that can seal.

    Raises:
        RuntimeError: if there are none, or one of them is no key.
    """
    try:
        MultiFernet([Fernet(key) for key in (keys if keys is not None else _keys())])
    except ValueError as error:
        raise RuntimeError(
            "ENCRYPTION_KEYS holds no key, or something else: make one with python -m servicekit new-key"
        ) from error


@cache
def _keys() -> tuple[str, ...]:
    return tuple(Settings().encryption_keys.split())


@cache
def _box() -> MultiFernet:
    ensure_keys()
    return MultiFernet([Fernet(key) for key in _keys()])


def forget_keys() -> None:
    """Read the keys anew when they are needed next."""
    _keys.cache_clear()
    _box.cache_clear()
