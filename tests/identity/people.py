"""People to test with: opened by the administrator, signed in as the gateway signs them in."""

import base64
import json
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet

from identity.accounts.model import Account
from identity.accounts.principals import principals_of
from servicekit import Caller
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.side_by_side import at_once as at_once

ADMIN_PASSWORD = "correct horse battery"
KEY = Fernet.generate_key().decode()
PASSWORD = "晴天 staple 42"


def sign_in(service: RunningService, username: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    """Ask for tokens as the gateway does."""
    sent = {"grant_type": "password", "username": username, "password": password, **more}
    answer: dict[str, Any] = service.call(
        "issue_token",
        **{"refresh_token": None, "client_address": "203.0.113.7", "user_agent": "test", **sent},
    )
    return answer


def refresh(service: RunningService, token: str, **more: Any) -> dict[str, Any]:
    """Exchange a refresh token, from where it was signed in."""
    sent = {"client_address": "203.0.113.7", "user_agent": "test", **more}
    answer: dict[str, Any] = service.call(
        "issue_token", grant_type="refresh_token", refresh_token=token, **sent
    )
    return answer


def claims_of(tokens: dict[str, Any]) -> dict[str, Any]:
    """Read what an access token says, without checking it."""
    body = tokens["access_token"].split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def resolve(service: RunningService, tokens: dict[str, Any]) -> dict[str, Any]:
    """Ask who a token's session belongs to."""
    claims = claims_of(tokens)
    facts: dict[str, Any] = service.call(
        "resolve_session", session_id=claims["sid"], account_id=claims["sub"]
    )
    return facts


def caller_from(facts: dict[str, Any]) -> Caller:
    """Return the caller that the gateway makes of what identity said."""
    department = facts["department_id"]
    return Caller(
        account_id=UUID(facts["account_id"]),
        department_id=UUID(department) if department else None,
        session_id=UUID(facts["session_id"]),
        username=facts["username"],
        display_name=facts["display_name"],
        permissions=facts["permissions"],
        institution_id=UUID(facts["institution_id"]) if facts["institution_id"] else None,
        principals=tuple(map(UUID, facts["principals"])),
        security_level=facts["security_level"],
        limits={
            permission: tuple((part["scope"], part["where"]) for part in parts)
            for permission, parts in facts.get("limits", {}).items()
        },
    )


def signed_in(service: RunningService, username: str, password: str = PASSWORD) -> Caller:
    """Return somebody who has just signed in."""
    return caller_from(resolve(service, sign_in(service, username, password)))


def acting(service: RunningService, account_id: Any) -> Caller:
    """Return somebody as a caller, sparing them the sign-in."""
    with service.database.sessions() as session:
        account = session.get_one(Account, UUID(str(account_id)))
        return Caller(
            account_id=account.id,
            department_id=account.department_id,
            username=account.username,
            display_name=account.display_name,
            permissions=account.permissions,
            institution_id=account.institution_id,
            principals=tuple(principals_of(session, account)),
            security_level=account.security_level,
        )


def the_administrator(service: RunningService) -> Caller:
    """Return the first administrator."""
    query = {"filter[username]": "admin"}
    found = service.call("list_accounts", caller("account.read:all", "account.write:all"), query=query)[
        "items"
    ]
    return acting(service, found[0]["id"])


def an_account(
    service: RunningService, admin: Caller, username: str = "wang.fang", **values: Any
) -> dict[str, Any]:
    """Open a salesperson's account, with what the test changes."""
    data = {
        "username": username,
        "display_name": "王芳",
        "roles": ["salesperson"],
        "password": PASSWORD,
        **values,
    }
    account: dict[str, Any] = service.call("create_account", admin, data=data)
    return account


def a_department(
    service: RunningService, admin: Caller, name: str, parent: Any = None, **values: Any
) -> dict[str, Any]:
    """Add a department, at the top or below another."""
    data = {"name": name, "parent_id": parent["id"] if parent else None, **values}
    department: dict[str, Any] = service.call("create_department", admin, data=data)
    return department


def change(service: RunningService, admin: Caller, account: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Change an account."""
    changed: dict[str, Any] = service.call("update_account", admin, account_id=account["id"], data=values)
    return changed


def last(service: RunningService, event_type: str) -> dict[str, Any]:
    """Return what the newest event of a type said."""
    data: dict[str, Any] = service.published(event_type)[-1].data
    return data


def log_of(service: RunningService) -> list[tuple[str, str | None]]:
    """Return outcome and reason of every line of the sign-in log about somebody called wang, oldest first."""
    admin_sees = service.call(
        "list_sign_ins", the_administrator(service), query={"filter[username][contains]": "wang"}
    )
    return [(line["outcome"], line["reason"]) for line in reversed(admin_sees["items"])]
