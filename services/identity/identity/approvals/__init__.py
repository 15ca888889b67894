"""Approvals: flows of steps, and what goes through them (GW-56, CT-03, CT-04)."""
