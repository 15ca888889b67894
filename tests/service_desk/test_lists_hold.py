"""No query breaks a list (M-20)."""

from servicekit.testing import RunningService
from tests.list_walk import walk


def test_every_list_answers_or_refuses_whatever_is_asked(service: RunningService) -> None:
    counted = walk(service)
    assert counted["answered"] > 100 < counted["refused"]
