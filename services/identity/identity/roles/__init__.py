"""Roles: what those who have them may do, and on whose records (ID-17, ID-18, ID-21)."""
