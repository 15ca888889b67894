"""Who may come in: the bearer token becomes a caller, and the caller's requests are counted."""

from contextlib import AbstractContextManager

from starlette.requests import Request

from gateway.context import RequestContext, request_context
from gateway.edge.limits import RateLimits
from gateway.edge.sessions import Caller, Sessions
from gateway.edge.tokens import TokenVerifier, invalid_token
from gateway.errors import Problem

CHALLENGE = [(b"www-authenticate", b'Bearer realm="kehu"')]


class Admission:
    """Admits signed-in callers, and anonymous clients where a route is open to them."""

    def __init__(self, tokens: TokenVerifier, sessions: Sessions, limits: RateLimits):
        self._tokens = tokens
        self._sessions = sessions
        self._limits = limits

    async def signed_in(self, context: RequestContext) -> Caller:
        """Return the caller; raise a problem for a missing or wrong token, or too many requests."""
        if context.caller is not None:
            return context.caller
        try:
            claims = await self._tokens.verify(_bearer_token(context))
            # Whoever stole a token that was withdrawn is not to use up what its owner may ask.
            self._sessions.refuse_ended(claims)
        except Problem:
            self._limits.count_anonymous(context)
            raise
        self._limits.count_caller(context, claims.account_id)
        caller = await self._sessions.resolve(claims)
        context.account_id = caller.account_id
        context.caller = caller
        return caller

    async def first(self, request: Request) -> None:
        """Admit the caller before the input is looked at: a router's dependency, for routes of the gateway's own.

        Whoever is not signed in learns nothing of what a route takes, and is counted as anonymous.
        """
        await self.signed_in(request_context(request.scope))

    async def still_signed_in(self, context: RequestContext) -> Caller:
        """Return the caller as of now, for a request that was admitted a while ago and has waited."""
        return await self._sessions.resolve(await self._tokens.verify(_bearer_token(context)))

    def waiting(self, context: RequestContext) -> AbstractContextManager[None]:
        """Count the signed-in caller's request among those that wait, for as long as it does."""
        return self._limits.waiting(context.account_id or "")

    def anonymous(self, context: RequestContext) -> None:
        """Count a request to an open route."""
        self._limits.count_anonymous(context)


def _bearer_token(context: RequestContext) -> str:
    authorization = context.header(b"authorization")
    if authorization is None:
        raise Problem(
            "forbidden", "missing-token", "Send an access token: Authorization: Bearer ….", headers=CHALLENGE
        )
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise invalid_token("The Authorization header is not a bearer token.")
    return token.strip()
