"""Webhooks: other systems are told of events by HTTP requests to them."""
