"""The words of `python3 deploy/local WORD`, which the Makefile passes on."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable

from . import testing, upkeep
from .bootstrap import ensure_environment
from .compose import compose_environment
from .console import CONSOLE
from .feed_account import feed_account
from .locking import lock
from .output import Trouble, prefixed, say
from .places import main_place
from .runner import Told, up


def make_feed_account() -> None:
    feed_account(main_place(), os.environ.get("NAME", ""))


def build_console() -> None:
    say(f"the console is in {CONSOLE.build(main_place())}")


def main(words: list[str]) -> int:
    """Run one word; trouble is told in one line, without a traceback."""
    arguments = shlex.split(os.environ.get("ARGS", ""))
    only = os.environ.get("ONLY", "")
    actions: dict[str, Callable[[], int | None]] = {
        "up": lambda: up(main_place()),
        "down": lambda: upkeep.down(main_place()),
        "status": lambda: upkeep.status(main_place()),
        "feed-account": make_feed_account,
        "compose-env": compose_environment,
        "reset": lambda: upkeep.reset(main_place()),
        "environment": ensure_environment,
        "console": build_console,
        "check-console": lambda: CONSOLE.check(main_place()),
        "lock": lambda: lock(arguments),
        "test": lambda: testing.test(only, arguments),
        "test-stack": testing.stack_up,
        "test-stack-down": testing.stack_down,
    }
    if len(words) != 1 or words[0] not in actions:
        print(f"usage: python3 deploy/local {'|'.join(actions)}", file=sys.stderr)
        return 2
    try:
        return actions[words[0]]() or 0
    except Trouble as trouble:
        print(prefixed("kehu", str(trouble)), file=sys.stderr)
        return 1
    except (Told, KeyboardInterrupt):
        return 130
    except BrokenPipeError:  # `make status | head` has read enough.
        sys.stdout = None
        return 0
