"""The days of the house, for tests that drive a platform from outside.

They do not ask the kit: to import it makes a process green (eventlet), in which neither Playwright nor asyncio lives.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

HOUSE = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return which day it is in the house."""
    return datetime.now(HOUSE).date()
