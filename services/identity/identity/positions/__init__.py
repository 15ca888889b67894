"""Positions, who holds them, and whose superior follows from that (ID-04 to ID-06, ID-25)."""
