"""The rules of leads, opportunities and names: no database, no broker."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sales.leads.model import Lead
from sales.opportunities.model import LOSS_REASONS, OPEN_STAGES, Opportunity
from servicekit import Conflict, Invalid, new_id
from servicekit.base.texts import name_key


def a_lead(**values: Any) -> Lead:
    """Return an untouched lead, with what the test changes."""
    lead = Lead(owner_id=new_id())
    lead.fill_in(**{"company_name": "上海云图科技有限公司", "contact_name": "张伟", **values})
    return lead


def an_opportunity(**values: Any) -> Opportunity:
    """Return an opportunity over 12,000 begun on 2026-11-01, with what the test changes."""
    opportunity = Opportunity(owner_id=new_id())
    opportunity.fill_in(
        **{"name": "CRM 采购", "amount": Decimal("12000.00"), "started_on": date(2026, 11, 1), **values}
    )
    return opportunity


def stages(opportunity: Opportunity) -> list[str]:
    return [entry.stage for entry in opportunity.stage_history]


def test_a_lead_goes_from_untouched_to_contacted_to_closed() -> None:
    """SA-10."""
    lead = a_lead()
    assert lead.status == "untouched"
    lead.contacted()
    lead.close("没有预算")
    assert (lead.status, lead.close_reason) == ("closed", "没有预算")
    lead.reopen()
    assert (lead.status, lead.close_reason) == ("contacted", None)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("untouched", {"contact", "close", "convert", "edit"}),
        ("contacted", {"close", "convert", "edit"}),
        ("closed", {"reopen"}),
        ("converted", set()),
    ],
)
def test_each_lead_status_allows_only_its_own_steps(status: str, allowed: set[str]) -> None:
    """SA-10, SA-19."""
    steps = {
        "contact": lambda lead: lead.contacted(),
        "close": lambda lead: lead.close(None),
        "convert": lambda lead: lead.convert(new_id(), new_id(), None),
        "edit": lambda lead: lead.fill_in(title="经理"),
        "reopen": lambda lead: lead.reopen(),
    }
    for name, step in steps.items():
        lead = a_lead()
        lead.status = status
        if name in allowed:
            step(lead)
        else:
            with pytest.raises(Conflict):
                step(lead)


def test_a_status_named_with_the_fields_moves_a_lead_on_but_never_back_and_never_to_converted() -> None:
    """SA-10."""
    lead = a_lead(status="contacted")
    lead.fill_in(status="contacted", title="经理")
    with pytest.raises(Conflict):
        lead.fill_in(status="untouched")
    with pytest.raises(Invalid):
        lead.fill_in(status="converted")
    lead.fill_in(status="closed")
    assert lead.status == "closed"


@pytest.mark.parametrize(
    ("status", "code"), [("converted", "lead-already-converted"), ("closed", "lead-closed")]
)
def test_a_converted_or_closed_lead_is_not_converted(status: str, code: str) -> None:
    """SA-19."""
    lead = a_lead()
    lead.status = status
    with pytest.raises(Conflict) as refused:
        lead.convert(new_id(), new_id(), None)
    assert refused.value.code == code


def test_stages_may_be_skipped_and_gone_back_to_and_each_change_is_noted() -> None:
    """SA-33."""
    opportunity = an_opportunity()
    opportunity.advance("negotiating")
    opportunity.advance("negotiating")
    opportunity.fill_in(stage="engaging")
    assert stages(opportunity) == ["prospecting", "negotiating", "engaging"]


@pytest.mark.parametrize("stage", ["won", "lost", "nowhere"])
def test_won_and_lost_are_no_stages_to_advance_to(stage: str) -> None:
    """SA-35."""
    with pytest.raises(Invalid):
        an_opportunity().advance(stage)
    with pytest.raises(Invalid):
        an_opportunity(stage=stage)


def test_winning_keeps_the_amount_unless_another_is_named() -> None:
    """SA-35."""
    kept, changed = an_opportunity(), an_opportunity()
    kept.win(date(2026, 11, 22))
    changed.win(date(2026, 11, 22), Decimal("11000.00"))
    assert (kept.amount, changed.amount) == (Decimal("12000.00"), Decimal("11000.00"))
    assert (kept.status, kept.stage, kept.probability, kept.closed_on) == (
        "won",
        "won",
        100,
        date(2026, 11, 22),
    )


def test_losing_needs_a_reason_of_the_list() -> None:
    """SA-35."""
    for reason in LOSS_REASONS:
        opportunity = an_opportunity()
        opportunity.lose(date(2026, 11, 22), reason, "太贵")
        assert (opportunity.status, opportunity.reason, opportunity.probability) == ("lost", reason, 0)
    with pytest.raises(Invalid):
        an_opportunity().lose(date(2026, 11, 22), "weather")


def test_nothing_is_closed_before_it_began() -> None:
    """SA-25, SA-35."""
    opportunity = an_opportunity()
    with pytest.raises(Invalid) as refused:
        opportunity.win(date(2026, 10, 31))
    assert refused.value.errors[0]["field"] == "closed_on"
    assert opportunity.status == "open"
    opportunity.win(date(2026, 11, 1))
    with pytest.raises(Invalid) as refused:
        opportunity.fill_in(started_on=date(2026, 11, 2))
    assert refused.value.errors[0]["field"] == "started_on"


@pytest.mark.parametrize(
    "close", [lambda o: o.win(date(2026, 11, 22)), lambda o: o.lose(date(2026, 11, 22), "price")]
)
def test_a_closed_opportunity_keeps_its_figures_and_is_not_closed_again(close: Any) -> None:
    """SA-35."""
    opportunity = an_opportunity()
    close(opportunity)
    for step in (
        lambda: opportunity.win(date(2026, 11, 23)),
        lambda: opportunity.lose(date(2026, 11, 23), "price"),
        lambda: opportunity.advance("engaging"),
        lambda: opportunity.fill_in(amount=Decimal(1)),
        lambda: opportunity.fill_in(stage="engaging"),
    ):
        with pytest.raises(Conflict) as refused:
            step()
        assert refused.value.code == "opportunity-already-closed"
    opportunity.fill_in(remark="合同在路上")
    assert opportunity.remark == "合同在路上"


@pytest.mark.parametrize("stage", OPEN_STAGES)
def test_a_reopened_opportunity_goes_on_where_it_was(stage: str) -> None:
    """SA-35."""
    opportunity = an_opportunity(stage=stage)
    with pytest.raises(Conflict):
        opportunity.reopen()
    opportunity.lose(date(2026, 11, 22), "other", "再议")
    opportunity.reopen()
    assert (opportunity.status, opportunity.stage, opportunity.closed_on) == ("open", stage, None)
    assert (opportunity.reason, opportunity.close_remark) == (None, None)
    assert stages(opportunity) == [stage, "lost", stage]


@pytest.mark.parametrize("spelling", ["Acme (China) Ltd", " ACME  （CHINA） LTD　", "Ａｃｍｅ (China) Ltd"])
def test_spellings_of_one_company_are_one_name(spelling: str) -> None:
    """SA-19."""
    assert name_key(spelling) == "acme (china) ltd"
