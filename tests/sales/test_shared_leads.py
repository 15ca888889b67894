"""Leads are shared and have teams like opportunities, and whoever has one by a share goes no further than it."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, NotFound, new_id
from servicekit.base.context import EVERYONE
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, subject_text
from tests.sales.builders import a_lead
from tests.sharing import share_record

ALL = ("lead.read", "lead.write", "lead.convert")


def seen_in_every_way(service: RunningService, who: Caller, lead: dict[str, Any]) -> set[bool]:
    """Whether somebody sees a lead: singly, in the list, its count and its search, in the feed, with its activities."""
    try:
        service.call("get_lead", who, lead_id=lead["id"])
        singly = True
    except NotFound:
        singly = False
    page = service.call("list_leads", who, query={"count": "true", "filter[search][contains]": "云图"})
    told = service.call("read_events", who, types=["lead.*"])["items"]
    return {
        singly,
        lead["id"] in [each["id"] for each in page["items"]],
        page["total"] == 1,
        bool(service.call("list_leads", who, query={})["items"]),
        lead["id"] in [event["subject"] for event in told],
        bool(service.call("list_all_lead_activities", who, query={})["items"]),
    }


@pytest.mark.parametrize("kind", ["department", "group", "everyone"])
def test_a_shared_lead_is_seen_at_once_and_no_longer_once_that_is_taken_back(
    service: RunningService, kind: str
) -> None:
    """CU-16, CU-18: list, count, single look, feed and activities agree."""
    owner, me, group = caller(*ALL), new_id(), new_id()
    other = caller(*ALL, account_id=me, principals=(me, EVERYONE, group))
    if kind == "department":
        department = {"department_id": group, "name": "华东", "path": [group], "version": 1}
        service.deliver_and_wait("identity", "department.changed", department)
    lead = a_lead(service, owner)
    noted = {"kind": "call", "content": "约了演示", "occurred_at": "2026-11-22T08:00:00Z"}
    service.call("create_lead_activity", owner, lead_id=lead["id"], data=noted)
    assert seen_in_every_way(service, other, lead) == {False}
    made = share_record(service, owner, "lead", lead, kind, None if kind == "everyone" else group)
    assert seen_in_every_way(service, other, lead) == {True}
    service.call("create_lead_activity", other, lead_id=lead["id"], data=noted)
    service.call("unshare_lead", owner, lead_id=lead["id"], share_id=made["id"])
    assert seen_in_every_way(service, other, lead) == {False}


def test_viewing_changes_nothing_and_editing_hands_nothing_over(service: RunningService) -> None:
    owner, other = caller(*ALL), caller(*ALL)
    service.employ(other.account_id)
    lead = a_lead(service, owner)
    share_record(service, owner, "lead", lead, "account", other.account_id)
    for operation in ("contact_lead", "convert_lead"):
        data = {"data": {}} if operation == "convert_lead" else {}
        with pytest.raises(Forbidden):
            service.call(operation, other, lead_id=lead["id"], **data)
    share_record(service, owner, "lead", lead, "account", other.account_id, level="edit")
    assert service.call("contact_lead", other, lead_id=lead["id"])["status"] == "contacted"
    with pytest.raises(Forbidden) as refused:
        service.call("update_lead", other, lead_id=lead["id"], data={"owner_id": str(other.account_id)})
    assert refused.value.code == "owner-out-of-reach"


def test_a_custodian_of_a_lead_edits_it_and_the_explanation_says_so(service: RunningService) -> None:
    """CU-22, CU-43."""
    owner, other = caller(*ALL), caller(*ALL)
    service.employ(other.account_id, display_name="李雷")
    lead = a_lead(service, owner)
    joined = {"account_id": str(other.account_id), "role": "custodian"}
    service.call("add_lead_member", owner, lead_id=lead["id"], data=joined)
    asked = {"query": {"account_id": str(other.account_id)}, "subject": subject_text(other)}
    told = service.call("explain_lead_access", owner, lead_id=lead["id"], **asked)
    assert (told["level"], [each["rule"] for each in told["because"]]) == ("edit", ["team"])
    service.call("remove_lead_member", owner, lead_id=lead["id"], member_id=other.account_id)
    told = service.call("explain_lead_access", owner, lead_id=lead["id"], **asked)
    assert (told["level"], [each["rule"] for each in told["why_not"]]) == ("none", ["scope", "not-granted"])
