"""A browser's session: the refresh token in a cookie that no script reads, the access token in the page's memory."""

from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway.answers import json_answer, problem_shown, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import Asked, fields_speak, known_query
from gateway.edge.admission import CHALLENGE, Admission
from gateway.edge.forgery import PARAMETER, require_own_page
from gateway.errors import Problem
from gateway.settings import Settings
from gateway.signin import client_of

log = structlog.get_logger()

PATH = "/v1/auth/session"
SESSION_KEPT, DEVICE_KEPT = timedelta(days=30), timedelta(days=180)
"""As long as identity knows a refresh token, and a device."""


class Credentials(Asked):
    """Who signs in."""

    username: Annotated[str, Field(min_length=1, max_length=300, examples=["wang.fang"])]
    password: Annotated[str, Field(min_length=1, max_length=300, examples=["晴天 staple 42"])]


@fields_speak
class AccessToken(TypedDict):
    """What a page gets for signing in: to be kept in its memory, and nowhere else."""

    access_token: str
    """For ``Authorization: Bearer …``."""
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds; to be renewed before, or when an answer is a 401."""


ACCESS_TOKEN = {
    "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJpc3MiOiJrZWh1In0.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "expires_in": 900,
}
SHOWN = shown(ACCESS_TOKEN, "The access token; the refresh token is in `Set-Cookie`.")
SHOWN[200]["headers"] = {
    "Set-Cookie": {
        "description": "The next refresh token; with a sign-in also what the browser is known by.",
        "schema": {"type": "string"},
        "example": "__Host-kehu-session=tGzv3JOkF0XG5Qx2; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict; Secure",
    }
}
FORGED: dict[int | str, dict[str, Any]] = {
    403: problem_shown("cross-site-request", "The request comes from a page of another origin.")
}
ENDED = "The session has ended: sign in again."
OPEN: dict[str, Any] = {"security": [], "parameters": [PARAMETER]}


class Cookie:
    """A cookie of this host only, that no script reads and no other site sends.

    Args:
        issuer: the API's public address: without TLS on this machine a browser would not keep a secure cookie.
    """

    def __init__(self, name: str, kept: timedelta, issuer: str) -> None:
        plain = _is_plain_loopback(issuer)
        self.name = name if plain else f"__Host-{name}"
        self._attributes = "Path=/; HttpOnly; SameSite=Strict" + ("" if plain else "; Secure")
        self._seconds = int(kept.total_seconds())

    def of(self, request: Request) -> str:
        """Return what a request brings; empty if nothing."""
        return request.cookies.get(self.name, "")

    def kept(self, value: str) -> tuple[bytes, bytes]:
        """Return the header that has the browser keep a value."""
        return b"set-cookie", f"{self.name}={value}; Max-Age={self._seconds}; {self._attributes}".encode()

    def dropped(self) -> tuple[bytes, bytes]:
        """Return the header that has the browser forget it."""
        return b"set-cookie", f"{self.name}=; Max-Age=0; {self._attributes}".encode()


def browser_session_routes(bus: Bus, admission: Admission, settings: Settings) -> APIRouter:
    """Return the routes by which a browser signs in, goes on, and signs out."""

    def admit(request: Request) -> None:
        context = request_context(request.scope)
        admission.anonymous(context)
        require_own_page(context)

    router = APIRouter(tags=["sign-in"], dependencies=[Depends(admit), Depends(known_query)])
    sessions = _BrowserSessions(bus, settings.issuer)
    for add in (_add_begin, _add_renew, _add_end):
        add(router, sessions)
    return router


class _BrowserSessions:
    """What identity is asked for a browser, and the cookies by which that is remembered."""

    def __init__(self, bus: Bus, issuer: str) -> None:
        self.cookie = Cookie("kehu-session", SESSION_KEPT, issuer)
        self._device = Cookie("kehu-device", DEVICE_KEPT, issuer)
        self._bus = bus

    async def issue(self, request: Request, asked: dict[str, Any]) -> Response:
        """Have identity issue tokens; return the answer that holds the one, and has the browser keep the other."""
        context = request_context(request.scope)
        asked = asked | {"device_token": self._device.of(request) or None} | client_of(context)
        reply = await self._bus.call("identity", "issue_token", asked, headers=context.rpc_headers())
        tokens: dict[str, Any] = reply.result
        answer = json_answer({name: tokens[name] for name in ACCESS_TOKEN})
        answer.raw_headers.append(self.cookie.kept(tokens["refresh_token"]))
        if "device_token" in tokens:
            answer.raw_headers.append(self._device.kept(tokens["device_token"]))
        return answer

    async def end(self, request: Request) -> None:
        """End the session that a browser has, if it has one."""
        if token := self.cookie.of(request):
            headers = request_context(request.scope).rpc_headers()
            await self._bus.call("identity", "revoke_token", {"refresh_token": token}, headers=headers)

    async def end_former(self, request: Request) -> None:
        """End the session that a browser had before, which nobody could end any more."""
        try:
            await self.end(request)
        except Problem as problem:
            # Who has just signed in is not to be refused for it: it ends by itself when it is not used.
            correlation_id = request_context(request.scope).correlation_id
            log.warning("former session not ended", code=problem.code, correlation_id=correlation_id)


def _add_begin(router: APIRouter, sessions: _BrowserSessions) -> None:
    @router.post(
        PATH,
        response_model=AccessToken,
        responses={
            **SHOWN,
            400: problem_shown("invalid-credentials", "The username or the password is not right."),
            **FORGED,
        },
        summary="Sign in with a browser",
        openapi_extra=OPEN,
    )
    async def begin_session(request: Request, body: Credentials) -> Response:
        """Exchange a username and password for an access token, and a cookie to renew it with.

        The cookie (`__Host-kehu-session`) holds the refresh token: `HttpOnly`, `SameSite=Strict`, for this host only.
        It renews and signs out, and opens nothing else. A second one lets the browser be known with its next sign-in.
        A session that the browser had before ends. Programs sign in with `POST /v1/auth/token`.
        """
        answer = await sessions.issue(request, {"grant_type": "password", **body.model_dump()})
        await sessions.end_former(request)
        return answer


def _add_renew(router: APIRouter, sessions: _BrowserSessions) -> None:
    @router.post(
        f"{PATH}/renew",
        response_model=AccessToken,
        responses={**SHOWN, 401: problem_shown("session-ended", ENDED), **FORGED},
        summary="Renew a browser's access token",
        openapi_extra=OPEN,
    )
    async def renew_session(request: Request) -> Response:
        """Exchange the cookie for a new access token: when a page is loaded, and before the last one expires.

        Tabs may do it at the same time. 401 `missing-session` says that there is no cookie, `session-ended` that its
        session is over, for whatever reason; the cookie is cleared then.
        """
        token = sessions.cookie.of(request)
        if not token:
            raise Problem("forbidden", "missing-session", "There is no session: sign in.", headers=CHALLENGE)
        asked = {"grant_type": "refresh_token", "refresh_token": token, "in_browser": True}
        try:
            return await sessions.issue(request, asked)
        except Problem as problem:
            if problem.code != "invalid-grant":
                raise
        headers = [*CHALLENGE, sessions.cookie.dropped()]
        raise Problem("forbidden", "session-ended", ENDED, headers=headers)


def _add_end(router: APIRouter, sessions: _BrowserSessions) -> None:
    @router.post(
        f"{PATH}/end",
        status_code=204,
        responses=FORGED,
        summary="Sign out with a browser",
        openapi_extra=OPEN,
    )
    async def end_session(request: Request) -> Response:
        """End the session of the cookie, and clear it; one that has ended, or is not there, is no error."""
        await sessions.end(request)
        answer = Response(status_code=204)
        answer.raw_headers.append(sessions.cookie.dropped())
        return answer


def _is_plain_loopback(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "http":
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
