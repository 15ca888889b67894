"""Addresses: where a customer is found, delivered to and billed."""
