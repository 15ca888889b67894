"""Signing out: the end of the session that a token belongs to (RFC 7009)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import known_query
from gateway.edge.admission import Admission
from gateway.edge.sessions import Caller, Sessions
from gateway.edge.tokens import TokenVerifier
from gateway.errors import Problem
from gateway.signin import require_form


class Revocation(BaseModel):
    """A form that says which session ends; an empty one means that of the bearer token."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    token: str | None = None
    """A refresh token, or an access token."""


def signout_routes(bus: Bus, admission: Admission, tokens: TokenVerifier, sessions: Sessions) -> APIRouter:
    """Return the revocation endpoint."""
    router = APIRouter(tags=["sign-in"], dependencies=[Depends(known_query)])

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

    return router


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
