"""Read events with pika, and go on behind the last one after being killed at any moment.

    reader.py URL stream kehu.feed FILE          the stream, by its offsets
    reader.py URL queue SOURCES FILE             a queue of its own, bound to the exchanges of those services

FILE gets a line an event: a JSON list of the offset and the body. A line that was being written when the program was
killed is cut off when it begins again; what a queue then brings again is known by its id.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pika
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_rabbitmq_event


class Journal:
    """The file, and what is known from it."""

    def __init__(self, path: Path) -> None:
        whole = path.read_bytes() if path.exists() else b""
        whole = whole[: whole.rfind(b"\n") + 1]
        path.write_bytes(whole)
        lines = [json.loads(line) for line in whole.splitlines()]
        self.next = lines[-1][0] + 1 if lines else None
        self.known = {body["id"] for _, body in lines}
        self.handle = os.open(path, os.O_WRONLY | os.O_APPEND)

    def write(self, offset: int, body: dict[str, Any]) -> None:
        if body["id"] not in self.known:
            self.known.add(body["id"])
            os.write(self.handle, json.dumps([offset, body]).encode() + b"\n")


def main() -> None:
    url, kind, name, path = sys.argv[1:]
    journal = Journal(Path(path))
    channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
    channel.basic_qos(prefetch_count=20)
    arguments: dict[str, Any] = {}
    if kind == "stream":
        # Nothing is declared: the account may only read.
        arguments = {"x-stream-offset": "first" if journal.next is None else journal.next}
        queue = name
    else:
        queue = f"conformance.pika.{Path(path).stem}"
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        for source in name.split(","):
            channel.queue_bind(queue, f"{source}.events", "#")
    print("reading", flush=True)
    for method, properties, body in channel.consume(queue, arguments=arguments):
        read = from_rabbitmq_event(
            RabbitMQMessage(headers={}, content_type=properties.content_type, body=body)
        )
        event = json.loads(body)
        assert read.get_id() == event["id"] and read.get_extension("sequence") == event["sequence"], event
        journal.write((properties.headers or {}).get("x-stream-offset", -1), event)
        channel.basic_ack(method.delivery_tag)


if __name__ == "__main__":
    main()
