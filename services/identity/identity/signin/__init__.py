"""Signing in and out: passwords, throttling, sessions, tokens and their keys (ID-30, ID-33, ID-34, ID-37)."""
