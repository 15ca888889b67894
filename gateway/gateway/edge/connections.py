"""Connections: one that brings no whole header in time is cut, whatever it sends meanwhile."""

from asyncio import BaseTransport

from gunicorn.asgi.protocol import ASGIProtocol


class PunctualProtocol(ASGIProtocol):
    """Gunicorn's protocol with its timer for idle connections running from the first moment.

    Gunicorn starts it after an answer only: a client that never finishes its first header, or never begins it, would
    keep its connection for ever. No byte that comes restarts the timer; only a whole header ends it.
    """

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to count."""
        super().connection_made(transport)
        self._arm_keepalive_timer()
