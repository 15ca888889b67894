"""Pools: groups of records that nobody looks after yet, and who sees and keeps them (CU-35)."""
