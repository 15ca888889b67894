"""Logging: one line an event, JSON for machines or console for people, with the correlation id."""

import logging
import sys
from typing import Any

import structlog

from servicekit.base import context


def _add_context(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    work = context._current.get()
    if work is not None:
        event.setdefault("correlation_id", str(work.correlation_id))
        if work.actor_id is not None:
            event.setdefault("actor_id", str(work.actor_id))
    return event


def configure(service: str, log_format: str, level: str) -> None:
    """Set up structlog, and the standard library's logging through it.

    Args:
        service: named in every line.
        log_format: ``json`` or ``console``.
        level: ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``.
    """

    def add_service(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        event["service"] = service
        return event

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_context,
        structlog.processors.StackInfoRenderer(),
    ]
    if log_format == "json":
        shared += [add_service, structlog.processors.format_exc_info]
        renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("kombu", "amqp", "alembic", "sqlalchemy.pool", "eventlet.wsgi"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
