"""The least that can answer a request: py-amqp, one process, one channel, replies transient and unconfirmed."""

import os
from urllib.parse import unquote, urlsplit

import amqp
import orjson

SERVICE = "bench-bare"


def main() -> None:
    url = urlsplit(os.environ["AMQP_URL"])
    connection = amqp.Connection(
        f"{url.hostname}:{url.port}",
        userid=url.username,
        password=unquote(url.password or ""),
        virtual_host=unquote(url.path.lstrip("/")) or "/",
    )
    connection.connect()
    channel = connection.channel()
    channel.exchange_declare("nameko-rpc", "topic", durable=True, auto_delete=False)
    channel.queue_declare(f"rpc-{SERVICE}", durable=True, auto_delete=True)
    channel.queue_bind(f"rpc-{SERVICE}", "nameko-rpc", f"{SERVICE}.*")
    channel.basic_qos(0, 20, False)

    def answer(message: amqp.Message) -> None:
        result = orjson.loads(message.body)["kwargs"]["text"]
        reply = amqp.Message(
            orjson.dumps({"result": result, "error": None}),
            content_type="application/json",
            correlation_id=message.properties["correlation_id"],
            delivery_mode=1,
        )
        channel.basic_publish(reply, "nameko-rpc", message.properties["reply_to"])
        channel.basic_ack(message.delivery_tag)

    channel.basic_consume(f"rpc-{SERVICE}", callback=answer)
    while True:
        connection.drain_events()


main()
