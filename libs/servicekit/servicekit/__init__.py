"""The plumbing every Kehu service needs. It knows no business noun: it could serve a library or a hospital.

What a service writes against stands here; the rest of the package is how it works.
"""

from servicekit.access import check_new_owner, expect_version, load, reaches, visible_owners
from servicekit.context import Caller, current
from servicekit.database import COLUMN_TYPES, Eager, Owned, Record, metadata, utcnow
from servicekit.directory import DirectoryAccount, DirectoryCopy, store_newer
from servicekit.errors import Conflict, Forbidden, Invalid, NotFound, OperationError, Unavailable
from servicekit.events import Event, EventMoney, publish
from servicekit.ids import new_id
from servicekit.inbox import listens
from servicekit.listing import Listing, Search, search_terms
from servicekit.numbering import next_number
from servicekit.operations import operation
from servicekit.service import Service
from servicekit.timers import every

__all__ = [
    "COLUMN_TYPES", "Caller", "Conflict", "DirectoryAccount", "DirectoryCopy", "Eager", "Event", "EventMoney",
    "Forbidden", "Invalid",
    "Listing", "NotFound", "OperationError", "Owned", "Record", "Search", "Service", "Unavailable",
    "check_new_owner", "current", "every", "expect_version", "listens", "load", "metadata", "new_id", "next_number",
    "operation", "publish", "reaches", "search_terms", "store_newer", "utcnow", "visible_owners",
]  # fmt: skip
