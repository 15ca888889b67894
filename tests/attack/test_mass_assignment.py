"""What a client writes is what it may write: every other name is refused, whether a column is called so or not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import asyncpg
import httpx2
import pytest
from tests.attack.routes import Route, Routes
from tests.attack.world import World

from stack.places import SERVICES
from stack.platform import Platform

EVERYWHERE = (
    "id", "version", "created_at", "updated_at", "owner_id", "account_id", "actor_id", "department_id", "state",
    "status", "number", "permissions", "roles", "is_admin", "administrator", "password_hash", "session_id", "caller",
    "merged_into_id", "deleted_at", "tenant_id", "__proto__", "constructor", "__class__", "$where", "items",
)  # fmt: skip
"""Names that are tried on every schema, besides those of the columns."""


@cache
def columns(platform: Platform) -> frozenset[str]:
    """Return the name of every column of every service's database."""

    async def ask() -> set[str]:
        found: set[str] = set()
        for service in SERVICES:
            environment = platform.environment(service)
            url = f"{environment['DATABASE_URL'].rsplit('/', 1)[0]}/{environment['DATABASE_NAME']}"
            connection = await asyncpg.connect(url)
            rows = await connection.fetch(
                "select column_name from information_schema.columns where table_schema = 'public'"
            )
            found |= {row["column_name"] for row in rows}
            await connection.close()
        return found

    return frozenset(asyncio.run(ask()))


def writers(routes: Routes) -> list[Route]:
    """Return the routes that take JSON."""
    takes = [route for route in routes.all if routes.body_of(route) is not None]
    # A search assigns nothing, and a tree of conditions has no end.
    return [route for route in takes if not route.path.endswith("/search")]


def writable(routes: Routes, schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the fields that a schema takes."""
    properties = routes.resolved(schema).get("properties", {})
    return {name: field for name, field in properties.items() if not field.get("readOnly")}


def schemas(
    routes: Routes, schema: Mapping[str, Any], above: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a schema's writable fields, and those of the objects in its lists and fields, with where they are."""
    fields = writable(routes, schema)
    yield above, dict(fields)
    for name, field in fields.items():
        if name == "where":
            continue  # A tree of conditions has no end.
        kinds = [routes.resolved(kind) for kind in field.get("anyOf", [field])]
        for kind in kinds:
            inner = routes.resolved(kind.get("items", {})) if "items" in kind else kind
            if inner.get("properties"):
                place = f"{above}{name}.0." if "items" in kind else f"{above}{name}."
                yield from schemas(routes, inner, place)


def put(body: dict[str, Any], place: str, values: Mapping[str, Any]) -> None:
    """Put values into a body at a place such as ``lines.0.``."""
    at: Any = body
    steps = place.rstrip(".").split(".") if place else []
    for step, following in zip(steps, [*steps, ""][1:], strict=True):
        if step.isdigit():
            at = at[0]
        else:
            if not at.get(step):
                at[step] = [{}] if following.isdigit() else {}
            at = at[step]
    at.update(values)


def declared(route: Route) -> Mapping[str, Any]:
    """Return the schema of what a route takes."""
    schema: Mapping[str, Any] = route.declared["requestBody"]["content"]["application/json"].get("schema", {})
    return schema


def sent(world: World, route: Route, body: dict[str, Any]) -> httpx2.Response:
    ours = {"X-CSRF-Protection": "1"}  # Some routes hear nobody else (docs/decisions/0030).
    answer: httpx2.Response = world.administrator.request(
        route.method, world.path_of(route), json=body, headers=ours
    )
    return answer


def test_every_other_name_is_refused_on_every_level(world: World, routes: Routes, platform: Platform) -> None:
    """All names at once: each has to be named among the errors."""
    tried, faults = 0, []
    for route in writers(routes):
        for place, fields in schemas(routes, declared(route)):
            forbidden = sorted(columns(platform).union(EVERYWHERE) - fields.keys())
            body = world.filled(routes.body_of(route)) or {}
            put(body, place, dict.fromkeys(forbidden, "x"))
            answer = sent(world, route, body)
            named = {error["field"] for error in answer.json().get("errors", ())} if answer.content else set()
            missed = [name for name in forbidden if f"{place}{name}" not in named]
            tried += len(forbidden)
            if answer.status_code != 422 or missed:
                faults.append((route.name, place, answer.status_code, missed[:5]))
    assert faults == []
    assert tried > 2_000


@pytest.mark.full
def test_every_other_name_is_refused_by_itself(world: World, routes: Routes, platform: Platform) -> None:
    """One name a request, as an attacker would who hopes that one slips through."""
    faults = []
    for route in writers(routes):
        for place, fields in schemas(routes, declared(route)):
            for name in sorted(columns(platform).union(EVERYWHERE) - fields.keys()):
                body = world.filled(routes.body_of(route)) or {}
                put(body, place, {name: "x"})
                answer = sent(world, route, body)
                if answer.status_code != 422:
                    faults.append((route.name, f"{place}{name}", answer.status_code))
    assert faults == []
