"""What was done with leads and opportunities, through the service's entrypoints."""

from typing import Any

import pytest

from servicekit import Invalid, NotFound
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import a_lead, an_opportunity

ALL = ("lead.read", "lead.write", "opportunity.read", "opportunity.write")
CALL = {"kind": "call", "content": "介绍了产品", "occurred_at": "2026-11-20T16:00:00+08:00"}


@pytest.mark.parametrize("noun", ["lead", "opportunity"])
def test_a_lead_or_opportunity_has_records_before_there_is_a_customer(
    service: RunningService, noun: str
) -> None:
    """SA-29, CU-56 (M-37)."""
    me = caller(*ALL)
    record = a_lead(service, me) if noun == "lead" else an_opportunity(service, me)
    of = {f"{noun}_id": record["id"]}
    first = service.call(f"create_{noun}_activity", me, **of, data=CALL)
    assert (first[f"{noun}_id"], first["author_id"]) == (record["id"], str(me.account_id))
    # The time is told as it will be read, whatever the zone it came in.
    assert first["occurred_at"] == "2026-11-20T08:00:00+00:00"
    older = {**CALL, "kind": "visit", "occurred_at": "2026-11-19T08:00:00Z"}
    second = service.call(f"create_{noun}_activity", me, **of, data=older)
    assert service.call(f"list_{noun}_activities", me, **of, query={})["items"] == [first, second]
    seen = service.call(f"get_{noun}", me, **of)
    assert seen == {**record, "last_activity_at": "2026-11-20T08:00:00+00:00"}
    event = service.published(f"{noun}.activity_recorded")[0]
    assert (str(event.subject), event.data["activity_id"]) == (record["id"], first["id"])
    assert event.data["owner_id"] == event.data["author_id"] == str(me.account_id)


@pytest.mark.parametrize("noun", ["lead", "opportunity"])
def test_whoever_may_see_it_may_write_and_read_and_nobody_else(service: RunningService, noun: str) -> None:
    """SA-29, CU-56 (M-13)."""
    me, boss = caller(*ALL), caller("lead.read", "opportunity.read")
    service.employ(me.account_id, manager_id=boss.account_id)
    record = a_lead(service, me) if noun == "lead" else an_opportunity(service, me)
    of = {f"{noun}_id": record["id"]}
    service.call(f"create_{noun}_activity", boss, **of, data=CALL)
    for stranger in (caller(*ALL), caller("lead.read:department", "opportunity.read:department")):
        with pytest.raises(NotFound):
            service.call(f"create_{noun}_activity", stranger, **of, data=CALL)
        with pytest.raises(NotFound):
            service.call(f"list_{noun}_activities", stranger, **of, query={})
    assert len(service.call(f"list_{noun}_activities", me, **of, query={})["items"]) == 1


@pytest.mark.parametrize(
    "bad", [{"kind": "dance"}, {"content": " "}, {"occurred_at": "2999-01-01T00:00:00Z"}, {"lead_id": "x"}]
)
def test_a_bad_activity_is_refused(service: RunningService, bad: dict[str, Any]) -> None:
    me = caller(*ALL)
    lead = a_lead(service, me)
    with pytest.raises(Invalid) as refused:
        service.call("create_lead_activity", me, lead_id=lead["id"], data={**CALL, **bad})
    assert [error["field"] for error in refused.value.errors] == list(bad)
    assert service.call("get_lead", me, lead_id=lead["id"]) == lead
