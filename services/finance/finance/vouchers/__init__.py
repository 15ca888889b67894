"""Receipts and payments: one shape, two directions, each under its own name to the outside (FI-03, FI-05)."""
