"""Sign in with Authlib's OAuth client and read the token as a resource server does, from the published metadata alone.

tokens.py URL < {"username": …, "password": …, "client_id": …, "client_secret": …}
"""

from __future__ import annotations

import json
import sys
from typing import Any

import httpx
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet


def metadata_of(url: str) -> dict[str, Any]:
    """Return the metadata of the authorization server, which Authlib finds valid."""
    told = httpx.get(f"{url}/.well-known/oauth-authorization-server").raise_for_status().json()
    metadata = AuthorizationServerMetadata(told)
    # RFC 8414 wants https, which a platform on a developer's own machine has not.
    https = {name: v.replace("http://", "https://") if isinstance(v, str) else v for name, v in told.items()}
    AuthorizationServerMetadata(https).validate()
    return dict(metadata)


def refusal(ask: Any) -> str:
    """Return the `error` by which a request for a token is refused."""
    try:
        token = ask()
    except OAuthError as error:
        return str(error.error)
    raise AssertionError(f"taken for a token: {sorted(token)}")


def main() -> None:
    url, given = sys.argv[1], json.load(sys.stdin)
    metadata = metadata_of(url)
    endpoint = metadata["token_endpoint"]
    keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"]).raise_for_status().json())
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": metadata["issuer"]},
        sub={"essential": True}, exp={"essential": True}, client_id={"essential": True},
    )  # fmt: skip

    def claims(token: str) -> dict[str, Any]:
        read = jwt.decode(token, keys, algorithms=["ES256"])
        assert read.header["typ"] == "at+jwt", read.header
        registry.validate(read.claims)
        return read.claims

    person = OAuth2Client(token_endpoint=endpoint, token_endpoint_auth_method="none")
    signed = person.fetch_token(
        endpoint, grant_type="password", username=given["username"], password=given["password"]
    )
    fresh = person.refresh_token(endpoint, refresh_token=signed["refresh_token"])
    machine = OAuth2Client(given["client_id"], given["client_secret"], token_endpoint=endpoint)
    service = machine.fetch_token(endpoint, grant_type="client_credentials")
    refused = {
        "wrong password": refusal(
            lambda: person.fetch_token(endpoint, grant_type="password", username="admin", password="wrong")
        ),
        "unknown refresh token": refusal(lambda: person.refresh_token(endpoint, refresh_token="made-up")),
        "wrong secret": refusal(
            lambda: OAuth2Client(given["client_id"], "wrong", token_endpoint=endpoint).fetch_token(
                endpoint, grant_type="client_credentials"
            )
        ),
        "unknown grant": refusal(lambda: person.fetch_token(endpoint, grant_type="urn:nobody:knows:it")),
    }
    found = [claims(token["access_token"]) for token in (signed, fresh, service)]
    print(json.dumps({"claims": found, "refused": refused, "token": service["access_token"], **metadata}))


if __name__ == "__main__":
    main()
