"""Connecting to the broker: over TLS with the broker's certificate verified wherever the address is ``amqps://``."""

import ssl
from typing import Any
from urllib.parse import urlsplit

from kombu import Connection

from servicekit.base.settings import Settings


def connection_to(settings: Settings, **options: Any) -> Connection:
    """Return a connection that is made when it is first used.

    Args:
        options: what kombu's ``Connection`` takes besides the address.
    """
    parts = urlsplit(settings.amqp_url)
    if parts.scheme == "amqps":
        options["ssl"] = {
            "cert_reqs": ssl.CERT_REQUIRED,
            "ca_certs": settings.amqp_ca_file or ssl.get_default_verify_paths().cafile,
            "server_hostname": parts.hostname,
        }
    return Connection(settings.amqp_url, **options)
