"""The rows of the table, one module a group. Each has ``measure(stage, size) -> Report``."""
