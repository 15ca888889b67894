"""Services as Nameko's documentation writes them: ``python stock_nameko.py EchoService``."""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

import nameko  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402
from nameko.rpc import rpc  # noqa: E402


class EchoService:
    """Says what it was told."""

    name = "bench-stock"

    @rpc  # type: ignore[untyped-decorator]
    def echo(self, text: str) -> str:
        return text


def main(service_class: type) -> None:
    """Run a service until told to stop, with as many workers as ours have."""
    settings = {"AMQP_URI": os.environ["AMQP_URL"], "max_workers": 20}
    if "WEB_PORT" in os.environ:
        settings["WEB_SERVER_ADDRESS"] = f"127.0.0.1:{os.environ['WEB_PORT']}"
    nameko.config.setup(settings)
    container = ServiceContainer(service_class)
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    container.wait()


if __name__ == "__main__":
    main(globals()[sys.argv[1]])
