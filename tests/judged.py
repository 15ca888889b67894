"""Clients whose every answer is held against what the platform publishes (K-1)."""

from __future__ import annotations

import urllib.parse
from functools import cache
from typing import Any

import httpx2
import orjson

import client
from tests.published import Published


@cache
def published_at(url: str) -> Published:
    """Return what the gateway at an address publishes."""
    return Published(httpx2.get(f"{url}/openapi.json", timeout=60).raise_for_status().json())


class Client(client.Client):
    """The scripts' client, with a look at every answer."""

    def sign_in(self, username: str, password: str) -> Client:
        """Sign in with a password; return the client."""
        super().sign_in(username, password)
        return self

    def _exchange(
        self, method: str, path: str, payload: bytes | None, headers: dict[str, str]
    ) -> client.Answer:
        answer = super()._exchange(method, path, payload, headers)
        # What is no JSON has been left as the text it was.
        raw = answer.body.encode() if isinstance(answer.body, str) else orjson.dumps(answer.body)
        _judge(self.url, method, path.partition("?")[0], answer.status, answer.headers, raw)
        return answer


def judged(url: str, **more: Any) -> httpx2.Client:
    """Return a client of httpx with a look at every answer."""

    def look(answer: httpx2.Response) -> None:
        answer.read()
        request = answer.request
        path = request.url.raw_path.decode().partition("?")[0]
        _judge(url, request.method, path, answer.status_code, answer.headers, answer.content)

    return httpx2.Client(base_url=url, event_hooks={"response": [look]}, **more)


def _judge(url: str, method: str, path: str, status: int, headers: Any, body: bytes) -> None:
    promises = published_at(url)
    path = urllib.parse.unquote(path)
    # The gateway answers HEAD like GET; of what is not published only the problem is.
    if method != "HEAD" and status != 304 and promises.knows(method, path):
        promises.judge(method, path, status, headers.get("content-type", ""), body)
