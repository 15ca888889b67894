"""The Nameko side of operations and events: entrypoints that take messages, run workers and send replies.

Nameko's stock RPC entrypoint opens a channel and waits for a confirm for every reply. Here replies go out transient
and unconfirmed on the connection the request came in on, which is what makes a call cheap.
"""

import time
from typing import Any

import amqp
import orjson
import structlog
from kombu.message import Message
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from servicekit.base.callers import Callers
from servicekit.base.context import HEADER_PREFIX, Context, current
from servicekit.base.errors import Internal, Invalid, OperationError, Unavailable
from servicekit.base.ids import new_id
from servicekit.base.settings import Settings
from servicekit.messages import topology
from servicekit.messages.consumer import QueueConsumer
from servicekit.nouns.declarations import Operation

log = structlog.get_logger("rpc")


class OperationConsumer(SharedExtension, ProviderCollector):
    """Takes a service's requests from its queue and sends the replies. One for all operations of a service."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: dict[str, OperationEntrypoint] = {}

    def setup(self) -> None:
        """Prepare the consumer; it takes as many requests as there are workers."""
        self.settings = Settings()
        self.callers = Callers(self.settings)
        self.service = self.container.service_name
        self.consumer = QueueConsumer(
            topology.rpc_queue(self.service),
            self.settings.max_workers,
            self.settings,
            self.receive,
            presence=lambda: topology.presence_queue(self.service, new_id()),
        )

    def register_provider(self, provider: "OperationEntrypoint") -> None:
        """Add an operation."""
        super().register_provider(provider)
        self.operations[provider.method_name] = provider

    def start(self) -> None:
        """Consume, and return when the broker has answered."""
        self.thread = self.container.spawn_managed_thread(self.consumer.run)
        self.consumer.ready.wait()

    def unregister_provider(self, provider: "OperationEntrypoint") -> None:
        """Stop taking requests as soon as the first operation stops; wait until those in hand are answered."""
        self.consumer.stop()
        super().unregister_provider(provider)

    def stop(self) -> None:
        """Wait until every request in hand has been answered."""
        self.wait_for_providers()
        self.thread.wait()

    def receive(self, message: Message) -> None:
        """Start a worker for a request, or refuse it."""
        try:
            deadline = message.headers.get(HEADER_PREFIX + "deadline")
            if deadline and float(deadline) <= time.time():
                self.consumer.ack(
                    message
                )  # Its caller has gone: nobody wants the answer, so the work is not begun.
                return
            name = message.delivery_info["routing_key"].rpartition(".")[2]
            entrypoint = self.operations.get(name)
            if entrypoint is None:
                raise Invalid("unknown-operation", f"{self.service} has no operation {name}.")
            if message.delivery_info.get("redelivered") and not entrypoint.repeatable(message):
                raise Unavailable("outcome-unknown", "The service stopped while it worked on this request.")
            context = Context.from_headers(message.headers, self.callers.read)
            context.operator = message.delivery_info["exchange"] == topology.OPERATOR_EXCHANGE.name
            body = orjson.loads(message.body)
            kwargs = body["kwargs"]
            if body["args"] or not isinstance(kwargs, dict):
                raise Invalid("malformed-request", "Operations take keyword arguments only.")
        except OperationError as error:
            self.reply(message, None, error)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.reply(message, None, Invalid("malformed-request", f"The message is no request: {error}"))
        else:
            entrypoint.work(message, kwargs, context)

    def reply(self, message: Message, result: Any, error: OperationError | None) -> None:
        """Send the reply, then acknowledge the request."""
        reply_to = message.properties.get("reply_to")
        if reply_to:
            payload = {"result": result, "error": error.to_message() if error else None}
            if current().replayed:
                payload["replayed"] = True
            answer = amqp.Message(
                orjson.dumps(payload),
                content_type="application/json",
                content_encoding="utf-8",
                correlation_id=message.properties.get("correlation_id"),
                delivery_mode=1,
            )
            try:
                if reply_to.startswith(topology.REPLY_PREFIX):
                    self.consumer.publish(answer, topology.replies_exchange(self.service).name, reply_to)
                else:
                    # A stock Nameko client, or a gateway from before replies had exchanges of their own.
                    self.consumer.publish_aside(answer, topology.RPC_EXCHANGE.name, reply_to)
            except Exception as failure:
                log.warning("reply could not be sent", error=str(failure))
        self.consumer.ack(message)


class OperationEntrypoint(Entrypoint):
    """Runs an operation of the service in a worker for each request."""

    consumer = OperationConsumer()

    def setup(self) -> None:
        """Join the service's one consumer."""
        self.consumer.register_provider(self)

    def stop(self) -> None:
        """Leave the consumer; no new request is taken after that."""
        self.consumer.unregister_provider(self)

    @property
    def spec(self) -> Operation:
        """The declaration of the operation."""
        spec: Operation = getattr(getattr(self.container.service_cls, self.method_name), Operation.MARKER)
        return spec

    def repeatable(self, message: Message) -> bool:
        """Tell whether a request may be carried out a second time without a second effect."""
        return self.spec.reads or bool(message.headers.get(HEADER_PREFIX + "idempotency_key"))

    def work(self, message: Message, kwargs: dict[str, Any], context: Context) -> None:
        """Run the operation in a worker greenlet and send its reply."""

        def finish(_worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            error = exc_info[1] if exc_info else None
            if error is not None and not isinstance(error, OperationError):
                error = Internal("internal-error", "Something went wrong on our side.")
            self.consumer.reply(message, result, error)
            return result, exc_info

        try:
            # Prefetch equals the number of workers, and events have places of their own: spawning does not wait.
            data = {**message.headers, Context.DATA_KEY: context}
            self.container.spawn_worker(self, (), kwargs, context_data=data, handle_result=finish)
        except ContainerBeingKilled:
            self.consumer.consumer.requeue(message)
