"""Accounts: the people who work here, and whether they may sign in (ID-06 to ID-09)."""
