"""Institutions: the legal entities that one organisation has (ID-01)."""
