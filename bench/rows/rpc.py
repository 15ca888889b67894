"""An RPC echo through ``@operation``, against a bare py-amqp process and against stock Nameko."""

import asyncio

from bench.load import rate
from bench.measure import Report, Row, Size
from bench.stage import Stage

CALLERS = 8
ARGUMENTS = {"text": "上海云图科技 2027 年度合同"}
SUBJECTS = {"ours": "bench-sender", "bare": "bench-bare", "stock": "bench-stock"}


def measure(stage: Stage, size: Size) -> Report:
    """Measure the three in turn, with the same callers, messages and headers."""
    stage.migrate("bench-sender")
    with (
        stage.running(
            "bench-sender", "-m", "servicekit", "run", "bench-sender", DATABASE_NAME="kehu_bench_sender"
        ),
        stage.running("bench-bare", "bare_echo.py"),
        stage.running("bench-stock", "stock_nameko.py", "EchoService"),
    ):
        figures = asyncio.run(_figures(stage, size))
    rows = [
        Row("RPC echo, one process, 8 callers", "/s", figures["ours"], "bare py-amqp", figures["bare"], 0.65),
        Row("", "/s", figures["ours"], "stock Nameko @rpc", figures["stock"], 1.25),
    ]
    return Report(rows)


async def _figures(stage: Stage, size: Size) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    async with stage.bus() as bus:
        for service in SUBJECTS.values():
            await stage.answers(bus, service, "echo", **ARGUMENTS)
        for _ in range(size.rounds):
            for name, service in SUBJECTS.items():
                figures[name].append(await rate(bus, service, "echo", ARGUMENTS, CALLERS, size.seconds))
    return figures
