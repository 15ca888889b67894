"""The catalogue as routes, and as a page: plain HTML that needs no script and nothing from elsewhere."""

import html
import json
from typing import Any

import orjson
from fastapi import APIRouter, Depends
from starlette.responses import Response

from gateway.answers import JSON, json_answer, shown
from gateway.described import known_query
from gateway.errors import Problem
from gateway.event_catalogue import EventCatalogue
from gateway.views.event_answers import EVENT_SCHEMA, EVENT_TYPES, EventSchema, EventTypes

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


def event_catalogue_routes(catalogue: EventCatalogue) -> APIRouter:
    """Return the routes of the catalogue; what events there are is no secret, so nobody has to sign in."""
    router = APIRouter(tags=["events"])
    event_types = catalogue.event_types()
    listed = orjson.dumps({"items": event_types})
    document = orjson.dumps(catalogue.merged_document())
    schemas = catalogue.schemas()
    page = _page(event_types, catalogue.envelope())

    @router.get(
        "/v1/event-types",
        summary="Event types",
        response_model=EventTypes,
        responses=shown(EVENT_TYPES),
        dependencies=[Depends(known_query)],
        openapi_extra={"security": []},
    )
    async def list_event_types() -> Response:
        """Every type of event that a service publishes, with its fields and an example of its `data`."""
        return Response(listed, media_type=JSON)

    @router.get(
        "/v1/event-types/{event_type}/schema",
        summary="Schema of an event type's data",
        response_model=EventSchema,
        responses=shown(EVENT_SCHEMA),
        dependencies=[Depends(known_query)],
        openapi_extra={"security": []},
    )
    async def get_event_schema(event_type: str) -> Response:
        """The JSON Schema of an event's `data`, whose name is the envelope's `dataschema`."""
        if event_type not in schemas:
            raise Problem("not_found", "event-type-not-found", "No service publishes such events.")
        return json_answer(schemas[event_type])

    @router.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi_document() -> Response:
        return Response(document, media_type=JSON)

    @router.get("/events", include_in_schema=False)
    async def events_page() -> Response:
        return Response(page, media_type="text/html", headers={"content-security-policy": POLICY})

    return router


STYLE = """
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8885 } h3 { margin-bottom: 0 } h3 code { font-size: 1.1em }
table { border-collapse: collapse; width: 100%; font-size: .9em } td, th { text-align: left; padding: .15rem .6rem }
tr:nth-child(even) { background: #8881 } pre { background: #8881; padding: .8rem; overflow-x: auto; font-size: .85em }
summary { cursor: pointer } nav code { margin-right: .8rem; white-space: nowrap } a { color: inherit }
:root { color-scheme: light dark }
"""


def _page(event_types: list[dict[str, Any]], attributes: dict[str, dict[str, Any]]) -> str:
    """Return the page: plain HTML that needs no script and nothing from elsewhere."""
    services: dict[str, list[dict[str, Any]]] = {}
    for event in event_types:
        services.setdefault(event["service"], []).append(event)
    links = "".join(
        f"<p><b>{_text(service)}</b><br>"
        + " ".join(f'<code><a href="#{_text(e["type"])}">{_text(e["type"])}</a></code>' for e in events)
        for service, events in services.items()
    )
    sections = "".join(
        f"<h2>{_text(service)}</h2>" + "".join(_event(event, attributes) for event in events)
        for service, events in services.items()
    )
    rows = "".join(
        f"<tr><td><code>{name}</code><td>{_text(described['description'])}"
        for name, described in attributes.items()
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kehu events</title><style>{STYLE}</style></head><body>
<h1>Events</h1>
<p>What the services tell, as <a href="asyncapi.json">AsyncAPI 3.0</a> and as <a href="v1/event-types">JSON</a>.
Follow them in the stream <code>kehu.feed</code> or at <code>GET /v1/events</code>. Each comes at least once:
know a second delivery by its <code>id</code>. The events of one record come in the order of its changes.</p>
<h2>Envelope</h2><p>CloudEvents 1.0 in JSON, with the event's own fields in <code>data</code>.</p>
<table><tr><th>field<th>what{rows}<tr><td><code>data</code><td>The fields below.</table>
<nav>{links}</nav>{sections}</body></html>
"""


def _event(event: dict[str, Any], attributes: dict[str, dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td><code>{_text(field['name'])}</code><td>{_text(field['type'])}{' or null' * field['nullable']}"
        f"<td>{_text(field.get('description', ''))}"
        for field in event["fields"]
    )
    envelope = {name: described["examples"][0] for name, described in attributes.items()}
    envelope |= {
        "type": event["type"],
        "source": f"/kehu/{event['service']}",
        "subject": next((v for k, v in event["example"].items() if k.endswith("_id") and v), ""),
        "dataschema": event["dataschema"],
        "data": event["example"],
    }
    return (
        f'<h3 id="{_text(event["type"])}"><code>{_text(event["type"])}</code></h3><p>{_text(event["summary"])}</p>'
        f"<table><tr><th>field<th>type<th>what{rows}</table>"
        f"<details><summary>Example</summary><pre>{_text(_pretty(envelope))}</pre></details>"
    )


def _pretty(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _text(text: Any) -> str:
    return html.escape(str(text))
