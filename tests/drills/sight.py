"""Looking into a platform beside its HTTP API: databases, metrics, memory."""

from __future__ import annotations

import http.client
import time
from pathlib import Path
from typing import Any

import psycopg2

from stack import processes
from stack.places import SERVICES, Place
from stack.platform import Platform
from stack.ports import remembered


class Sight:
    """What a drill may see without asking the platform."""

    platform: Platform
    place: Place

    def rows(self, service: str, query: str, *values: Any, database: str = "") -> list[tuple[Any, ...]]:
        """What a query finds in a service's database, asked directly."""
        url = self.platform.infrastructure.database_url.rpartition("/")[0]
        name = database or f"kehu_drills_{service.replace('-', '_')}"
        connection = psycopg2.connect(f"{url}/{name}", connect_timeout=5)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def seconds_until_drained(self, within: float = 60) -> float:
        """How long until every outbox is empty and finance has handled every signed contract."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            waiting = sum(
                self.rows(s, "SELECT count(*) FROM outbox WHERE published_at IS NULL")[0][0] for s in SERVICES
            )
            signed = self.rows("contract", "SELECT count(*) FROM outbox WHERE type = 'contract.signed'")[0][0]
            known = self.rows("finance", "SELECT count(*) FROM inbox WHERE type = 'contract.signed'")[0][0]
            if waiting == 0 and known >= signed:
                break
            time.sleep(0.1)
        return time.monotonic() - began

    def order_faults(self, service: str, since: float) -> list[str]:
        """Holes in a service's sequence, and records whose events do not stand in the order of their changes.

        Args:
            since: only what was published after this moment (Unix time); a mutant may have been at work before.
        """
        found = []
        count, first, last = self.rows(
            service,
            "SELECT count(sequence), min(sequence), max(sequence) FROM outbox WHERE occurred_at > to_timestamp(%s)",
            since,
        )[0]
        if count and count != last - first + 1:
            found.append(f"{service}: {count} events carry the numbers {first} to {last}")
        swapped = self.rows(
            service,
            "SELECT count(*) FROM (SELECT (data->>'version')::int AS version, lag((data->>'version')::int) "
            "OVER (PARTITION BY subject, split_part(type, '.', 1) ORDER BY sequence) AS before FROM outbox "
            "WHERE occurred_at > to_timestamp(%s)) AS o WHERE before > version",
            since,
        )[0][0]
        return found + (
            [f"{service}: {swapped} events stand before an older one of their record"] if swapped else []
        )

    def memory(self, name: str) -> float:
        """Resident memory of a part's process in MB."""
        pid = processes.pid_of(self.place, name)
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024

    def metric(self, service: str, name: str, **labels: str) -> float:
        """The sum of a metric's samples that carry these labels."""
        port = remembered(self.place)[f"health-{service}"]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in text.splitlines()
            if line.startswith((f"{name}{{", f"{name} ")) and all(label in line for label in wanted)
        )
