"""The contract files of all services: what each has published, as far as another one goes by it."""

from pathlib import Path
from typing import Any

import orjson

SERVICES = Path(__file__).resolve().parents[4] / "services"
"""Where the contract files are, as ``<service>/api/openapi.json``; every image has those of all services."""


def documents(name: str) -> list[dict[str, Any]]:
    """Return the contract files of all services that are called so."""
    return [orjson.loads(path.read_bytes()) for path in sorted(SERVICES.glob(f"*/api/{name}"))]
