"""A small HTTP client of the platform for scripts: sample data, the pipeline, system tests. Standard library only."""

import http.client
import json
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class HttpError(Exception):
    """The platform answered with an error.

    Args:
        status: the HTTP status.
        problem: the body, ``code`` and ``errors`` among its keys.
    """

    def __init__(self, request: str, status: int, problem: Any) -> None:
        super().__init__(f"{request} answered {status}: {json.dumps(problem, ensure_ascii=False)[:600]}")
        self.status = status
        self.problem = problem if isinstance(problem, dict) else {}


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Client:
    """One signed-in account on one kept connection; not for several threads at once.

    Args:
        url: e.g. ``http://127.0.0.1:8080``.
        patience: seconds to go on repeating a request that was answered 429 or 503; each repetition of a POST
            carries the same Idempotency-Key.
    """

    url: str
    patience: float = 20.0
    token: str | None = None
    refresh_token: str | None = None
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def sign_in(self, username: str, password: str) -> "Client":
        """Sign in with a password; return the client."""
        form = {"grant_type": "password", "username": username, "password": password}
        answer = self.send("POST", "/v1/auth/token", form=form)
        self.token, self.refresh_token = answer.body["access_token"], answer.body["refresh_token"]
        return self

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def get(self, path: str, **query: str) -> Any:
        """Return the body of a GET; query parameters with brackets are given in the path."""
        return self.send("GET", path + ("?" + urllib.parse.urlencode(query) if query else "")).body

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Return the body of a POST, which is carried out once however often it has to be sent.

        Args:
            key: its Idempotency-Key; by default a new one.
        """
        return self.send("POST", path, body=body, headers={"Idempotency-Key": key or str(uuid.uuid4())}).body

    def post_once_known(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Return the body of a POST; repeat it while the service has not heard yet of what is named (``unknown-…``).

        News of a record that was made a moment ago takes milliseconds, and longer while services start.
        """
        return self._once(
            lambda: self.post(path, body, key),
            lambda error: str(error.problem.get("code", "")).startswith("unknown-"),
        )

    def get_once_known(self, path: str) -> Any:
        """Return the body of a GET; repeat it while the service has not heard yet of the record (404)."""
        return self._once(lambda: self.get(path), lambda error: error.status == 404)

    def _once(self, ask: Callable[[], Any], early: Callable[[HttpError], bool]) -> Any:
        until = time.monotonic() + self.patience
        while True:
            try:
                return ask()
            except HttpError as error:
                if not early(error) or time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def patch(self, path: str, body: Any) -> Any:
        """Return the body of a PATCH."""
        return self.send("PATCH", path, body=body).body

    def pages(self, path: str) -> Any:
        """Yield every item of a list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            joint = "&" if "?" in path else "?"
            more = f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""
            page = self.send("GET", f"{path}{joint}limit=200{more}").body
            yield from page["items"]
            cursor = page["next"]

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request and return the answer; wait and repeat while the platform says that it will be back.

        Raises:
            HttpError: for a status of 400 or more that does not pass.
        """
        sent = dict(headers or {})
        payload: bytes | None = None
        if form is not None:
            payload = urllib.parse.urlencode(form).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        elif body is not None:
            payload = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        until = time.monotonic() + self.patience
        while True:
            answer = self._exchange(method, urllib.parse.quote(path, safe="/?&=%[]:,-_.~+"), payload, sent)
            if answer.status < 400:
                return answer
            if answer.status == 401 and self.refresh_token and form is None:
                self._renew()
                sent["Authorization"] = f"Bearer {self.token}"
                continue
            if answer.status not in (429, 503) or time.monotonic() > until:
                raise HttpError(f"{method} {path}", answer.status, answer.body)
            time.sleep(min(float(answer.headers.get("retry-after", "0.5")), 2.0))

    def _renew(self) -> None:
        """Get a new access token; the refresh token is good for one use."""
        form = {"grant_type": "refresh_token", "refresh_token": self.refresh_token or ""}
        kept = self.token, self.refresh_token
        # Without tokens, so that a refusal is not answered by renewing once more.
        self.token = self.refresh_token = None
        try:
            answer = self.send("POST", "/v1/auth/token", form=form)
        except (HttpError, OSError, http.client.HTTPException):
            self.token, self.refresh_token = kept
            raise
        self.token, self.refresh_token = answer.body["access_token"], answer.body["refresh_token"]

    def _exchange(self, method: str, path: str, payload: bytes | None, headers: dict[str, str]) -> Answer:
        repeatable = method != "POST" or "Idempotency-Key" in headers
        if not repeatable:
            self.close()  # The server may have closed the kept connection: this goes out once, so on a new one.
        for attempt in (1, 2):
            if self._connection is None:
                parts = urllib.parse.urlsplit(self.url)
                self._connection = http.client.HTTPConnection(
                    parts.hostname or "127.0.0.1", parts.port, timeout=30
                )
            try:
                self._connection.request(method, path, payload, headers)
                response = self._connection.getresponse()
                raw = response.read()
            except (ConnectionError, http.client.HTTPException):
                # The server closed the kept connection.
                self.close()
                if attempt == 2 or not repeatable:
                    raise
                continue
            kept = {name.lower(): value for name, value in response.getheaders()}
            kind = kept.get("content-type", "")
            is_json = "json" in kind and "ndjson" not in kind
            return Answer(
                response.status, kept, json.loads(raw) if raw and is_json else raw.decode(errors="replace")
            )
        raise AssertionError("unreachable")
