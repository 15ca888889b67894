"""The sign-in surface: tokens for a password or a refresh token, sign-out, and the keys of the tokens."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from gateway.answers import json_answer
from gateway.bus import Bus
from gateway.context import request_context
from gateway.edge.admission import Admission
from gateway.edge.sessions import Sessions
from gateway.edge.tokens import TokenVerifier
from gateway.errors import Problem, unavailable

LONGEST_USER_AGENT = 300


class Tokens(BaseModel):
    """What a client gets for signing in."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    device_token: str | None = None
    """Given with a sign-in by password; sent with the next one, it lets a known device in while others have to wait."""


def require_form(request: Request) -> None:
    """Refuse a body that is not an HTML form, rather than calling its fields missing."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("", "application/x-www-form-urlencoded"):
        raise Problem(
            "invalid", "unsupported-media-type", "The body must be application/x-www-form-urlencoded."
        )


def signin_routes(bus: Bus, admission: Admission, tokens: TokenVerifier, sessions: Sessions) -> APIRouter:
    """Return the routes of the sign-in surface."""
    router = APIRouter(tags=["sign-in"])

    @router.post(
        "/v1/auth/token",
        response_model=Tokens,
        summary="Sign in, or refresh a sign-in",
        openapi_extra={"security": []},
        dependencies=[Depends(require_form)],
    )
    async def issue_token(
        request: Request,
        grant_type: Annotated[Literal["password", "refresh_token"], Form()],
        username: Annotated[str | None, Form()] = None,
        password: Annotated[str | None, Form()] = None,
        refresh_token: Annotated[str | None, Form()] = None,
        device_token: Annotated[str | None, Form()] = None,
    ) -> Response:
        """Exchange a username and password, or a refresh token, for an access token of 15 minutes.

        A refresh token works once; the answer carries the next one. The answer to a password carries a device token
        too: a client that keeps it and sends it along is known from then on.
        """
        context = request_context(request.scope)
        admission.anonymous(context)
        needed = (
            {"username": username, "password": password}
            if grant_type == "password"
            else {"refresh_token": refresh_token}
        )
        missing = [name for name, value in needed.items() if not value]
        if missing:
            errors = [{"field": name, "message": "Field required"} for name in missing]
            raise Problem("invalid", "invalid-input", "Fields are missing.", errors=errors)
        reply = await bus.call(
            "identity",
            "issue_token",
            {
                "grant_type": grant_type,
                "username": username,
                "password": password,
                "refresh_token": refresh_token,
                "device_token": device_token,
                "client_address": context.client_address,
                "user_agent": (context.header(b"user-agent") or "")[:LONGEST_USER_AGENT],
            },
            headers=context.rpc_headers(),
        )
        return json_answer(reply.result)

    @router.post("/v1/auth/revoke", status_code=204, summary="Sign out", dependencies=[Depends(require_form)])
    async def revoke(request: Request, token: Annotated[str | None, Form()] = None) -> Response:
        """End the session of the refresh token in the form, or else of the bearer token."""
        context = request_context(request.scope)
        if token:
            admission.anonymous(context)
            headers = context.rpc_headers()
            await bus.call("identity", "revoke_token", {"refresh_token": token}, headers=headers)
        else:
            caller = await admission.signed_in(context)
            headers = {**context.rpc_headers(), "nameko.caller": caller.header}
            kwargs = {"session_id": caller.session_id}
            await bus.call("identity", "revoke_session", kwargs, headers=headers)
            sessions.forget(caller.session_id)
        return Response(status_code=204)

    @router.get(
        "/.well-known/jwks.json",
        summary="Keys that access tokens are signed with",
        openapi_extra={"security": []},
    )
    async def jwks() -> Response:
        """The public keys as a JSON Web Key Set (RFC 7517)."""
        if tokens.public_keys is None:
            raise unavailable("service-unavailable", "The keys of identity are not known yet.")
        return json_answer(tokens.public_keys, headers={"cache-control": "public, max-age=300"})

    return router
