"""OAuth 2.0 at the token endpoint: what a client shows of itself, and how it is told that it is refused (RFC 6749)."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from gateway.errors import Problem, field_error

TOKEN_PATH = "/v1/auth/token"  # noqa: S105
GRANTS = ("password", "refresh_token", "client_credentials")
AUTHENTICATION = ("client_secret_basic", "client_secret_post", "none")
CHALLENGE = [(b"www-authenticate", b'Basic realm="kehu", charset="UTF-8"')]
ERRORS = {
    "invalid-client": "invalid_client",
    "invalid-credentials": "invalid_grant",
    "invalid-grant": "invalid_grant",
    "unsupported-grant-type": "unsupported_grant_type",
    "invalid-scope": "invalid_scope",
    "too-many-attempts": "temporarily_unavailable",
    "rate-limited": "temporarily_unavailable",
    "internal-error": "server_error",
}
"""RFC 6749's word for a refusal, by our code; for others it is a request that cannot be understood."""
ERROR_WORDS = (
    "invalid_request", "invalid_client", "invalid_grant", "unsupported_grant_type", "invalid_scope",
    "temporarily_unavailable", "server_error",
)  # fmt: skip
REFUSAL = {
    "description": "A refusal in the words of RFC 6749, and a problem document.",
    "allOf": [
        {"$ref": "#/components/schemas/Problem"},
        {
            "type": "object",
            "required": ["error"],
            "properties": {
                "error": {"type": "string", "enum": [*ERROR_WORDS]},
                "error_description": {"type": "string"},
            },
        },
    ],
}
"""What the document calls ``TokenRefusal``."""


def error_members(problem: Problem) -> dict[str, str]:
    """Return what a refusal of the token endpoint says besides, so that no library takes it for a token."""
    unknown = "temporarily_unavailable" if problem.kind == "unavailable" else "invalid_request"
    return {
        "error": ERRORS.get(problem.code, unknown),
        # The characters that RFC 6749 allows in it.
        "error_description": "".join(c for c in problem.detail if " " <= c <= "~" and c not in '"\\'),
    }


def invalid_request(code: str, detail: str, *fields: str) -> Problem:
    """Return the problem of a request for tokens that is not one.

    Args:
        code: of what is wrong with the fields.
    """
    errors = [field_error(field, code, detail) for field in fields]
    return Problem("invalid", "malformed-request", detail, errors=errors)


def client_credentials(authorization: str | None, form: dict[str, Any]) -> tuple[str, str]:
    """Return the id and secret that a client shows, in the header or in the form, empty where it shows none.

    Raises:
        Problem: ``malformed-request`` if it shows a secret in both; ``invalid-client`` if the header cannot be read.
    """
    posted = (form.get("client_id") or "", form.get("client_secret") or "")
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return posted  # A bearer token, for one, which many clients send with everything.
    if posted[1]:
        raise invalid_request("one-way-only", "A client authenticates in one way only.", "client_secret")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise invalid_client("The Authorization header is not Basic.") from None
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def invalid_client(detail: str) -> Problem:
    """Return the problem of a client that is not who it says."""
    return Problem("forbidden", "invalid-client", detail)


def metadata(issuer: str) -> dict[str, Any]:
    """Return what a client has to know of this authorization server (RFC 8414)."""
    base = issuer.rstrip("/")
    return {
        "issuer": issuer,
        "token_endpoint": f"{base}{TOKEN_PATH}",
        "token_endpoint_auth_methods_supported": [*AUTHENTICATION],
        "grant_types_supported": [*GRANTS],
        # There is no authorization endpoint; an empty list is what libraries take for a missing one.
        "response_types_supported": ["none"],
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "revocation_endpoint": f"{base}/v1/auth/revoke",
        "revocation_endpoint_auth_methods_supported": ["none"],
        "service_documentation": f"{base}/docs",
        "ui_locales_supported": ["zh-CN", "en"],
    }
