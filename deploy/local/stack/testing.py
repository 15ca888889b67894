"""`make test`: a private stack of its own beside whatever runs, the suites on it, and the stack gone at the end."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from . import processes
from .bootstrap import ensure_environment
from .infrastructure import KIT, Infrastructure, side_by_side, stop_leftovers
from .output import Trouble, is_terminal, say
from .places import ROOT, SERVICES, VENV_PYTHON, Place, main_place
from .runner import only_one_signal_counts

GREEN = ("services", "kit")
"""Suites whose services run in pytest's own process, monkey-patched by eventlet; the gateway must not be."""
SUITES: dict[str, tuple[str, ...]] = {
    "system": (
        "tests/architecture",
        "tests/deploy",
        "tests/bench",
        "tests/accounts",
        "tests/feed",
        "tests/system",
    ),
    "console": ("tests/console",),
    "services": tuple(f"tests/{name.replace('-', '_')}" for name in SERVICES),
    "drills": ("tests/drills",),
    "kit": ("tests/servicekit",),
    "gateway": ("tests/gateway",),
    "asking": ("tests/attack", "tests/conformance"),
}
AT_ONCE = 3
"""One more than there are cores, as each suite waits a good deal; those that take longest stand first.

On servers that were given they run one after the other, since there they share the queues."""
NO_TESTS = 5


def test(only: str, arguments: list[str]) -> int:
    """Run every suite, or what lies below `only`; non-zero if anything failed or nothing ran."""
    began = time.monotonic()
    with test_stack(test_place()) as environment:
        suites = chosen(only)
        if not suites:
            raise Trouble(f"there are no tests in {only or 'tests/'}")
        beside = len(suites) > 1
        at_once = AT_ONCE if environment.get("KEHU_TEST_STACK") == "own" else 1
        with ThreadPoolExecutor(at_once) as pool, suites_end_with_us():
            runs = [
                pool.submit(run_suite, name, paths, arguments, environment, beside)
                for name, paths in suites.items()
            ]
            try:
                outcomes = [run.result() for run in runs]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return summary(outcomes, time.monotonic() - began)


def test_place() -> Place:
    return Place(ROOT / ".local" / "test")


@contextmanager
def suites_end_with_us() -> Iterator[None]:
    """Interrupt pytest when we are interrupted: it then stops the platforms its tests have started."""
    try:
        yield
    finally:
        suites = [pid for pid, name in processes.all_ours(test_place()).items() if name.startswith("pytest-")]
        processes.end_all(test_place(), suites, polite=signal.SIGINT, grace=30)


@contextmanager
def test_stack(place: Place) -> Iterator[dict[str, str]]:
    """The servers for the tests, what runs them, and the environment that names the servers."""
    only_one_signal_counts()
    with place.lock("tests", "another make test is running in this checkout"):
        infrastructure = Infrastructure(place, os.environ, for_tests=True)
        try:
            side_by_side([ensure_environment, infrastructure.start])
            yield {**os.environ, **test_environment(infrastructure)}
        finally:
            infrastructure.stop()
            stop_leftovers(place)


def test_environment(infrastructure: Infrastructure) -> dict[str, str]:
    environment = {**infrastructure.urls, "KEHU_TEST": "1"}
    if infrastructure.postgres and infrastructure.rabbitmq:
        # The system tests then start servers of their own too, whose queues no component test has written to.
        environment["KEHU_TEST_STACK"] = "own"
    return environment


def chosen(only: str) -> dict[str, list[str]]:
    """The suites with those of their directories that exist."""
    if only:
        path = only.split("::")[0].rstrip("/")
        if not (ROOT / path).exists():
            return {}
        for name, directories in SUITES.items():
            if any(path == directory or path.startswith(directory + "/") for directory in directories):
                return {name: [only]}
        return {"system": [only]}
    suites = {
        name: [directory for directory in directories if has_tests(ROOT / directory)]
        for name, directories in SUITES.items()
    }
    return {name: directories for name, directories in suites.items() if directories}


def has_tests(directory: Path) -> bool:
    return any(directory.rglob("test_*.py"))


def run_suite(
    name: str, paths: list[str], arguments: list[str], environment: dict[str, str], hold_back: bool
) -> tuple[str, int, str]:
    """Run one pytest process. Beside another its output is held back until its end, so that lines do not mix."""
    place = test_place()
    command = [str(VENV_PYTHON), "-m", "pytest", *(["-p", "no:pytest_nameko"] if name not in GREEN else [])]
    command += ["--color=yes"] if is_terminal() else []
    command += [*paths, *arguments]
    say(
        f"{name}: pytest {' '.join([*paths, *arguments])}"
        + (" (its output follows at its end)" if hold_back else "")
    )
    log = place.log(f"pytest-{name}")
    log.unlink(missing_ok=True)
    if name == "kit" and environment.get("KEHU_TEST_STACK") == "own":
        environment = {**environment, "AMQP_URL": environment["AMQP_URL"] + KIT}
    process = processes.start(place, f"pytest-{name}", command, environment)
    with open(log, errors="replace") as output:
        while process.poll() is None:
            time.sleep(0.2)
            if not hold_back:
                show(output.read())
        show(output.read())
    return name, process.returncode, closing_line(log.read_text(errors="replace"))


def show(text: str) -> None:
    if text:
        print(text, end="", flush=True)


def closing_line(text: str) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    lines = [
        line
        for line in plain.splitlines()
        if re.search(r"\d+ (passed|failed|error|skipped|deselected)|no tests ran", line)
    ]
    return lines[-1].strip("= ") if lines else "no closing line"


def summary(outcomes: list[tuple[str, int, str]], seconds: float) -> int:
    """The suites' own last lines, and one last line in pytest's words for all of them."""
    counts: Counter[str] = Counter()
    print()
    for name, code, line in outcomes:
        say(f"{name}: {line}" + (f" (pytest ended with {code})" if code not in (0, 1, NO_TESTS) else ""))
        for number, word in re.findall(
            r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)", line
        ):
            counts[word.removesuffix("s") + ("s" if word in ("errors", "warnings") else "")] += int(number)
    bad = [code for _, code, _ in outcomes if code not in (0, NO_TESTS)]
    if bad and not counts["failed"] and not counts["error"] and not counts["errors"]:
        counts["error"] = len(bad)  # A process that died without saying what failed.
    nothing_ran = all(code == NO_TESTS for _, code, _ in outcomes)
    words = ", ".join(f"{counts[word]} {word}" for word in counts if counts[word]) or "no tests ran"
    print(f"{f' {words} in {seconds:.2f}s ':=^80}", flush=True)
    return bad[0] if bad else NO_TESTS if nothing_ran else 0


def stack_up() -> None:
    """Servers for developers who run pytest by hand; they stay until `make test-stack-down`."""
    ensure_environment()
    place = Place(ROOT / ".local" / "test-stack")
    exports = ROOT / ".local" / "test-stack.env"
    if not (exports.exists() and all(processes.pid_of(place, name) for name in ("postgres", "rabbitmq"))):
        infrastructure = Infrastructure(place, {}, for_tests=True)
        infrastructure.start()
        environment = test_environment(infrastructure)
        main_place().write_exports(exports.name, environment)
    say(f"for your shell (or: . {exports}):")
    print(exports.read_text(), end="")


def stack_down() -> None:
    stop_leftovers(Place(ROOT / ".local" / "test-stack"))
    (ROOT / ".local" / "test-stack.env").unlink(missing_ok=True)
    say("the test stack is stopped")
