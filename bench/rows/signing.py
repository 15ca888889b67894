"""From the answer to a signing until finance's receivable can be seen, at 50 signings a second, against an RPC echo."""

import asyncio
import select
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench.load import calls
from bench.measure import Report, Row, Size, percentile
from bench.office import HANDS, Office, one_worker
from bench.stage import Stage, wait_for

A_SECOND = 50
CHANNEL = "bench_obligation"
TRIGGER = f"""
    CREATE OR REPLACE FUNCTION bench_tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('{CHANNEL}', NEW.contract_id::text); RETURN NULL; END $$;
    CREATE OR REPLACE TRIGGER bench_tell AFTER INSERT ON obligation FOR EACH ROW EXECUTE FUNCTION bench_tell()
"""
NO_TRIGGER = "DROP TRIGGER IF EXISTS bench_tell ON obligation; DROP FUNCTION IF EXISTS bench_tell()"


class Watch(threading.Thread):
    """Notes when each contract's receivables have been committed: PostgreSQL tells right after the commit."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(daemon=True)
        self.connection = stage.connect(stage.service_database("finance"))
        self.connection.cursor().execute(TRIGGER)
        self.connection.cursor().execute(f"LISTEN {CHANNEL}")
        self.seen: dict[str, float] = {}
        self.ending = False

    def run(self) -> None:
        while not self.ending:
            if select.select([self.connection], [], [], 0.2)[0]:
                now = time.perf_counter()
                self.connection.poll()
                for notice in self.connection.notifies:
                    self.seen.setdefault(notice.payload, now)
                self.connection.notifies.clear()

    def end(self) -> None:
        self.ending = True
        self.join()
        self.connection.cursor().execute(NO_TRIGGER)
        self.connection.close()


def measure(stage: Stage, size: Size) -> Report:
    """Measure echoes one by one, then a part of the signings, in each round."""
    one_worker(stage)
    office = Office(stage)
    stage.migrate("bench-sender")
    contracts = office.approved_contracts(size.signings)
    watch = Watch(stage)
    watch.start()
    echoes: list[float] = []
    middle: list[float] = []
    slow: list[float] = []
    part = len(contracts) // size.rounds
    try:
        with stage.running(
            "bench-sender", "-m", "servicekit", "run", "bench-sender", DATABASE_NAME="kehu_bench_sender"
        ):
            for place in range(size.rounds):
                echoes.append(asyncio.run(_echo(stage, size.seconds)))
                delays = _sign(office, watch, contracts[place * part : (place + 1) * part])
                middle.append(median(delays))
                slow.append(percentile(delays, 95))
    finally:
        watch.end()
    name = f"signing to receivable visible at {A_SECOND}/s"
    against = "an RPC echo, p50"
    return Report(
        [
            Row(f"{name}, p50", "ms", middle, against, echoes, 15, at_least=False),
            Row(f"{name}, p95", "ms", slow, against, echoes, 50, at_least=False),
        ]
    )


async def _echo(stage: Stage, seconds: float) -> float:
    """Return the middle duration of echoes one after the other, in milliseconds."""
    async with stage.bus() as bus:
        await stage.answers(bus, "bench-sender", "echo", text="")
        return median(await calls(bus, "bench-sender", "echo", {"text": "上海云图"}, 1, seconds)) * 1000


def _sign(office: Office, watch: Watch, contracts: list[str]) -> list[float]:
    """Sign at an even pace, from several hands; return each delay in milliseconds."""
    answered: dict[str, float] = {}
    began = time.perf_counter() + 0.2

    def sign(hand: int) -> None:
        client = office.another_client()
        for place in range(hand, len(contracts), HANDS):
            time.sleep(max(0.0, began + place / A_SECOND - time.perf_counter()))
            client.post(f"/v1/contracts/{contracts[place]}/sign", {"signed_on": "2026-11-22"})
            answered[contracts[place]] = time.perf_counter()

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(sign, range(HANDS)))
    wait_for(lambda: all(contract in watch.seen for contract in contracts), 60, "all receivables")
    return [max(0.0, watch.seen[contract] - answered[contract]) * 1000 for contract in contracts]
