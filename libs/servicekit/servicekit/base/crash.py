"""Named points at which a test makes the process die, as if the machine had failed just there."""

import os

CRASH_AT = os.environ.get("KEHU_CRASH_AT", "")


def crash_point(name: str) -> None:
    """End the process at once, without any clean-up, if ``KEHU_CRASH_AT`` names this point."""
    if name == CRASH_AT:
        os._exit(9)
