"""The plumbing every Kehu service needs. It knows no business noun: it could serve a library or a hospital.

What a service writes against stands here; the rest of the package is how it works.
"""

import gc
import os
import warnings

# Nothing that is loaded here becomes garbage, and looking for it would take a fifth of a service's start.
gc.disable()

# eventlet's own resolver takes 16 MB a process. Names of servers are looked up when a connection is made, which is
# rare; who looks up names often does it in a thread (servicekit.base.blocking).
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

# Nameko stands on eventlet, and docs/decisions/0005 says what follows from that: no need to be told at every start.
warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")

import eventlet  # noqa: E402

# Sockets, threads and locks must be green before anything else is imported, also with ``python -m servicekit``.
eventlet.monkey_patch()

from servicekit.base.belonging import Within  # noqa: E402
from servicekit.base.clock import today  # noqa: E402
from servicekit.base.context import Caller, current  # noqa: E402
from servicekit.base.database import COLUMN_TYPES, Eager, Owned, Record, metadata, utcnow  # noqa: E402
from servicekit.base.errors import Conflict, Fault, Forbidden, Invalid, NotFound, OperationError, Unavailable  # noqa: E402
from servicekit.base.ids import new_id  # noqa: E402
from servicekit.messages.events import Event, EventMoney, publish, publish_deletion  # noqa: E402
from servicekit.messages.inbox import listens  # noqa: E402
from servicekit.messages.record_events import RecordEvent  # noqa: E402
from servicekit.messages.restating import restates  # noqa: E402
from servicekit.messages.timers import every  # noqa: E402
from servicekit.messages.topology import ANY  # noqa: E402
from servicekit.nouns.access import ForAll, reaches, reaches_by_place, visible_owners  # noqa: E402
from servicekit.nouns.approvals.asking import ask_approval  # noqa: E402
from servicekit.nouns.approvals.codes import APPROVED, REJECTED, WITHDRAWN  # noqa: E402
from servicekit.nouns.approvals.column import Approvable, unless_waiting  # noqa: E402
from servicekit.nouns.approvals.following import ApprovalFollower  # noqa: E402
from servicekit.nouns.audits import audited  # noqa: E402
from servicekit.nouns.below import Below  # noqa: E402
from servicekit.nouns.besides import LiesInPool, MayBePublic, Pooled  # noqa: E402
from servicekit.nouns.copied import Copied, From, keep_copy, keep_merger, standing  # noqa: E402
from servicekit.nouns.custom.column import Custom, CustomValues  # noqa: E402
from servicekit.nouns.deeds import FOLLOW, KEEP, SEE, Deed, Deeds  # noqa: E402
from servicekit.nouns.definitions import PlatformCopy, definitions  # noqa: E402
from servicekit.nouns.directory import DirectoryAccount, DirectoryCopy, store_newer  # noqa: E402
from servicekit.nouns.filtering import Search, name_key_of, search_terms  # noqa: E402
from servicekit.nouns.following import Follows, Relink  # noqa: E402
from servicekit.nouns.listing import Listing  # noqa: E402
from servicekit.nouns.noun import Noun  # noqa: E402
from servicekit.nouns.numbering import Numbers  # noqa: E402
from servicekit.nouns.operations import operation  # noqa: E402
from servicekit.nouns.ordering import Sort  # noqa: E402
from servicekit.nouns.parameters import Parameter  # noqa: E402
from servicekit.nouns.possible import allows, guarded, in_states  # noqa: E402
from servicekit.nouns.reach import (  # noqa: E402
    Reach,
    expect_version,
    load,
    load_part,
)
from servicekit.nouns.references import (  # noqa: E402
    OWNER_REFUSED,
    check_known,
    check_named,
    check_new_owner,
)
from servicekit.nouns.terms import Term  # noqa: E402
from servicekit.nouns.totals import Totals  # noqa: E402
from servicekit.service import Service  # noqa: E402

gc.enable()

__all__ = [
    "ANY",
    "APPROVED",
    "COLUMN_TYPES",
    "FOLLOW",
    "KEEP",
    "OWNER_REFUSED",
    "REJECTED",
    "SEE",
    "WITHDRAWN",
    "Approvable",
    "ApprovalFollower",
    "Below",
    "Caller",
    "Conflict",
    "Copied",
    "Custom",
    "CustomValues",
    "Deed",
    "Deeds",
    "DirectoryAccount",
    "DirectoryCopy",
    "Eager",
    "Event",
    "EventMoney",
    "Fault",
    "Follows",
    "ForAll",
    "Forbidden",
    "From",
    "Invalid",
    "LiesInPool",
    "Listing",
    "MayBePublic",
    "NotFound",
    "Noun",
    "Numbers",
    "OperationError",
    "Owned",
    "Parameter",
    "PlatformCopy",
    "Pooled",
    "Reach",
    "Record",
    "RecordEvent",
    "Relink",
    "Search",
    "Service",
    "Sort",
    "Term",
    "Totals",
    "Unavailable",
    "Within",
    "allows",
    "ask_approval",
    "audited",
    "check_known",
    "check_named",
    "check_new_owner",
    "current",
    "definitions",
    "every",
    "expect_version",
    "guarded",
    "in_states",
    "keep_copy",
    "keep_merger",
    "listens",
    "load",
    "load_part",
    "metadata",
    "name_key_of",
    "new_id",
    "operation",
    "publish",
    "publish_deletion",
    "reaches",
    "reaches_by_place",
    "restates",
    "search_terms",
    "standing",
    "store_newer",
    "today",
    "unless_waiting",
    "utcnow",
    "visible_owners",
]  # fmt: skip
