"""Probes and metrics over HTTP: ``/livez``, ``/readyz``, ``/metrics``."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import orjson
from eventlet import wsgi
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from servicekit.base.settings import Settings


class HealthServer:
    """Serves the probes of one process.

    Args:
        checks: by name, a function that raises when a dependency cannot be worked with. Liveness asks none of them:
            restarting a process does not bring its database back.
    """

    def __init__(self, settings: Settings, checks: Mapping[str, Callable[[], None]]) -> None:
        self.settings = settings
        self.checks = checks

    def run(self) -> None:
        """Serve until killed."""
        listener = eventlet.listen((self.settings.health_bind, self.settings.health_port))
        wsgi.server(listener, self, log_output=False)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        if path == "/livez":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b'{"status":"ok"}']
        if path == "/readyz":
            states = {name: self._state(check) for name, check in self.checks.items()}
            ready = all(state == "ok" for state in states.values())
            start_response(
                "200 OK" if ready else "503 Service Unavailable", [("Content-Type", "application/json")]
            )
            return [orjson.dumps(states)]
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b"{}"]

    @staticmethod
    def _state(check: Callable[[], None]) -> str:
        try:
            check()
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:200]
        return "ok"
