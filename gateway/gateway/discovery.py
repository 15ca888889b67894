"""What a client or a library finds out before it signs in: where, how, and by which keys tokens are signed."""

from typing import Literal, NotRequired

from fastapi import APIRouter, Depends
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway import oauth
from gateway.answers import json_answer, shown
from gateway.described import known_query
from gateway.edge.tokens import TokenVerifier
from gateway.errors import unavailable


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


def discovery_routes(tokens: TokenVerifier, issuer: str) -> APIRouter:
    """Return the routes of the metadata and the keys."""
    router = APIRouter(tags=["sign-in"], dependencies=[Depends(known_query)])

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
