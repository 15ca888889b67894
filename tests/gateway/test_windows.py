"""Sliding windows, in memory that processes share."""

import os

from gateway.edge.windows import PLACES, PROBED, WINDOW, SlidingWindow

START = 1000.0 * WINDOW


def test_a_window_slides() -> None:
    window = SlidingWindow(10)
    assert all(window.hit("a", START).granted for _ in range(10))
    refused = window.hit("a", START)
    assert (refused.granted, refused.remaining) == (False, 0)
    assert not window.hit("a", START + refused.retry_after - 3).granted
    assert window.hit("a", START + refused.retry_after).granted
    assert window.hit("b", START).granted


def test_the_half_that_still_overlaps_counts() -> None:
    window = SlidingWindow(10)
    for _ in range(10):
        window.hit("a", START)
    granted = [window.hit("a", START + WINDOW * 1.5).granted for _ in range(7)]
    assert granted == [True] * 5 + [False] * 2


def test_an_idle_window_is_forgotten() -> None:
    window = SlidingWindow(1)
    assert window.hit("a", START).granted
    assert window.hit("a", START + 2 * WINDOW).granted


def test_the_quota_is_whole_again_when_it_says() -> None:
    """(K-4)"""
    window = SlidingWindow(10)
    for _ in range(10):
        hit = window.hit("a", START + 20)
    assert hit.whole_in == 101
    assert window.hit("a", START + 20 + hit.whole_in).remaining == 9
    other = SlidingWindow(10)
    for _ in range(10):
        other.hit("a", START + 20)
    assert other.hit("a", START + 20 + hit.whole_in - 5).remaining < 9


def test_all_processes_of_a_gateway_count_into_one_window() -> None:
    """(K-4): each worker counted for itself, and granted its share of what is documented."""
    window = SlidingWindow(100)
    for _ in range(3):
        child = os.fork()
        if child == 0:
            for _ in range(10):
                window.hit("a", START)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    assert window.hit("a", START).remaining == 69


def test_two_keys_never_share_a_count() -> None:
    window = SlidingWindow(1)
    assert all(window.hit(f"account {number}", START).granted for number in range(2000))
    assert not any(window.hit(f"account {number}", START).granted for number in range(2000))


def test_a_crowded_table_forgets_who_asked_least() -> None:
    """However many addresses ask, memory does not grow, and who asks most is counted all the same."""
    window = SlidingWindow(PLACES * PROBED)
    for _ in range(5):
        window.hit("busy", START)
    for number in range(20_000):
        window.hit(f"address {number}", START)
    assert window.hit("busy", START).remaining == window.limit - 6
