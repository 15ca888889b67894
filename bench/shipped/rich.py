"""Hides the ``rich`` of the development tools, which structlog loads where it finds it: what is shipped has none."""

raise ImportError("rich is not part of what is shipped")
