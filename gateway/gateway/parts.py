"""The gateway's parts: what is there once a worker, and how they hear of each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from gateway.browser_session import browser_session_routes
from gateway.bus import Bus
from gateway.contracts import Contract, services_of
from gateway.discovery import discovery_routes
from gateway.edge.admission import Admission
from gateway.edge.limits import RateLimits
from gateway.edge.sessions import Sessions
from gateway.edge.tokens import KEY_WITHDRAWN, TokenVerifier
from gateway.event_catalogue import EventCatalogue
from gateway.events_page import event_catalogue_routes
from gateway.health import Health, health_routes
from gateway.leaving import when_leaving
from gateway.news import News
from gateway.settings import Settings
from gateway.signin import signin_routes
from gateway.signout import signout_routes
from gateway.views.access_preview import access_preview_routes, sharing_services
from gateway.views.bus_operations import bus_operations_routes
from gateway.views.customer_overview import customer_overview_routes
from gateway.views.event_feed import event_feed_routes
from gateway.views.event_stream import event_stream_routes
from gateway.views.process_trace import process_trace_routes
from gateway.views.search import search_routes


class Parts:
    """The connection to the broker, and all that lives on it.

    Args:
        contracts: what the services publish.
    """

    def __init__(self, settings: Settings, contracts: list[Contract]) -> None:
        self.services = services_of(contracts)
        self._sharing = sharing_services(contracts)
        self.bus = Bus(settings, self.services)
        self._settings = settings
        self._tokens = TokenVerifier(self.bus, settings)
        self._sessions = Sessions(self.bus, settings)
        self._news = News(self.services)
        self.admission = Admission(self._tokens, self._sessions, RateLimits(settings))
        self.bus.watch(on_connected=self._on_connected, on_identity_event=self._on_identity_event)
        self.bus.follow(self.services, self._news.on_event)
        when_leaving(self._news.dismiss)

    @asynccontextmanager
    async def lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        """Hold the connection to the broker for as long as the application runs."""
        await self.bus.start()
        fresh_keys = asyncio.create_task(self._tokens.keep_keys_fresh(), name="keys")
        yield
        fresh_keys.cancel()
        await self.bus.stop()

    def own_routes(self) -> list[APIRouter]:
        """Return the routes that the gateway answers itself, and describes in the document."""
        bus, admission, settings, services = self.bus, self.admission, self._settings, self.services
        return [
            signin_routes(bus, admission),
            browser_session_routes(bus, admission, settings),
            signout_routes(bus, admission, self._tokens, self._sessions),
            discovery_routes(self._tokens, settings.issuer),
            customer_overview_routes(bus, admission, settings),
            search_routes(bus, admission, settings),
            access_preview_routes(bus, admission, services, self._sharing),
            process_trace_routes(bus, admission, settings, services),
            bus_operations_routes(bus, admission, services),
            event_feed_routes(bus, admission, settings, services, self._news),
            event_stream_routes(bus, admission, settings, services, self._news),
            event_catalogue_routes(EventCatalogue(settings.api_dir)),
            health_routes(Health(bus, self._tokens, services, settings.startup_patience)),
        ]

    def _on_connected(self) -> None:
        # Events that came while the connection was away are lost, so nothing is believed after it.
        self._sessions.forget()
        self._tokens.doubt()
        self._news.on_connected()

    def _on_identity_event(self, event_type: str, event: Any) -> None:
        if event_type == KEY_WITHDRAWN:
            self._tokens.on_key_withdrawn(event)
        else:
            self._sessions.on_identity_event(event_type, event)
