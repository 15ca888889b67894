"""Connections: cut where no whole header comes in time, and refused in our words where the server itself refuses."""

from asyncio import BaseTransport
from collections.abc import Iterable
from uuid import uuid4

from gunicorn.asgi.protocol import ASGIProtocol

from gateway.errors import TITLES, Problem, internal, to_document
from gateway.settings import Settings

LONGEST_REQUEST_LINE = 16_000
"""A list filtered by 200 ids, each comma escaped, has half of it; the proxy takes a line of 16 KiB."""
REFUSALS = {
    400: ("malformed-request", "This is no request that HTTP/1.1 knows."),
    414: ("uri-too-long", f"The first line of a request has at most {LONGEST_REQUEST_LINE:,} bytes."),
    426: ("upgrade-required", "This protocol is not spoken here."),
    431: ("headers-too-large", "A header has at most 8,190 bytes, and a request at most 100 of them."),
    501: ("not-implemented", "This way of sending a body is not known here."),
}
"""By the status that gunicorn refuses with; all else is a failure of ours."""
settings = Settings()


class OurProtocol(ASGIProtocol):
    """Gunicorn's protocol, which counts from the first moment and refuses with problem documents."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to count the time in which a whole header has to come.

        Gunicorn starts its timer after an answer only: a client that never finishes its first header, or never begins
        it, would keep its connection for ever. No byte that comes restarts the timer; only a whole header ends it.
        """
        super().connection_made(transport)
        self._arm_keepalive_timer()

    def _send_error_response(
        self, status: int, message: str, extra_headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Refuse what never becomes a request of the application; gunicorn's words are replaced by ours."""
        code, detail = REFUSALS.get(status, ("", ""))
        problem = Problem("invalid", code, detail) if code else internal()
        correlation_id, language = str(uuid4()), settings.default_language
        body = to_document(problem, correlation_id, language)
        headers = [
            ("Content-Type", "application/problem+json"),
            ("Content-Length", str(len(body))),
            ("Content-Language", "en" if language == "en" else "zh-CN"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Correlation-ID", correlation_id),
            ("Connection", "close"),
            *extra_headers,
        ]
        lines = [f"HTTP/1.1 {problem.status} {TITLES[problem.status][1]}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self._safe_write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
