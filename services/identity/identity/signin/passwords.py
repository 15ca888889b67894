"""Passwords: which are good enough, and how they are kept (argon2id by OWASP's figures)."""

import re
import string
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from zxcvbn_rs_py import zxcvbn

from identity.accounts.model import Account, username_key
from servicekit import Fault, Invalid, Parameter
from servicekit.base.blocking import run_blocking
from servicekit.base.settings import Settings

SHORTEST = 8
SHORTEST_PASSWORD = Parameter("identity.shortest_password", SHORTEST)

LONGEST_PASSWORD = 200
LONGEST_JUDGED = 72
"""Characters that are judged: judging takes longer the more there are, and more make no password worse."""

GOOD = 8
"""As a power of ten, how many guesses a password must withstand: behind throttling that is for ever. zxcvbn takes a
letter that it knows no words of for one of ten; of the Chinese ones there are thousands, so each counts ten more."""

PRODUCT = ("kehu", "客户", "crm")

FAVOURITES = (
    "woaini", "iloveyou", "5201314", "1314520", "147258369", "qazwsx", "admin888", "wang", "zhang", "zhongguo",
)  # fmt: skip
"""What is typed first in China, and stands in no list that was made elsewhere."""


class House(Settings):
    """What the house is called: nobody's password."""

    identity_house_name: str = ""


_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$7Iwl58dop165sTWWXrZNxg$+qOixwsJY8Imp0KQlLLDMMKepq/UebWNsyTibc+RpaE"
"""What a password is checked against where there is no account, so that this takes as long as where there is one."""


def ensure_good(password: str, names: Iterable[str | None], field: str, shortest: int = SHORTEST) -> None:
    """Refuse passwords that are guessed first (ID-33); zxcvbn judges, by words, names, dates and the keyboard.

    Args:
        names: what the account's owner is called, by others and by the system.
        field: the field of the input that the error is about.
        shortest: how many characters it has at least.

    Raises:
        Invalid: if it is too short or too easy to guess.
    """
    if len(password) < shortest:
        raise Invalid.field(field, Fault("too-short", "Must have at least {min} characters.", min=shortest))
    plain = unicodedata.normalize("NFKC", password)[:LONGEST_JUDGED]
    words = [word for name in (*names, House().identity_house_name) for word in _words_of(name or "")]
    guesses = zxcvbn(plain, [*words, *PRODUCT, *FAVOURITES]).guesses_log10
    if guesses + len({letter for letter in plain if letter.isalpha() and not letter.isascii()}) < GOOD:
        raise Invalid.field(field, Fault("password-too-easy", "This password is too easy to guess."))


def ensure_nobodys_name(session: Session, password: str, field: str) -> None:
    """Refuse a password that is what somebody signs in as, with or without digits and signs around it.

    Raises:
        Invalid: if it is.
    """
    plain = username_key(password)
    tried = {plain, plain.strip(string.digits + string.punctuation)}
    if session.scalar(select(exists().where(Account.username_key.in_(tried)))):
        raise Invalid.field(field, Fault("password-too-easy", "This password is too easy to guess."))


def _words_of(name: str) -> list[str]:
    """Return a name, its parts, and its parts together: ``wang.fang`` is ``wangfang`` too."""
    whole = unicodedata.normalize("NFKC", name).casefold()
    parts = [part for part in re.split(r"[^\w]+|_", whole) if len(part) > 1]
    return [word for word in (whole, *parts, "".join(parts)) if word]


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
    """Return a password as bytes, the same whichever keyboard composed its characters; nothing for what is none.

    Nobody has a longer one than may be set, and to compose whatever a stranger sends would take minutes.
    """
    if len(password) > LONGEST_PASSWORD:
        return b""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
