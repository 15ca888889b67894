"""Service cases: what a customer asks for, who is at work on it, and how it ended (SD-01, SD-06)."""
