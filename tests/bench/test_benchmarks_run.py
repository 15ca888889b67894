"""The benchmarks run, with counts too small to say anything: figures are not for tests."""

from importlib import import_module
from typing import Any

import pytest
from bench.measure import SMOKE, Row, percentile, table


@pytest.mark.parametrize("row", ["rpc", "events"])
def test_a_row_is_measured(stage: Any, row: str) -> None:
    rows = import_module(f"bench.rows.{row}").measure(stage, SMOKE).rows
    assert rows
    assert all(figure > 0 for one in rows for figure in (*one.ours, *one.baseline))


def test_the_table_shows_medians_their_ratio_and_whether_the_target_is_met() -> None:
    faster = Row("echo", "/s", [100, 900, 300], "bare", [400, 400, 400], 0.65)
    slower = Row("delay", "ms", [4.0], "echo", [2.0], 1.5, at_least=False)
    assert [line.split("|")[2:8] for line in table([faster, slower]).splitlines()[2:]] == [
        [" 300 /s ", " bare    ", " 400 /s   ", " 0.75  ", " ≥ 0.65 ", " met    "],
        [" 4 ms   ", " echo    ", " 2 ms     ", " 2.00  ", " ≤ 1.5  ", " MISSED "],
    ]


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (100, 100), (0, 1)])
def test_percentiles_are_by_nearest_rank(percent: float, value: float) -> None:
    assert percentile(range(1, 101), percent) == value
