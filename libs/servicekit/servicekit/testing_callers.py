"""Who asks in tests, as the gateway sends them."""

import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from servicekit.base import callers
from servicekit.base.context import Caller
from servicekit.base.ids import new_id
from servicekit.base.labels import CAN
from servicekit.base.settings import Settings


def caller(
    *permissions: str, account_id: UUID | None = None, department_id: UUID | None = None, **more: Any
) -> Caller:
    """Return a caller who holds permissions, each for own records or as in ``"contract.read:all"``.

    Args:
        more: what else identity says of a caller (``servicekit.base.context.Caller``).
    """
    scopes = dict(permission.partition(":")[::2] for permission in permissions)
    return Caller(
        account_id=account_id or new_id(),
        department_id=department_id,
        username="tester",
        display_name="测试",
        permissions={permission: scope or "own" for permission, scope in scopes.items()},
        **more,
    )


def without_can(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what lists and events show of a record too: all but what the caller may do with it."""
    return {name: value for name, value in answer.items() if name != CAN}


_KEY = callers.new_key()
os.environ["CALLER_KEYS"], os.environ["CALLER_SIGNING_KEY"] = callers.public_half(_KEY), _KEY


def subject_text(who: Caller) -> str:
    """Return somebody of whom is asked what they reach, signed as by identity."""
    return caller_header(who, callers.SUBJECT)


def caller_header(who: Caller, kind: str = callers.TYPE) -> str:
    """Return a caller as the gateway sends it, signed as by identity."""
    facts = callers.signed(
        {
            "account_id": str(who.account_id),
            "session_id": str(who.session_id) if who.session_id else None,
            "department_id": str(who.department_id) if who.department_id else None,
            "username": who.username,
            "display_name": who.display_name,
            "permissions": dict(who.permissions),
            "institution_id": str(who.institution_id) if who.institution_id else None,
            "principals": [str(each) for each in who.principals],
            "security_level": who.security_level,
            "limits": {
                permission: [{"scope": scope, "where": where} for scope, where in parts]
                for permission, parts in who.limits.items()
            },
        },
        Settings(),
        kind,
    )
    return orjson.dumps(facts).decode()
