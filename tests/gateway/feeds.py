"""What the services behind the event feed have published, and the feed as a reader asks for it."""

from datetime import datetime
from typing import Any

from starlette.testclient import TestClient
from tests.gateway.fakes import Request

SERVICES = ("echo", "identity", "sales")


class Published:
    """What one service has published; it answers as the kit's ``read_events`` does."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.events: list[dict[str, Any]] = []
        self.first = 1
        self.hidden: set[int] = set()
        self.not_noted = 0
        self.examined = 10_000

    def add(self, event_type: str, second: int) -> str:
        number = len(self.events) + 1
        event = {
            "id": f"{self.name}-{number}", "source": f"/kehu/{self.name}", "type": event_type,
            "time": f"2026-11-22T08:00:{second:02d}.000000Z", "sequence": f"{number:019d}", "data": {},
        }  # fmt: skip
        self.events.append(event)
        return str(event["id"])

    def read(self, request: Request) -> dict[str, Any]:
        asked = request.kwargs
        published = len(self.events) - self.not_noted
        start = {"beginning": self.first - 1, "end": published}.get(asked["after"], asked["after"])
        if "since" in asked:
            times = [datetime.fromisoformat(event["time"]) for event in self.events]
            since = datetime.fromisoformat(asked["since"])
            start = next((place for place, time in enumerate(times) if time >= since), published)
        until = max(start, min(published, start + self.examined))
        window = self.events[max(start, self.first - 1) : until]
        wanted = [pattern.rstrip("*") for pattern in asked["types"]] or [""]
        items = [
            event for event in window
            if int(event["sequence"]) not in self.hidden and event["type"].startswith(tuple(wanted))
        ][: asked["limit"]]  # fmt: skip
        position = int(items[-1]["sequence"]) if len(items) == asked["limit"] else until
        return {
            "items": items,
            "position": position,
            "first": self.first,
            "kept_since": self.events[self.first - 1]["time"]
            if "since" in asked and self.first > 1
            else None,
            "published": published,
            "last": len(self.events),
            "behind_since": self.events[position]["time"] if position < published else None,
        }


def ids(page: dict[str, Any]) -> list[str]:
    return [event["id"] for event in page["items"]]


def feed(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/events", params=query)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


Published_ = dict[str, Published]
