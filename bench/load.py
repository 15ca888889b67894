"""Load: callers on the bus, and wrk or a single client over HTTP."""

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from gateway.bus import Bus
from stack.output import Trouble

CALLER = {
    "account_id": "01936f3a-7c00-7000-8000-000000000003",
    "session_id": "01936f3a-7c00-7000-8000-000000000004",
    "username": "li.na",
    "display_name": "李娜",
    "department_id": "01936f3a-7c00-7000-8000-000000000005",
    "permissions": {"contract.read": "department", "contract.write": "own", "contract.sign": "own"},
}
HEADERS = {
    "nameko.caller": orjson.dumps(CALLER).decode(),
    "nameko.correlation_id": "01936f3a-7c00-4000-8000-000000000006",
}
"""What the gateway sends with every call."""


async def calls(
    bus: Bus, service: str, method: str, kwargs: Mapping[str, Any], callers: int, seconds: float
) -> list[float]:
    """Call as fast as answers come, by so many callers at once; return each call's duration in seconds."""
    durations: list[float] = []
    until = time.perf_counter() + seconds

    async def caller() -> None:
        while (began := time.perf_counter()) < until:
            await bus.call(service, method, kwargs, headers=HEADERS)
            durations.append(time.perf_counter() - began)

    await asyncio.gather(*(caller() for _ in range(callers)))
    return durations


async def rate(
    bus: Bus, service: str, method: str, kwargs: Mapping[str, Any], callers: int, seconds: float
) -> float:
    """Return calls a second, after a short warming up."""
    await calls(bus, service, method, kwargs, callers, min(0.5, seconds / 4))
    began = time.perf_counter()
    durations = await calls(bus, service, method, kwargs, callers, seconds)
    return len(durations) / (time.perf_counter() - began)


COUNTING_POST = b"""
local body, n = [==[BODY]==], 0
request = function()
  n = n + 1
  return wrk.format("POST", nil, nil, (body:gsub("{n}", tostring(n))))
end
"""
"""What wrk sends."""


def wrk(
    url: str,
    seconds: float,
    *,
    connections: int = 16,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> float:
    """Return the requests a second that a server answers, all of them with success.

    Args:
        body: sent with POST; without one it is a GET. ``{n}`` in it is another number each time.

    Raises:
        Trouble: if wrk is missing, or an answer was an error.
    """
    program = shutil.which("wrk")
    if program is None:
        raise Trouble("the HTTP rows need wrk (apt-get install wrk)")
    command = [program, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    with tempfile.TemporaryDirectory() as scratch:
        if body is not None:
            script = Path(scratch) / "post.lua"
            script.write_bytes(COUNTING_POST.replace(b"BODY", body))
            command += ["-s", str(script), "-H", "Content-Type: application/json"]
        done = subprocess.run(
            [*command, url], capture_output=True, text=True, timeout=seconds + 30, check=False
        )
    found = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    failed = re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", done.stdout)
    if found is None or failed is not None:
        raise Trouble(f"{url}: {failed[0] if failed else done.stdout + done.stderr}")
    return float(found[1])


def fetch(url: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Return status and body of a GET; 0 where nobody answers."""
    request = urllib.request.Request(url, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""
