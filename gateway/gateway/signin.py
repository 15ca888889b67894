"""Signing in: tokens for a password, a refresh token or a program's secret (RFC 6749)."""

from typing import Annotated, Any, Literal, NotRequired

from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway import oauth
from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import RequestContext, request_context
from gateway.described import fields_speak, known_query
from gateway.edge.admission import Admission
from gateway.errors import Problem, field_error

LONGEST_USER_AGENT = 300


def _name_the_grants(schema: dict[str, Any]) -> None:
    """Say of a request's schema which grants there are, and that one has to be named."""
    schema["required"] = ["grant_type"]
    grant = schema["properties"]["grant_type"]
    del grant["default"]
    grant["enum"] = [*oauth.GRANTS]


class TokenRequest(BaseModel):
    """A form that asks for tokens; what each grant needs is looked at one by one, to be refused as OAuth says."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=_name_the_grants)

    grant_type: str = ""
    username: str | None = None
    """With ``password``."""
    password: str | None = None
    refresh_token: str | None = None
    """With ``refresh_token``: works once."""
    device_token: str | None = None
    """With ``password``: what an earlier sign-in by password was answered with."""
    client_id: str | None = None
    """With ``client_credentials``, if not by HTTP Basic: the id of a service account."""
    client_secret: str | None = None
    scope: str | None = None
    """Has to be empty: a service account has the permissions that it was given."""


@fields_speak
class Tokens(TypedDict):
    """What a client gets for signing in."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    refresh_token: NotRequired[str]
    """The next one. A program has none: it asks again."""
    device_token: NotRequired[str]
    """Given with a sign-in by password; sent with the next one, it lets a known device in while others have to wait."""


TOKENS = {
    "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJpc3MiOiJrZWh1In0.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA",
}
REFUSED = {
    "description": "A refusal, as RFC 6749 says it and as a problem document.",
    "content": {
        "application/problem+json": {
            "schema": {"$ref": "#/components/schemas/TokenRefusal"},
            "example": {
                "type": "urn:problem-type:kehu:invalid-credentials",
                "title": "Malformed request",
                "status": 400,
                "code": "invalid-credentials",
                "detail": "The username or the password is not right.",
                "error": "invalid_grant",
                "error_description": "The username or the password is not right.",
            },
        }
    },
}


def require_form(request: Request) -> None:
    """Refuse a body that is not an HTML form, rather than calling its fields missing."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("", "application/x-www-form-urlencoded"):
        raise Problem(
            "invalid", "unsupported-media-type", "The body must be application/x-www-form-urlencoded."
        )


def signin_routes(bus: Bus, admission: Admission) -> APIRouter:
    """Return the token endpoint."""
    router = APIRouter(tags=["sign-in"], dependencies=[Depends(known_query)])

    @router.post(
        "/v1/auth/token",
        response_model=Tokens,
        responses={**shown(TOKENS), 400: REFUSED, 401: REFUSED},
        summary="Sign in, or refresh a sign-in",
        openapi_extra={"security": []},
        dependencies=[Depends(require_form)],
    )
    async def issue_token(request: Request, form: Annotated[TokenRequest, Form()]) -> Response:
        """Exchange a username and password, a refresh token, or a service account's secret for an access token.

        It lives for 15 minutes, a program's for an hour. A refresh token works once; the answer carries the next one.
        The answer to a password carries a device token too: a client that keeps it and sends it along is known from
        then on. A program (`client_credentials`) authenticates by HTTP Basic or with `client_id` and `client_secret`
        in the form. A refusal is a problem document with the `error` of RFC 6749.
        """
        context = request_context(request.scope)
        admission.anonymous(context)
        await _refuse_what_is_twice(request)
        asked = _asked(form, context.header(b"authorization"))
        asked |= client_of(context)
        reply = await bus.call("identity", "issue_token", asked, headers=context.rpc_headers())
        return json_answer(reply.result)

    return router


def client_of(context: RequestContext) -> dict[str, str | None]:
    """Return what identity is told of where somebody signs in from."""
    agent = (context.header(b"user-agent") or "")[:LONGEST_USER_AGENT]
    return {"client_address": context.client_address, "user_agent": agent}


async def _refuse_what_is_twice(request: Request) -> None:
    """Refuse a form in which a name comes twice: nobody can say which of the two was meant (RFC 6749, section 3.2)."""
    names = [name for name, _ in (await request.form()).multi_items()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise oauth.invalid_request("given-twice", "Given more than once.", *twice)


def _asked(form: TokenRequest, authorization: str | None) -> dict[str, str | None]:
    """Return what identity is asked; refuse a form that says too little for its grant."""
    if not form.grant_type:
        raise oauth.invalid_request("required", "Field required", "grant_type")
    if form.grant_type not in oauth.GRANTS:
        known = ", ".join(oauth.GRANTS)
        errors = [field_error("grant_type", "not-allowed-value", "Must be one of: {allowed}.", allowed=known)]
        raise Problem("invalid", "unsupported-grant-type", f"There are: {known}.", errors=errors)
    if form.scope:
        raise Problem("invalid", "invalid-scope", "No scope can be asked for.")
    asked: dict[str, str | None] = {"grant_type": form.grant_type}
    client_id, client_secret = oauth.client_credentials(authorization, form.model_dump())
    if form.grant_type == "client_credentials":
        if not client_id or not client_secret:
            raise oauth.invalid_client("A program shows its client_id and its client_secret.")
        return {**asked, "client_id": client_id, "client_secret": client_secret}
    if client_secret:
        raise oauth.invalid_client("People sign in with a client that has no secret.")
    needed = ("username", "password") if form.grant_type == "password" else ("refresh_token",)
    if missing := [name for name in needed if not getattr(form, name)]:
        raise oauth.invalid_request("required", "Field required", *missing)
    return asked | form.model_dump(include={"username", "password", "refresh_token", "device_token"})
