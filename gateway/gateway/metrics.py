"""Prometheus metrics of the gateway; with several workers they meet in ``PROMETHEUS_MULTIPROC_DIR``."""

import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUEST_SECONDS = Histogram(
    "kehu_http_requests_seconds", "Time a request took", ["route", "method", "status"], buckets=BUCKETS
)
IN_FLIGHT = Gauge("kehu_http_in_flight", "Requests being worked on", multiprocess_mode="livesum")
RPC_SECONDS = Histogram(
    "kehu_rpc_seconds", "Time a service took to answer", ["service", "method", "outcome"], buckets=BUCKETS
)
LATE_REPLIES = Counter("kehu_rpc_late_replies", "Replies that came after their caller had given up")
BROKER_CONNECTED = Gauge(
    "kehu_broker_connected", "Workers connected to the broker", multiprocess_mode="livesum"
)
RATE_LIMITED = Counter("kehu_rate_limited", "Requests refused by the rate limit", ["policy"])

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition() -> bytes:
    """Return the metrics of all workers in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
