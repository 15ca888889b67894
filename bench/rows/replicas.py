"""Two replicas of a service whose work is waiting for the database, against one."""

import asyncio
import time
from contextlib import ExitStack

from bench.load import rate
from bench.measure import Report, Row, Size
from bench.stage import Stage
from stack.output import Trouble

WAIT = {"seconds": 0.02}
WORKERS = 4
"""Few enough that waiting, and not the machine's two cores, is what limits a replica."""
CALLERS = 32


def measure(stage: Stage, size: Size) -> Report:
    """Measure one replica, then both, in each round."""
    stage.migrate("bench-sender")
    one, two = asyncio.run(_figures(stage, size))
    name = f"two replicas, 20 ms queries, {WORKERS} workers each"
    return Report([Row(name, "/s", two, "one replica", one, 1.8)])


async def _figures(stage: Stage, size: Size) -> tuple[list[float], list[float]]:
    one: list[float] = []
    two: list[float] = []
    command = ("-m", "servicekit", "run", "bench-sender")
    settings = {"DATABASE_NAME": "kehu_bench_sender", "MAX_WORKERS": str(WORKERS)}
    async with stage.bus() as bus:
        for _ in range(size.rounds):
            with ExitStack() as replicas:
                replicas.enter_context(stage.running("bench-sender", *command, **settings))
                await stage.answers(bus, "bench-sender", "wait", **WAIT)
                one.append(await rate(bus, "bench-sender", "wait", WAIT, CALLERS, size.seconds))
                replicas.enter_context(stage.running("bench-sender-2", *command, **settings))
                await _consumers(stage, 2)
                two.append(await rate(bus, "bench-sender", "wait", WAIT, CALLERS, size.seconds))
    return one, two


async def _consumers(stage: Stage, count: int) -> None:
    """Wait until so many replicas take requests from the queue."""
    until = time.monotonic() + 30
    while await asyncio.to_thread(stage.consumers_of, "rpc-bench-sender") < count:
        if time.monotonic() > until:
            raise Trouble("the second replica does not come up")
        await asyncio.sleep(0.1)
