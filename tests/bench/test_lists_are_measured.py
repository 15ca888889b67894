"""Programs that measure lists by themselves still run, with counts too small to say anything."""

import subprocess
import sys
from pathlib import Path

from stack.places import ROOT


def test_list_single_look_feed_and_explanation_are_compared(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("云图\n吖咪\n", "utf-8")
    counts = {"rows": 400, "shares": 300, "teams": 50, "pools": 4, "pairs": 1600, "turns": 2, "names": names}
    words = [str(word) for name, count in counts.items() for word in (f"--{name}", count)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "bench/customer_access.py", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " pairs, of which " in done.stdout and ": 0 differences" in done.stdout
