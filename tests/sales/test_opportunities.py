"""Opportunities through the service's entrypoints."""

import pytest
from sqlalchemy import select

from sales.opportunities.model import StageEntry
from servicekit import Conflict, Invalid, new_id, today
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import an_opportunity, change

ALL = ("opportunity.read", "opportunity.write", "opportunity.close")


def stages(service: RunningService, opportunity_id: str) -> list[str]:
    with service.database.sessions() as session:
        entries = session.scalars(
            select(StageEntry)
            .where(StageEntry.opportunity_id == opportunity_id)
            .order_by(StageEntry.entered_at)
        )
        return [entry.stage for entry in entries]


def test_a_new_opportunity_needs_only_a_name(service: RunningService) -> None:
    """SA-25, SA-26."""
    me = caller(*ALL)
    made = service.call("create_opportunity", me, data={"name": "CRM 采购"})
    assert (made["stage"], made["status"], made["amount"], made["currency"]) == (
        "prospecting",
        "open",
        "0.00",
        "CNY",
    )
    assert (made["started_on"], made["owner_id"]) == (str(today()), str(me.account_id))
    assert made["customer_id"] is made["product_id"] is made["closed_on"] is made["probability"] is None
    assert service.call("get_opportunity", me, opportunity_id=made["id"]) == made
    event = service.published("opportunity.created")[0].data
    assert (event["opportunity_id"], event["amount"], event["version"]) == (made["id"], "0.00", 1)


def test_a_historic_opportunity_keeps_its_own_dates_stage_and_owner(service: RunningService) -> None:
    """SA-25, SA-35."""
    head = caller("opportunity.read:all", "opportunity.write:all", "opportunity.close:all")
    agent = service.employ()
    made = an_opportunity(
        service, head, owner_id=agent, stage="engaging", started_on="2016-10-20", type="new"
    )
    won = change(service, head, "win", made["id"], closed_on="2017-03-01", amount="1054", remark="续约")
    assert won["close_remark"] == "续约"
    assert (won["owner_id"], won["stage"], won["started_on"], won["closed_on"], won["amount"]) == (
        str(agent), "won", "2016-10-20", "2017-03-01", "1054.00",
    )  # fmt: skip
    assert stages(service, made["id"]) == ["engaging", "won"]
    event = service.published("opportunity.won")[0].data
    assert (event["closed_on"], event["amount"], event["status"]) == ("2017-03-01", "1054.00", "won")


def test_bad_input_is_told_field_by_field_and_changes_nothing(service: RunningService) -> None:
    """SA-25."""
    bad = {
        "name": "", "amount": 12.5, "currency": "yuan", "stage": "somewhere", "probability": 101,
        "expected_close_on": "2027-02-30", "started_on": None, "importance": None, "customer_id": "42",
        "owner_id": None, "status": "won", "closed_on": "2027-01-01", "colour": "red",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        an_opportunity(service, caller(*ALL), **bad)
    assert {error["field"] for error in refused.value.errors} == set(bad)
    for field, value in (
        ("amount", "9" * 16), ("amount", "-0.01"), ("amount", True), ("probability", 2**63), ("probability", "30"),
        ("stage", "won"), ("stage", ["engaging"]), ("product_id", str(new_id())), ("name", "a\u0000b"),
        ("started_on", "0000-00-00"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            an_opportunity(service, caller(*ALL), **{field: value})
        assert [error["field"] for error in refused.value.errors] == [field], (field, value)
    assert service.published() == []


def test_the_largest_amount_is_kept_to_the_cent(service: RunningService) -> None:
    assert an_opportunity(service, caller(*ALL), amount="9" * 15 + ".99")["amount"] == "9" * 15 + ".99"


def test_stages_are_changed_by_advancing_or_editing_and_may_be_skipped(service: RunningService) -> None:
    """SA-33."""
    me = caller(*ALL)
    made = an_opportunity(service, me)
    assert change(service, me, "advance", made["id"], stage="negotiating")["stage"] == "negotiating"
    assert (
        change(service, me, "update", made["id"], stage="engaging", remark="退回一步")["stage"] == "engaging"
    )
    assert change(service, me, "update", made["id"], name="改名")["stage"] == "engaging"
    with pytest.raises(Invalid):
        change(service, me, "advance", made["id"], stage="lost")
    assert stages(service, made["id"]) == ["prospecting", "negotiating", "engaging"]
    assert [e.data["stage"] for e in service.published("opportunity.updated")] == [
        "negotiating", "engaging", "engaging",
    ]  # fmt: skip


def test_losing_needs_a_reason_of_the_list(service: RunningService) -> None:
    """SA-35."""
    me = caller(*ALL)
    made = an_opportunity(service, me)
    for data in ({}, {"reason": None}, {"reason": "weather"}, {"reason": ["price"]}):
        with pytest.raises(Invalid) as refused:
            change(service, me, "lose", made["id"], closed_on="2026-11-22", **data)
        assert [error["field"] for error in refused.value.errors] == ["reason"]
    lost = change(
        service, me, "lose", made["id"], closed_on="2026-11-22", reason="competitor", remark="对手更便宜"
    )
    assert (lost["status"], lost["reason"], lost["close_remark"]) == ("lost", "competitor", "对手更便宜")
    assert service.published("opportunity.lost")[0].data["reason"] == "competitor"


def test_an_opportunity_is_closed_once_and_may_be_reopened(service: RunningService) -> None:
    """SA-35."""
    me = caller(*ALL)
    made = an_opportunity(service, me, stage="proposing")
    with pytest.raises(Conflict) as refused:
        service.call("reopen_opportunity", me, opportunity_id=made["id"])
    assert refused.value.code == "opportunity-not-closed"
    won = change(service, me, "win", made["id"], closed_on="2026-11-22")
    assert (won["amount"], won["probability"]) == ("12000.00", 100)
    for operation, data in (
        ("win", {"closed_on": "2026-11-23"}),
        ("lose", {"closed_on": "2026-11-23", "reason": "price"}),
        ("advance", {"stage": "engaging"}),
        ("update", {"amount": "1.00"}),
    ):
        with pytest.raises(Conflict) as refused:
            change(service, me, operation, made["id"], **data)
        assert refused.value.code == "opportunity-already-closed"
    reopened = service.call("reopen_opportunity", me, opportunity_id=made["id"])
    assert (reopened["status"], reopened["stage"], reopened["closed_on"]) == ("open", "proposing", None)
    assert [e.type for e in service.published()] == [
        "opportunity.created", "opportunity.won", "opportunity.reopened",
    ]  # fmt: skip


def test_nothing_is_closed_before_it_began(service: RunningService) -> None:
    """SA-35."""
    me = caller(*ALL)
    made = an_opportunity(service, me)
    for operation, more in (("win", {}), ("lose", {"reason": "price"})):
        with pytest.raises(Invalid) as refused:
            change(service, me, operation, made["id"], closed_on="2026-10-31", **more)
        assert [error["field"] for error in refused.value.errors] == ["closed_on"]


def test_the_same_idempotency_key_wins_once(service: RunningService) -> None:
    """SA-35."""
    me = caller(*ALL)
    arguments = {"opportunity_id": an_opportunity(service, me)["id"], "data": {"closed_on": "2026-11-22"}}
    first = service.call("win_opportunity", me, headers={"idempotency_key": "w-1"}, **arguments)
    assert service.call("win_opportunity", me, headers={"idempotency_key": "w-1"}, **arguments) == first
    assert len(service.published("opportunity.won")) == 1


def test_a_stale_version_is_refused(service: RunningService) -> None:
    me = caller(*ALL)
    made = an_opportunity(service, me)
    change(service, me, "update", made["id"], name="改名")
    with pytest.raises(Conflict) as refused:
        service.call(
            "win_opportunity",
            me,
            headers={"if_match": "1"},
            opportunity_id=made["id"],
            data={"closed_on": "2026-11-22"},
        )
    assert refused.value.code == "stale-version"
