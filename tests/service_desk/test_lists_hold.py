"""No query breaks a list (M-20), and a single Chinese character is found by an index (W-2)."""

from servicekit.testing import RunningService
from tests.list_walk import walk, without_character_index


def test_every_list_answers_or_refuses_whatever_is_asked(service: RunningService) -> None:
    counted = walk(service)
    assert counted["answered"] > 100 < counted["refused"]


def test_a_single_character_is_looked_for_by_an_index_in_all_that_a_quick_find_looks_into(
    service: RunningService,
) -> None:
    """(W-2)"""
    assert without_character_index(service) == []
