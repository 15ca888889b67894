"""Prometheus metrics of the webhooks: what a person has to hear of."""

from prometheus_client import Counter, Gauge

PAUSED = Gauge("kehu_webhooks_paused", "Webhooks that were paused because nothing arrived for days")
FEED_GAPS = Counter("kehu_webhook_feed_gaps", "Times that the stream did not go on where it had been left")
