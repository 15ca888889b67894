"""UUIDv7: ids that sort by the time they were made, so that new rows land at the end of an index."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, the rest random."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def made_at(record_id: UUID) -> datetime | None:
    """Return when a UUIDv7 was made; None for any other id, which is none of ours."""
    if record_id.version != 7:
        return None
    return datetime.fromtimestamp((record_id.int >> 80) / 1000, UTC)
