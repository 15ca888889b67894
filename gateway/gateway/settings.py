"""Settings of the gateway, read from the environment or from one file a secret."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parents[2]
SECRETS_DIR = Path(os.environ.get("KEHU_SECRETS_DIR", "/run/secrets/kehu"))


class Settings(BaseSettings):
    """What the gateway reads from its surroundings; every default runs on a developer's machine.

    A name without an alias is read from ``GATEWAY_`` and the name: ``GATEWAY_RPC_TIMEOUT``.
    """

    model_config = SettingsConfigDict(
        env_prefix="GATEWAY_",
        secrets_dir=SECRETS_DIR if SECRETS_DIR.is_dir() else None,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
    )

    amqp_url: str = Field("amqp://guest:guest@127.0.0.1:5672/", alias="AMQP_URL")
    amqp_ca_file: str = Field("", alias="AMQP_CA_FILE")
    """The certificates that a broker at ``amqps://`` is verified with; empty: those that the system trusts."""
    amqp_heartbeat: int = Field(10, alias="AMQP_HEARTBEAT")
    """Seconds between heartbeats; a broker that is silent for three times as long is given up."""

    bind: str = Field("127.0.0.1", alias="KEHU_BIND")
    port: int = Field(8080, alias="KEHU_PORT")
    workers: int = Field(2, alias="WEB_CONCURRENCY", ge=1)
    log_format: str = Field("json", alias="LOG_FORMAT")
    log_level: str = Field("INFO", alias="LOG_LEVEL")

    api_dir: Path = REPOSITORY / "services"
    """Folder in which the contract files are found, as ``<service>/api/openapi.json``."""

    console_dir: Path | None = None
    """Folder with the built console, which is then at ``/``; without it there is none."""

    rpc_exchange: str = "nameko-rpc"
    replies_exchange: str = "{service}.replies"
    """The exchange that a service, and nobody else, may reply to."""
    identity_events_exchange: str = "identity.events"
    events_exchange: str = "{service}.events"
    """The exchange that a service publishes its events to."""
    rpc_timeout: float = Field(4.0, gt=0)
    """Seconds a service has for its answer. A client that has lost one is to be served again within 5."""
    view_timeout: float = Field(0.8, gt=0)
    """Seconds a service has for its section of an aggregated view."""
    feed_timeout: float = Field(3.0, gt=0)
    """Seconds a service has for its part of a page of events."""

    startup_patience: float = 30.0
    """Seconds for which a new worker waits for services it has not heard of yet before it calls itself ready."""

    issuer: str = Field("http://127.0.0.1:8080", alias="KEHU_ISSUER")
    """Who issues access tokens: the address of the API as its clients know it; identity has the same setting."""
    former_issuers: list[str] = ["kehu"]
    """Issuers of tokens that may still be about after a change: for an hour after the upgrade of identity."""
    audience: str = "kehu-api"
    token_leeway: int = 60
    """Seconds by which the clocks of identity and gateway may differ."""
    session_ttl: float = 30.0
    """Seconds for which a worker believes what identity said about a session."""
    session_grace: float = 300.0
    """Seconds for which it goes on believing it while identity does not answer."""

    rate_limit: int = Field(6000, ge=1)
    """Requests a minute of one account."""
    anonymous_rate_limit: int = Field(300, ge=1)
    """Requests a minute from one address without a sign-in."""
    waiting_limit: int = Field(20, ge=1)
    """Requests of one account that wait for events at the same time, shared evenly by the workers."""
    header_timeout: int = Field(20, ge=1)
    """Seconds for a connection to bring a whole header, its first or its next: the longest an idle one stays."""
    body_timeout: float = Field(20.0, gt=0)
    """Seconds for a request's whole body to come."""
    max_body_size: int = 1024 * 1024
    trusted_proxies: list[str] = []
    """Networks whose X-Forwarded-For is believed, e.g. ``["10.0.0.0/8"]``."""
    cors_origins: list[str] = []
    """Web origins that may call from a browser, e.g. ``["https://crm.example.com"]``."""
    hsts_seconds: int = 0
    """Max-age of Strict-Transport-Security; 0 leaves the header out."""
    default_language: str = "zh"
    """Language of problem titles, ``zh`` or ``en``, for clients that name none of the two."""

    @property
    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The trusted proxies as networks."""
        return tuple(ip_network(text, strict=False) for text in self.trusted_proxies)
