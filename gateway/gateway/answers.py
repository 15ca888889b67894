"""Answers of the gateway's own routes, and what the document says of them."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response, StreamingResponse

from gateway.errors import TITLES, Problem

JSON, LINES, EVENTS = "application/json", "application/x-ndjson", "text/event-stream"
PROBLEM_ANSWER: dict[str, Any] = {
    "description": "An error; decide by its `code`.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response; the content is not modelled again."""
    return Response(orjson.dumps(content), status, headers, JSON)


class Lines(StreamingResponse):
    """An answer of which every line is a JSON object of its own."""

    media_type = LINES


def shown(example: Any, description: str = "Done.") -> dict[int | str, dict[str, Any]]:
    """Return what a route's ``responses`` say of its 200 besides the model.

    Args:
        example: of the answer; a text of JSON for FastAPI, which would leave out what is null.
    """
    text = orjson.dumps(example).decode()
    return {200: {"description": description, "content": {JSON: {"example": text}}}}


def problem_shown(code: str, detail: str) -> dict[str, Any]:
    """Return what a route's ``responses`` say of a refusal that clients have to know of."""
    status = Problem("forbidden", code).status
    problem = {
        "type": f"urn:problem-type:kehu:{code}",
        "title": TITLES[status][1],
        "status": status,
        "code": code,
        "detail": detail,
    }
    [(media_type, content)] = PROBLEM_ANSWER["content"].items()
    return {"description": f"`{code}`", "content": {media_type: {**content, "example": problem}}}


def shown_in_lines(model: Any, *examples: Any) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route that answers in lines.

    Args:
        model: what a line is.
        examples: a line each.
    """
    text = "".join(orjson.dumps(each).decode() + "\n" for each in examples)
    return {200: {"description": "One line each.", "model": model, "content": {LINES: {"example": text}}}}
