"""Running a service in this process: Nameko's runner, and a stop that finishes what is in hand."""

import gc
import logging
import signal
from typing import Any

import eventlet
import nameko
import structlog
from eventlet.support.psycopg2_patcher import make_psycopg_green
from nameko.containers import ServiceContainer

from servicekit.base.settings import Settings
from servicekit.service import Service, workers_needed

# Nameko logs an expected error with its traceback, at length; the kit logs what matters itself.
logging.getLogger("nameko").setLevel(logging.ERROR)

log = structlog.get_logger("runner")


def container_of(service_class: type[Service], settings: Settings) -> ServiceContainer:
    """Return a container for a service, ready to be started."""
    make_psycopg_green()
    nameko.config.setup({"AMQP_URI": settings.amqp_url, "max_workers": workers_needed(settings)})
    return ServiceContainer(service_class)


def run(service_class: type[Service], settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then take no new work, finish what runs, reply, and return."""
    container = container_of(service_class, settings)
    gc.freeze()  # What is loaded stays: the collector need not look at it again and again.

    def stop(_number: int, _frame: Any) -> None:
        # A signal handler runs inside the hub, where nothing may wait.
        eventlet.spawn_n(container.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    container.start()
    log.info("started")
    container.wait()
    log.info("stopped")
