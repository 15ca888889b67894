"""The sign-in surface: tokens for a password, a refresh token or a program's secret, sign-out, and the tokens' keys."""

from typing import Annotated, Any, Literal, NotRequired

from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway import oauth
from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import fields_speak, known_query
from gateway.edge.admission import Admission
from gateway.edge.sessions import Caller, Sessions
from gateway.edge.tokens import TokenVerifier
from gateway.errors import Problem, unavailable

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


class Revocation(BaseModel):
    """A form that says which session ends; an empty one means that of the bearer token."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    token: str | None = None
    """A refresh token, or an access token."""


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


class AuthorizationServer(TypedDict):
    """What a client has to know of this authorization server (RFC 8414)."""

    issuer: str
    token_endpoint: str
    token_endpoint_auth_methods_supported: list[str]
    grant_types_supported: list[str]
    response_types_supported: list[str]
    jwks_uri: str
    revocation_endpoint: str
    revocation_endpoint_auth_methods_supported: list[str]
    service_documentation: str
    ui_locales_supported: list[str]


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
METADATA = oauth.metadata("https://crm.example.com")
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


async def _whose_access_token(token: str, tokens: TokenVerifier, sessions: Sessions) -> Caller | None:
    """Return who holds an access token; None of what is none that is valid."""
    if token.count(".") != 2:
        return None
    try:
        return await sessions.resolve(await tokens.verify(token))
    except Problem as problem:
        if problem.kind == "forbidden":
            return None
        raise


def signin_routes(
    bus: Bus, admission: Admission, tokens: TokenVerifier, sessions: Sessions, issuer: str
) -> APIRouter:
    """Return the routes of the sign-in surface."""
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
        client = {
            "client_address": context.client_address,
            "user_agent": (context.header(b"user-agent") or "")[:LONGEST_USER_AGENT],
        }
        reply = await bus.call("identity", "issue_token", asked | client, headers=context.rpc_headers())
        return json_answer(reply.result)

    @router.post(
        "/v1/auth/revoke",
        status_code=204,
        summary="Sign out",
        # Whoever has a refresh token may end its session with nothing else.
        openapi_extra={"security": [{"bearer": []}, {}], "requestBody": {"required": False}},
        dependencies=[Depends(require_form)],
    )
    async def revoke_token(request: Request, form: Annotated[Revocation, Form()]) -> Response:
        """End the session of the token in the form, or else of the bearer token; one that is not known has ended.

        A program has no session: its tokens end with their secret, and are refused here.
        """
        context = request_context(request.scope)
        if form.token:
            admission.anonymous(context)
            caller = await _whose_access_token(form.token, tokens, sessions)
        else:
            caller = await admission.signed_in(context)
        if caller is None:
            headers = context.rpc_headers()
            await bus.call("identity", "revoke_token", {"refresh_token": form.token}, headers=headers)
        else:
            headers = {**context.rpc_headers(), "nameko.caller": caller.header}
            kwargs = {"session_id": caller.session_id}
            await bus.call("identity", "revoke_session", kwargs, headers=headers)
            sessions.forget(caller.session_id)
        return Response(status_code=204)

    @router.get(
        "/.well-known/oauth-authorization-server",
        response_model=AuthorizationServer,
        responses=shown(METADATA),
        summary="The authorization server",
        openapi_extra={"security": []},
    )
    async def get_authorization_server() -> Response:
        """Where tokens are asked for and how, for OAuth libraries (RFC 8414)."""
        return json_answer(oauth.metadata(issuer), headers={"cache-control": "public, max-age=300"})

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


async def _refuse_what_is_twice(request: Request) -> None:
    """Refuse a form in which a name comes twice: nobody can say which of the two was meant (RFC 6749, section 3.2)."""
    names = [name for name, _ in (await request.form()).multi_items()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise oauth.invalid_request("Given more than once.", *twice)


def _asked(form: TokenRequest, authorization: str | None) -> dict[str, str | None]:
    """Return what identity is asked; refuse a form that says too little for its grant."""
    if not form.grant_type:
        raise oauth.invalid_request("Field required", "grant_type")
    if form.grant_type not in oauth.GRANTS:
        known = ", ".join(oauth.GRANTS)
        errors = [{"field": "grant_type", "message": f"Must be one of: {known}."}]
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
        raise oauth.invalid_request("Field required", *missing)
    return asked | form.model_dump(include={"username", "password", "refresh_token", "device_token"})
