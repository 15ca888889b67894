"""Events from one process to another, through outbox, broker, inbox and handler, against kombu with confirms."""

import asyncio
import time
from typing import Any

from bench.measure import Report, Row, Size, alternate
from bench.stage import Stage, wait_for

BATCH = 100
"""Events our sender announces in one transaction; kombu's publishes each by itself."""


def measure(stage: Stage, size: Size) -> Report:
    """Measure how long it takes until the last of the events has been stored by the receiver."""
    stage.migrate("bench-sender")
    stage.migrate("bench-receiver")
    ours, theirs = stage.connect("kehu_bench_receiver"), stage.connect("kehu_bench_receiver")
    theirs.cursor().execute(
        "CREATE TABLE IF NOT EXISTS kombu_parcel (id uuid PRIMARY KEY, number text, name text)"
    )
    with (
        stage.running(
            "bench-sender", "-m", "servicekit", "run", "bench-sender", DATABASE_NAME="kehu_bench_sender"
        ),
        stage.running(
            "bench-receiver", "-m", "servicekit", "run", "bench-receiver", DATABASE_NAME="kehu_bench_receiver"
        ),
        stage.running("kombu-sender", "kombu_events.py", "send"),
        stage.running(
            "kombu-receiver",
            "kombu_events.py",
            "receive",
            RECEIVER_URL=stage.database_url("kehu_bench_receiver"),
        ),
    ):
        figures = alternate(
            size,
            {
                "ours": lambda: _a_second(
                    ours, "parcel", size.events, lambda: asyncio.run(_send(stage, size.events))
                ),
                "kombu": lambda: _a_second(
                    theirs, "kombu_parcel", size.events, lambda: asyncio.run(_ask_kombu(stage, size.events))
                ),
            },
        )
    ours.close()
    theirs.close()
    name = "events: outbox → broker → inbox → handler"
    against = "kombu: confirmed publish → consume → insert"
    return Report([Row(name, "/s", figures["ours"], against, figures["kombu"], 0.4)])


def _a_second(connection: Any, table: str, count: int, send: Any) -> float:
    cursor = connection.cursor()

    def stored() -> int:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])

    target = stored() + count
    began = time.perf_counter()
    send()
    wait_for(lambda: stored() >= target, 120, f"{count} rows in {table}", pause=0.05)
    return count / (time.perf_counter() - began)


async def _send(stage: Stage, count: int) -> None:
    async with stage.bus() as bus:
        await stage.answers(bus, "bench-sender", "echo", text="")
        for begun in range(0, count, BATCH):
            await bus.call("bench-sender", "send", {"count": min(BATCH, count - begun)})


async def _ask_kombu(stage: Stage, count: int) -> None:
    async with stage.bus() as bus:
        await stage.answers(bus, "kombu-sender", "send", count=0)
        await bus.call("kombu-sender", "send", {"count": count}, timeout=120)
