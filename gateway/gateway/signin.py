"""The sign-in surface: tokens for a password or a refresh token, sign-out, and the keys of the tokens."""

from typing import Annotated, Literal, NotRequired

from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import fields_speak, known_query
from gateway.edge.admission import Admission
from gateway.edge.sessions import Sessions
from gateway.edge.tokens import TokenVerifier
from gateway.errors import Problem, unavailable

LONGEST_USER_AGENT = 300


class TokenRequest(BaseModel):
    """A form that asks for tokens."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    grant_type: Literal["password", "refresh_token"]
    username: str | None = None
    password: str | None = None
    refresh_token: str | None = None
    device_token: str | None = None
    """What an earlier sign-in by password was answered with."""


class Revocation(BaseModel):
    """A form that says which session ends; an empty one means that of the bearer token."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    token: str | None = None
    """A refresh token."""


@fields_speak
class Tokens(TypedDict):
    """What a client gets for signing in."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    refresh_token: str
    device_token: NotRequired[str]
    """Given with a sign-in by password; sent with the next one, it lets a known device in while others have to wait."""


class JsonWebKey(TypedDict):
    """A public key on the curve P-256."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    use: NotRequired[Literal["sig"]]
    alg: NotRequired[Literal["ES256"]]


class JsonWebKeySet(TypedDict):
    """The keys that access tokens may be signed with."""

    keys: list[JsonWebKey]


TOKENS = {
    "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJpc3MiOiJrZWh1In0.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA",
}
KEYS = {
    "keys": [
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "WKn-ZIGevcwGIyyrzFoZNBdaq9_TsqzGl96oc0CWuis",
            "y": "y77t-RvAHRKTsSGdIYUfweuOvwrvDD-Q3Hv5J0fSKbE",
            "kid": "1",
            "use": "sig",
            "alg": "ES256",
        }
    ]
}


def require_form(request: Request) -> None:
    """Refuse a body that is not an HTML form, rather than calling its fields missing."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("", "application/x-www-form-urlencoded"):
        raise Problem(
            "invalid", "unsupported-media-type", "The body must be application/x-www-form-urlencoded."
        )


def signin_routes(bus: Bus, admission: Admission, tokens: TokenVerifier, sessions: Sessions) -> APIRouter:
    """Return the routes of the sign-in surface."""
    router = APIRouter(tags=["sign-in"], dependencies=[Depends(known_query)])

    @router.post(
        "/v1/auth/token",
        response_model=Tokens,
        responses=shown(TOKENS),
        summary="Sign in, or refresh a sign-in",
        openapi_extra={"security": []},
        dependencies=[Depends(require_form)],
    )
    async def issue_token(request: Request, form: Annotated[TokenRequest, Form()]) -> Response:
        """Exchange a username and password, or a refresh token, for an access token of 15 minutes.

        A refresh token works once; the answer carries the next one. The answer to a password carries a device token
        too: a client that keeps it and sends it along is known from then on.
        """
        context = request_context(request.scope)
        admission.anonymous(context)
        needed = ("username", "password") if form.grant_type == "password" else ("refresh_token",)
        missing = [name for name in needed if not getattr(form, name)]
        if missing:
            errors = [{"field": name, "message": "Field required"} for name in missing]
            raise Problem("invalid", "invalid-input", "Fields are missing.", errors=errors)
        reply = await bus.call(
            "identity",
            "issue_token",
            {
                **form.model_dump(),
                "client_address": context.client_address,
                "user_agent": (context.header(b"user-agent") or "")[:LONGEST_USER_AGENT],
            },
            headers=context.rpc_headers(),
        )
        return json_answer(reply.result)

    @router.post("/v1/auth/revoke", status_code=204, summary="Sign out", dependencies=[Depends(require_form)])
    async def revoke_token(request: Request, form: Annotated[Revocation, Form()]) -> Response:
        """End the session of the refresh token in the form, or else of the bearer token."""
        context = request_context(request.scope)
        if form.token:
            admission.anonymous(context)
            headers = context.rpc_headers()
            await bus.call("identity", "revoke_token", {"refresh_token": form.token}, headers=headers)
        else:
            caller = await admission.signed_in(context)
            headers = {**context.rpc_headers(), "nameko.caller": caller.header}
            kwargs = {"session_id": caller.session_id}
            await bus.call("identity", "revoke_session", kwargs, headers=headers)
            sessions.forget(caller.session_id)
        return Response(status_code=204)

    @router.get(
        "/.well-known/jwks.json",
        response_model=JsonWebKeySet,
        responses=shown(KEYS),
        summary="Keys that access tokens are signed with",
        openapi_extra={"security": []},
    )
    async def get_keys() -> Response:
        """The public keys as a JSON Web Key Set (RFC 7517)."""
        if tokens.public_keys is None:
            raise unavailable("service-unavailable", "The keys of identity are not known yet.")
        return json_answer(tokens.public_keys, headers={"cache-control": "public, max-age=300"})

    return router
