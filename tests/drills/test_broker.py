"""The broker stopped, and killed, under load (R4)."""

from __future__ import annotations

import time

from figures import Figures
from signing import Journal
from verdict import judge, load
from watch import Watch
from world import World


def test_nothing_is_lost_when_the_broker_is_stopped_and_killed(world: World, figures: Figures) -> None:
    """RabbitMQ is stopped for 10 s and started, then killed with -9 and started, while contracts are signed."""
    recoveries: list[float] = []
    away: list[tuple[float, int, float, str]] = []

    def stop_for_a_while() -> None:
        world.rabbitmqctl("stop_app")
        with Watch(world, "/v1/customers", {"name": "演练：没有消息中间件", "kind": "company"}) as watch:
            time.sleep(10)
        away.extend(watch.answers)
        began = time.monotonic()
        world.rabbitmqctl("start_app")
        recoveries.append(world.seconds_until_it_answers())
        figures.note("from start_app to every service answering", time.monotonic() - began, "s")

    def kill() -> None:
        world.kill_server("rabbitmq")
        with Watch(world, "/v1/customers", {"name": "演练：没有消息中间件", "kind": "company"}) as watch:
            time.sleep(1.5)
        away.extend(watch.answers)
        world.start_server("rabbitmq")
        recoveries.append(world.seconds_until_it_answers())

    def breaking(_journal: Journal) -> None:
        time.sleep(0.5)
        if world.full:
            stop_for_a_while()
            time.sleep(2)
        kill()

    journal = load(world, 60, 2000, breaking)
    wrong = judge(world, figures, journal)
    figures.note("writes tried without a broker", len(away))
    figures.note("longest refusal without a broker", max(answer[2] for answer in away), "s", at_most=1)
    figures.note("from a broker that speaks to every service answering", max(recoveries), "s", at_most=5)
    assert wrong == []
    assert {answer[1] for answer in away} == {503}, "a write without a broker is refused, not begun"
    assert all(answer[3] for answer in away), "a refusal says when to come back"
    assert max(answer[2] for answer in away) < 4
