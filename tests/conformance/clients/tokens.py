"""Sign in with Authlib's OAuth client, refresh, and read the tokens as a resource server does, by the published keys.

tokens.py URL < {"username": …, "password": …}
"""

from __future__ import annotations

import json
import sys
from typing import Any

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet

REGISTRY = jwt.JWTClaimsRegistry(
    iss={"essential": True}, sub={"essential": True}, aud={"essential": True}, exp={"essential": True}
)


def main() -> None:
    url, given = sys.argv[1], json.load(sys.stdin)
    endpoint = f"{url}/v1/auth/token"
    keys = KeySet.import_key_set(httpx.get(f"{url}/.well-known/jwks.json").raise_for_status().json())
    client = OAuth2Client(token_endpoint=endpoint, token_endpoint_auth_method="none")
    signed = client.fetch_token(
        endpoint, grant_type="password", username=given["username"], password=given["password"]
    )
    fresh = client.refresh_token(endpoint, refresh_token=signed["refresh_token"])
    claims: list[dict[str, Any]] = []
    for token in (signed, fresh):
        read = jwt.decode(token["access_token"], keys, algorithms=["ES256"])
        assert read.header["typ"] == "at+jwt", read.header
        REGISTRY.validate(read.claims)
        claims.append(read.claims)
    me = client.get(f"{url}/v1/me").raise_for_status().json()
    print(json.dumps({"claims": claims, "me": me["id"], "token": fresh["access_token"]}))


if __name__ == "__main__":
    main()
