"""`make compose-env`: passwords and keys that compose.yaml asks for, made at random, in a file only its owner reads."""

from __future__ import annotations

import os
import re
import secrets
import subprocess

from .output import Trouble, say
from .places import ROOT, new_key
from .platform import python

ENVIRONMENT = ROOT / ".env"
ASKED = re.compile(r"(?<=\$\{)\w+(?=:\?)|(?<=\{environment: )\w+(?=\})")
"""Variables that compose.yaml does not go without: in settings, and for secrets that are files."""

KEYS = "KEHU_ENCRYPTION_KEYS"


PAIR = {"KEHU_CALLER_KEYS", "KEHU_CALLER_SIGNING_KEY"}


def caller_keys() -> dict[str, str]:
    """A pair of keys for callers, quoted: they are JSON."""
    command = [python(), "-W", "ignore", "-m", "servicekit", "caller-key"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    private, public = made.stdout.splitlines()
    return {"KEHU_CALLER_SIGNING_KEY": f"'{private}'", "KEHU_CALLER_KEYS": f"'{public}'"}


def compose_environment() -> None:
    """Write .env; one that is there keeps its values, and gets those that a new version asks for besides."""
    asked = dict.fromkeys(ASKED.findall((ROOT / "compose.yaml").read_text()))
    present = ENVIRONMENT.read_text().splitlines() if ENVIRONMENT.exists() else []
    known = {line.partition("=")[0] for line in present}
    missing = [name for name in asked if name not in known]
    if not missing:
        say(".env has everything that compose.yaml asks for")
        return
    if ENVIRONMENT.exists() and ENVIRONMENT.stat().st_mode & 0o077:
        raise Trouble(".env can be read by others: chmod 600 .env")
    handle = os.open(ENVIRONMENT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        pair = caller_keys() if PAIR & set(missing) else {}
        present = [line for line in present if line.partition("=")[0] not in pair]
        made = {name: new_key() if name == KEYS else secrets.token_urlsafe(18) for name in missing} | pair
        file.write("".join(f"{line}\n" for line in [*present, *(f"{k}={v}" for k, v in made.items())]))
    say(f"wrote {len(missing)} values to .env; KEHU_ADMIN_PASSWORD is the administrator's")
