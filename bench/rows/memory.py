"""Memory of the whole platform at rest, by process."""

import time
from collections import defaultdict
from pathlib import Path

from bench.measure import Report, Row, Size
from bench.stage import Stage
from client import Client
from stack import processes

LIMIT = 700.0
REST_SECONDS = 5.0
MEGABYTE = 1_000_000


def measure(stage: Stage, size: Size) -> Report:
    """Add up each process's proportional share (PSS): what several share is divided among them."""
    # What a service loads with the first sign-in or the first name is a part of it.
    admin = Client(stage.platform.url).sign_in("admin", stage.platform.admin_password)
    admin.post("/v1/customers", {"name": "上海云图科技"})
    time.sleep(min(REST_SECONDS, size.seconds * 2))
    found = _platform_processes(stage)
    shares = {pid: _share(pid) for pid in found}
    by_name: dict[str, list[int]] = defaultdict(list)
    for pid, name in found.items():
        by_name[name].append(pid)
    lines = ["", "| process | processes | PSS | RSS |", "|---|---|---|---|"]
    for name, pids in sorted(by_name.items()):
        pss = sum(shares[pid][0] for pid in pids) / MEGABYTE
        rss = sum(shares[pid][1] for pid in pids) / MEGABYTE
        lines.append(f"| {name} | {len(pids)} | {pss:.0f} MB | {rss:.0f} MB |")
    total = sum(pss for pss, _ in shares.values()) / MEGABYTE
    servers = (
        sum(shares[pid][0] for pid, name in found.items() if name in ("postgres", "rabbitmq", "epmd"))
        / MEGABYTE
    )
    lines.append(f"| together | {len(found)} | {total:.0f} MB | |")
    lines.append(f"\nOf the {total:.0f} MB, PostgreSQL and RabbitMQ hold {servers:.0f}.")
    row = Row("memory of the whole platform at rest", "MB", [total], "limit", [LIMIT], 1.0, at_least=False)
    return Report([row], lines)


def _platform_processes(stage: Stage) -> dict[int, str]:
    """Return the platform's processes and what they have started, by process id."""
    found = processes.all_ours(stage.place)
    parents = _parents()
    for pid in parents:
        ancestor = pid
        while ancestor > 1 and ancestor not in found:
            ancestor = parents.get(ancestor, 1)
        if ancestor in found:
            found[pid] = found[ancestor]
    return found


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    return parents


def _share(pid: int) -> tuple[int, int]:
    """Return a process's PSS and RSS in bytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    values = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
    return values["Pss"], values["Rss"]
