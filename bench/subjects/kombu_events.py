"""Events as kombu's users send them: published with confirms, consumed, one insert and commit each, acknowledged.

``python kombu_events.py send`` publishes as many as it is asked for; ``receive`` stores them.
"""

import os
import sys
import uuid
from typing import Any

import orjson
import psycopg2
from kombu import Connection, Consumer, Exchange, Producer, Queue

EVENTS = Exchange("kombu-bench.events", "topic", durable=True)
INBOX = Queue(
    "kombu-bench.inbox", EVENTS, "parcel.sent", durable=True, queue_arguments={"x-queue-type": "quorum"}
)
REQUESTS = Queue(
    "rpc-kombu-sender",
    Exchange("nameko-rpc", "topic", durable=True),
    "kombu-sender.*",
    durable=True,
    auto_delete=True,
)
PREFETCH = 64


def event(place: int, owner_id: str) -> dict[str, Any]:
    """Return what our own sender's envelope says too."""
    parcel_id = str(uuid.uuid4())
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/kehu/kombu-bench",
        "type": "parcel.sent",
        "subject": parcel_id,
        "time": "2026-11-22T08:00:00.000000Z",
        "datacontenttype": "application/json",
        "sequence": f"{place:019d}",
        "correlationid": owner_id,
        "data": {
            "parcel_id": parcel_id,
            "number": f"HT20261122-{place:04d}",
            "name": "上海云图科技 2027 年度合同",
            "owner_id": owner_id,
            "amount": "12000.00",
            "status": "signed",
            "version": 1,
        },
    }


def send() -> None:
    """Answer requests ``send(count)`` once the broker has confirmed every event."""
    with (
        Connection(os.environ["AMQP_URL"]) as requests,
        Connection(os.environ["AMQP_URL"], transport_options={"confirm_publish": True}) as confirmed,
    ):
        producer = Producer(confirmed.channel(), EVENTS)
        replies = Producer(requests.channel())

        def publish(message: Any) -> None:
            owner_id = str(uuid.uuid4())
            for place in range(orjson.loads(message.body)["kwargs"]["count"]):
                producer.publish(
                    orjson.dumps(event(place, owner_id)),
                    routing_key="parcel.sent",
                    content_type="application/cloudevents+json",
                    content_encoding="binary",
                )
            replies.publish(
                b'{"result": null, "error": null}',
                exchange="nameko-rpc",
                routing_key=message.properties["reply_to"],
                correlation_id=message.properties["correlation_id"],
                content_type="application/json",
                content_encoding="utf-8",
            )
            message.ack()

        INBOX(confirmed.channel()).declare()
        with Consumer(requests.channel(), [REQUESTS], on_message=publish, prefetch_count=1):
            drain(requests)


def receive() -> None:
    """Store each event in a transaction of its own, then acknowledge it."""
    database = psycopg2.connect(os.environ["RECEIVER_URL"])
    cursor = database.cursor()

    def store(message: Any) -> None:
        data = orjson.loads(message.body)["data"]
        cursor.execute(
            "INSERT INTO kombu_parcel (id, number, name) VALUES (%s, %s, %s)",
            (data["parcel_id"], data["number"], data["name"]),
        )
        database.commit()
        message.ack()

    with (
        Connection(os.environ["AMQP_URL"]) as connection,
        Consumer(connection.channel(), [INBOX], on_message=store, prefetch_count=PREFETCH),
    ):
        drain(connection)


def drain(connection: Connection) -> None:
    """Go on until told to stop."""
    while True:
        try:
            connection.drain_events(timeout=1)
        except TimeoutError:
            pass


{"send": send, "receive": receive}[sys.argv[1]]()
