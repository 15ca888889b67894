"""Passwords: which are good enough, and how they are kept (argon2id by OWASP's figures)."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from identity.accounts.model import username_key
from servicekit import Invalid
from servicekit.blocking import run_blocking

SHORTEST = 8

# Real words and patterns that everybody tries first; shorter ones are refused for their length.
COMMON = frozenset(
    """
    12345678 123456789 1234567890 0123456789 87654321 987654321 123123123 12341234 11223344 147258369 5201314520
    password password1 password12 password123 passw0rd p@ssw0rd p@ssword qwertyui qwertyuiop qwerty12 qwerty123
    asdfghjkl zxcvbnm123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx q1w2e3r4 1qazxsw2 123qweasd qweasdzxc abcdefgh abcd1234
    abc12345 abc123456 a1234567 a12345678 a123456789 aa123456 aa12345678 qq123456 wang1234 woaini1314 woaini520
    iloveyou sunshine princess football baseball superman trustno1 computer internet letmein1 welcome1 welcome123
    admin123 admin1234 admin888 administrator changeme changeme123 test1234 user1234 default1 secret123 kehu1234
    """.split()  # noqa: SIM905 - a word list reads better as words.
)

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$7Iwl58dop165sTWWXrZNxg$+qOixwsJY8Imp0KQlLLDMMKepq/UebWNsyTibc+RpaE"
"""What a password is checked against where there is no account, so that this takes as long as where there is one."""


def ensure_good(password: str, username: str, field: str) -> None:
    """Refuse passwords that are guessed first (ID-33).

    Args:
        field: the field of the input that the error is about.

    Raises:
        Invalid: if it is too short, too common, one character over and over, or the username.
    """
    plain = username_key(password)
    if len(password) < SHORTEST:
        raise Invalid.field(field, f"Must have at least {SHORTEST} characters.")
    if plain in COMMON or len(set(plain)) < 3:
        raise Invalid.field(field, "This password is too easy to guess.")
    if plain == username_key(username):
        raise Invalid.field(field, "Must not be the username.")


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return run_blocking(_HASHER.hash, _typed(password))


def is_password(kept: str, password: str) -> bool:
    """Tell whether a password is the one that was kept; it takes the same time either way."""
    return run_blocking(_verify, kept, _typed(password))


def _verify(kept: str, typed: bytes) -> bool:
    try:
        return _HASHER.verify(kept, typed)
    except VerificationError:
        return False


def _typed(password: str) -> bytes:
    """Return a password as bytes, the same whichever keyboard composed its characters."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
