"""Builders for programs: service accounts, and signing in as one."""

from typing import Any

from servicekit import Caller
from servicekit.testing import RunningService

ERP = {"receivable.read": "all", "receipt.write": "all"}


def a_service_account(service: RunningService, admin: Caller, **values: Any) -> dict[str, Any]:
    """Open an account for a program; the answer holds its secret."""
    data = {"name": "用友 ERP", "permissions": ERP, **values}
    made: dict[str, Any] = service.call("create_service_account", admin, data=data)
    return made


def program_signs_in(
    service: RunningService, account: dict[str, Any], secret: str | None = None, **more: Any
) -> dict[str, Any]:
    """Ask for a token as a program."""
    asked = {"client_id": account["id"], "client_secret": secret or account["client_secret"], **more}
    answer: dict[str, Any] = service.call("issue_token", None, grant_type="client_credentials", **asked)
    return answer
