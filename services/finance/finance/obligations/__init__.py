"""Receivables and payables: one shape, two directions, each under its own name to the outside (FI-01, FI-02)."""
