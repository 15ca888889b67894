"""Logging: one line an event, JSON for machines or console for people."""

import logging
import sys
from typing import Any

import orjson
import structlog
from gunicorn.config import Config
from gunicorn.glogging import Logger

from gateway.settings import Settings


def configure(log_format: str, level: str) -> None:
    """Set up structlog, and the standard library's logging through it.

    Args:
        log_format: ``json`` or ``console``.
        level: ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``.
    """
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if log_format == "json":
        shared += [_add_service, structlog.processors.format_exc_info]
        renderer: Any = structlog.processors.JSONRenderer(_as_json)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("aio_pika", "aiormq", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


class GunicornLogger(Logger):
    """Lets gunicorn's own lines look like all the others."""

    def setup(self, cfg: Config) -> None:
        """Send gunicorn's loggers to the root logger, which is set up like the application's."""
        super().setup(cfg)
        settings = Settings()
        configure(settings.log_format, settings.log_level)
        for logger in (self.error_log, self.access_log):
            logger.handlers[:] = []
            logger.propagate = True


def _as_json(event: dict[str, Any], default: Any) -> str:
    return orjson.dumps(event, default=default, option=orjson.OPT_NON_STR_KEYS).decode()


def _add_service(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    event["service"] = "gateway"
    return event
