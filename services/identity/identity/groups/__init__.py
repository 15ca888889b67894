"""User groups: people whom something is given to together (ID-26)."""
