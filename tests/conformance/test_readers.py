"""Readers of the stream and of queues of their own, by pika and amqplib: killed and begun again, no gap and no double.

What they have read is judged by the AsyncAPI document: every body that came has to be one of its messages (K-6).
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from tests.attack.world import World
from tests.conformance.conftest import Tally
from tests.conformance.messages import Messages
from tests.conformance.strangers import HERE, NODE_HOME, node, python

from stack.feed_account import make_account
from stack.places import SERVICES
from stack.platform import Platform

LIBRARIES: dict[str, Callable[[], list[Path]]] = {
    "pika": lambda: [python(), HERE / "clients" / "reader.py"],
    "amqplib": lambda: [node(), NODE_HOME / "reader.mjs"],
}
READERS = [
    pytest.param(("pika", "stream")),
    pytest.param(("pika", "queue"), marks=pytest.mark.full),
    pytest.param(("amqplib", "stream"), marks=pytest.mark.full),
    pytest.param(("amqplib", "queue"), marks=pytest.mark.full),
]


class Reader:
    """A program that reads into a file; it can be killed and begun again."""

    def __init__(self, command: list[str], file: Path) -> None:
        self.command, self.file = [*command, str(file)], file
        self.output = file.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and wait until it reads: a queue of its own gets only what comes from then on."""
        self.output.write_text("")
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=output)
        self.wait_for(lambda: "reading" in self.output.read_text())

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def read(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the whole lines of the file: offset and body of each."""
        text = self.file.read_bytes() if self.file.exists() else b""
        return [tuple(json.loads(line)) for line in text[: text.rfind(b"\n") + 1].splitlines()]

    def wait_for(self, condition: Callable[[], Any]) -> None:
        until = time.monotonic() + 90
        while not condition():
            assert self.process is not None and self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < until, f"{len(self.read())} events read"
            time.sleep(0.02)


@pytest.fixture
def reader(request: pytest.FixtureRequest, platform: Platform, tmp_path: Path) -> Iterator[Reader]:
    """One that is not begun yet."""
    library, kind = request.param
    url = platform.infrastructure.amqp_url
    broker = platform.infrastructure.rabbitmq
    if kind == "stream" and broker is not None:
        make_account(broker, "conformance", password := uuid4().hex)
        url = f"amqp://conformance:{password}@127.0.0.1:{broker.port}/"
    name = "kehu.feed" if kind == "stream" else ",".join(SERVICES)
    command = [*map(str, LIBRARIES[library]()), url, kind, name]
    made = Reader(command, tmp_path / f"{uuid4().hex[:8]}.jsonl")
    yield made
    made.kill()


def make_news(admin: httpx2.Client, number: int) -> None:
    """Let things happen in several services."""
    for count in range(number):
        lead = admin.post(
            "/v1/leads", json={"company_name": f"读者 {uuid4().hex[:6]} {count}", "contact_name": "周静怡"}
        )
        assert lead.status_code == 201, lead.text
        assert admin.post(f"/v1/leads/{lead.json()['id']}/convert", json={}).status_code == 200


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_killed_and_begun_again_a_reader_has_every_event_once(
    reader: Reader, world: World, messages: Messages, tally: Tally, request: pytest.FixtureRequest
) -> None:
    """The sequence numbers of each service have no hole, and no id comes twice."""
    chance = random.Random(7)
    admin = world.administrator
    reader.start()
    for _ in range(5):
        goal = len(reader.read()) + chance.randrange(1, 15)
        make_news(admin, 6)
        reader.wait_for(lambda goal=goal: len(reader.read()) >= goal)
        reader.kill()
        reader.start()
    last = admin.post("/v1/leads", json={"company_name": "最后一条线索", "contact_name": "周静怡"}).json()[
        "id"
    ]
    reader.wait_for(lambda: any(body["subject"] == last for _, body in reader.read()))
    found = reader.read()
    assert not [id for id, times in Counter(body["id"] for _, body in found).items() if times > 1]
    for source in {body["source"] for _, body in found}:
        numbers = [int(body["sequence"]) for _, body in found if body["source"] == source]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), source
    problems = [problem for _, body in found for problem in messages.problems(body)]
    assert not problems, f"{len(problems)} of {len(found)}:\n" + "\n".join(problems[:20])
    library, kind = request.node.callspec.params["reader"]
    tally(f"{library}, {kind}", events=len(found), types=len({body["type"] for _, body in found}), kills=5)
