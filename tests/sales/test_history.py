"""The history of leads and opportunities (CU-23, GW-61)."""

from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import a_lead


def test_a_leads_history_tells_each_step(service: RunningService) -> None:
    who = caller("lead.read", "lead.write", "lead.convert")
    lead = a_lead(service, who)
    service.call("update_lead", who, lead_id=lead["id"], data={"source": "官网", "mobile": None})
    changed, created = service.call("list_lead_history", who, lead_id=lead["id"], query={})["items"]
    assert changed["changes"] == {
        "source": ["展会", "官网"],
        "mobile": ["138-0013-8000", None],
        "mobile_e164": ["+8613800138000", None],
    }
    assert (created["operation"], created["changes"]["company_name"]) == (
        "create_lead",
        [None, "上海云图科技有限公司"],
    )
