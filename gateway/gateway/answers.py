"""JSON answers of the gateway's own routes."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response; the content is not modelled again."""
    return Response(orjson.dumps(content), status, headers, "application/json")
