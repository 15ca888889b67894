"""Prometheus metrics of a service process."""

from prometheus_client import Counter, Gauge, Histogram

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

OPERATION = Histogram(
    "kehu_operation_seconds", "Time an operation took", ["service", "operation", "outcome"], buckets=_BUCKETS
)
EVENTS_PUBLISHED = Counter("kehu_event_published", "Events confirmed by the broker", ["service", "type"])
EVENT_HANDLED = Histogram(
    "kehu_event_handled_seconds", "Time a handler took", ["service", "type", "outcome"], buckets=_BUCKETS
)
OUTBOX_PENDING = Gauge("kehu_outbox_pending", "Events that the broker has not confirmed yet", ["service"])
OUTBOX_LAG = Gauge("kehu_outbox_lag_seconds", "Age of the oldest event not yet confirmed", ["service"])
PARKED = Gauge("kehu_parked_messages", "Events given up after their last try", ["service"])
OVERDUE = Gauge(
    "kehu_oldest_row_overdue_seconds", "For how long the oldest row is past its time", ["service", "table"]
)
LOOKS_LOST = Counter("kehu_looks_lost", "Looks at records that were not written down", ["service"])
