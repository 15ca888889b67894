"""Deliveries as they come, verified and read by the packages of Standard Webhooks and CloudEvents in two languages."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.attack.world import World
from tests.conformance.conftest import Tally
from tests.conformance.messages import Messages
from tests.conformance.strangers import run_node, run_python

AT_LEAST = 8


class Receiver(ThreadingHTTPServer):
    """Takes whatever is delivered, and keeps it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[dict[str, Any]] = []


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.taken.append({"headers": {k.lower(): v for k, v in self.headers.items()}, "body": body})
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def deliveries(receiver: Receiver, world: World) -> dict[str, Any]:
    """What a webhook for everything was sent, with its secret and one that is not its."""
    admin = world.administrator
    url = f"http://127.0.0.1:{receiver.server_address[1]}/kehu"
    hook = world.make(admin, "/v1/webhooks", {"url": url, "event_types": ["*"]})
    until = time.monotonic() + 90
    while len(receiver.taken) < AT_LEAST:
        assert time.monotonic() < until, "nothing is delivered"
        lead = {"company_name": f"回调 {secrets.token_hex(3)} 有限公司", "contact_name": "周静怡"}
        world.make(admin, f"/v1/leads/{world.make(admin, '/v1/leads', lead)['id']}/convert")
        time.sleep(0.5)
    world._ok(admin.patch(f"/v1/webhooks/{hook['id']}", json={"active": False}))
    other = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    return {"secret": hook["secret"], "other": other, "deliveries": list(receiver.taken)}


@pytest.mark.parametrize("language", [pytest.param("Python"), pytest.param("npm", marks=pytest.mark.full)])
def test_deliveries_are_verified_and_read_and_forgeries_are_refused(
    language: str, deliveries: dict[str, Any], tally: Tally
) -> None:
    """A foreign secret, another body and an old time are refused, each for every delivery."""
    run, program = (run_python, "deliveries.py") if language == "Python" else (run_node, "deliveries.mjs")
    said = run(program, given=deliveries)
    bodies = [json.loads(delivery["body"]) for delivery in deliveries["deliveries"]]
    assert said["read"] == [{name: body[name] for name in ("id", "type", "subject")} for body in bodies]
    assert said["refused"] == 3 * len(bodies)
    tally(f"standardwebhooks and cloudevents, {language}", deliveries=len(bodies), forgeries=said["refused"])


def test_what_is_delivered_is_what_the_asyncapi_document_describes(
    deliveries: dict[str, Any], messages: Messages
) -> None:
    """Webhooks bring the same envelope as the stream (K-6)."""
    problems = [
        problem
        for delivery in deliveries["deliveries"]
        for problem in messages.problems(json.loads(delivery["body"]))
    ]
    assert not problems, "\n".join(problems[:20])
