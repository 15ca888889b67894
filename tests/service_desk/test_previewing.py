"""What people would gain and lose of cases by a change that has not been made (decision 46)."""

from servicekit import new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, subject_text
from tests.service_desk.builders import ALL, a_case


def test_a_wider_scope_gains_the_cases_that_it_covers(service: RunningService) -> None:
    a_case(service, caller(*ALL))
    me = new_id()
    pair = {
        "before": subject_text(caller("case.read", account_id=me)),
        "after": subject_text(caller("case.read:all", account_id=me)),
    }
    asker = caller("case.read:all")
    (told,) = service.call("preview_access", asker, people=[pair], moved=[])["people"][0]
    assert (told["noun"], told["level"], told["gains"]["count"]) == ("case", "view", 1)
    assert told["gains"]["samples"][0]["title"] and told["loses"]["count"] == 0
