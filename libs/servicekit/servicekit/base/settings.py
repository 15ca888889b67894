"""Settings of a service process, read from the environment or from one file a secret."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a service reads from its surroundings; every default runs on a developer's machine."""

    model_config = SettingsConfigDict(extra="ignore")

    def __init__(self, **given: Any) -> None:
        secrets = Path(os.environ.get("KEHU_SECRETS_DIR", "/run/secrets/kehu"))
        super().__init__(**{"_secrets_dir": secrets if secrets.is_dir() else None, **given})

    amqp_url: str = "amqp://guest:guest@127.0.0.1:5672/"
    amqp_ca_file: str = ""
    """The certificates that a broker at ``amqps://`` is verified with; empty: those that the system trusts."""
    amqp_heartbeat: int = 3
    """Seconds; a connection that is silent for up to three times as long is given up, and others get its messages."""

    caller_keys: str = ""
    """What callers are verified with, a JSON Web Key Set: identity's public key, and the next one during a change."""
    caller_signing_key: str = ""
    """What identity signs callers with, a private JSON Web Key; nobody else has it."""
    caller_unsigned_until: datetime | None = None
    """For the upgrade from a version that signed no callers: until then they are taken without."""

    database_url: str = "postgresql://127.0.0.1:5432/"
    database_name: str = ""
    database_pool_size: int = 14
    """The most connections of a process to its database for what changes it; what it has opened it keeps."""
    database_autocommit_pool_size: int = 10
    """The most connections besides, for statements that are a transaction each: what reads, and taking numbers."""

    encryption_keys: str = ""
    """Keys for secrets at rest, one a line (Fernet: 32 bytes in URL-safe base64); the first seals, all open."""

    max_workers: int = 20
    """Operations and event handlers that run side by side in one process."""

    operation_timeout: float = 10.0
    """Seconds an operation may take when its caller named no deadline."""

    event_retry_delays: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0, 600.0)
    """Seconds to wait before each new try of a failed event; after the last it is parked."""

    feed_max_bytes: int = 2_000_000_000
    feed_max_age: str = "30D"
    """How much and how long the stream ``kehu.feed`` keeps (RabbitMQ's notation)."""

    keep_days: int = 30
    """Days that published, handled and journalled rows are kept."""

    kehu_time_zone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    """Where the house's business days begin: of numbers, of what is dated today, of what may not be in the future."""

    kehu_phone_region: str = Field(default="CN", pattern="^[A-Z]{2}$")
    """Where phone numbers without a country code are from (ISO 3166)."""

    health_port: int = 0
    health_bind: str = "127.0.0.1"
    log_format: str = "json"
    log_level: str = "INFO"

    def database_url_of(self, service: str) -> str:
        """Return the SQLAlchemy URL of a service's own database on the configured server.

        Args:
            service: the service's name, e.g. ``service-desk``.
        """
        name = self.database_name or f"kehu_{service.replace('-', '_')}"
        parts = urlsplit(self.database_url)
        return urlunsplit(parts._replace(scheme="postgresql+psycopg2", path=f"/{name}"))
