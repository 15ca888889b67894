"""Operating the bus: what waits, what failed, and how to mend it. Every service can be asked for it by RPC.

A service declares what it can tell again (``restates``), which tables are copies of others' records (``copies``),
and which of its rows must agree with another service's (``audited``); the rest is the same for all.
"""

from servicekit.bus.audits import audited
from servicekit.bus.restating import restates

__all__ = ["audited", "restates"]
