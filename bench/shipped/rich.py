"""Hides the ``rich`` of the development tools: structlog loads it where it finds it, which is not where Kehu is shipped."""

raise ImportError("rich is not part of what is shipped")
