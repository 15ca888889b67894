"""Work done in threads while the service goes on answering."""

import time

import eventlet
import pytest
from eventlet import patcher

from servicekit.base.blocking import AT_ONCE, run_blocking


def test_others_go_on_while_a_thread_works_and_few_work_at_once() -> None:
    running = most = ticks = 0
    # What runs in the thread must not meet the green versions.
    real_lock = patcher.original("threading").Lock()
    real_sleep = patcher.original("time").sleep

    def work(number: int) -> int:
        nonlocal running, most
        with real_lock:
            running += 1
            most = max(most, running)
        real_sleep(0.05)
        with real_lock:
            running -= 1
        return number

    workers = [eventlet.spawn(run_blocking, work, number) for number in range(6)]
    while not all(worker.dead for worker in workers):
        ticks += 1
        time.sleep(0.005)
    assert [worker.wait() for worker in workers] == list(range(6))
    assert most == AT_ONCE
    assert ticks > 3


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        run_blocking(lambda: 1 / 0)
