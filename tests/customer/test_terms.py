"""What a customer's fields take by the dictionaries that an administrator keeps, as this service knows them."""

from typing import Any

import pytest

from servicekit import Forbidden, Invalid, NotFound
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.customer.people import a_customer, a_salesperson


def a_term(code: str, chinese: str, english: str, *, active: bool = True) -> dict[str, Any]:
    return {"id": code, "code": code, "label": {"zh": chinese, "en": english}, "active": active}


def industries(service: RunningService, *terms: dict[str, Any], open: bool = False, version: int = 1) -> None:
    """Let the dictionary of industries have some terms."""
    label = {"zh": "行业", "en": "Industry"}
    service.define("dictionary", "industry", {"label": label, "open": open, "terms": [*terms]}, version)


SOFTWARE, ROBOTS = a_term("软件", "软件", "Software"), a_term("robotics", "机器人", "Robotics")
STEEL = a_term("steel", "钢铁", "Steel", active=False)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("robotics", "robotics"),
        ("机器人", "robotics"),
        ("Robotics", "robotics"),
        ("ROBOTICS ", "robotics"),
        ("software", "软件"),
        (None, None),
    ],
)
def test_a_term_is_kept_by_its_code_and_may_be_sent_by_its_label(
    service: RunningService, sent: str | None, kept: str | None
) -> None:
    """CU-64: renaming a label then keeps the records; imports send what people read."""
    industries(service, SOFTWARE, ROBOTS)
    assert a_customer(service, a_salesperson(), industry=sent)["industry"] == kept
    assert service.published("customer.created")[0].data["industry"] == kept


def test_what_is_no_term_is_told_with_its_field_and_changes_nothing(service: RunningService) -> None:
    industries(service, SOFTWARE, STEEL)
    me = a_salesperson()
    for sent, code in (("哲学", "unknown-term"), ("steel", "term-out-of-use"), ("钢铁", "term-out-of-use")):
        with pytest.raises(Invalid, match=code) as refused:
            a_customer(service, me, industry=sent)
        assert [(each["field"], each["code"]) for each in refused.value.errors] == [("industry", code)]
    assert service.published() == []


def test_a_dictionary_nobody_has_told_of_and_an_open_one_take_any_text(service: RunningService) -> None:
    me = a_salesperson()
    assert a_customer(service, me, industry="哲学")["industry"] == "哲学"
    industries(service, ROBOTS, STEEL, open=True)
    assert a_customer(service, me, industry="占星")["industry"] == "占星"
    with pytest.raises(Invalid, match="term-out-of-use"):
        a_customer(service, me, industry="steel")


def test_a_record_keeps_a_term_that_is_out_of_use_and_may_be_changed_otherwise(
    service: RunningService,
) -> None:
    """What it has it may say again; another record does not get it, and neither does this one once it is gone."""
    me = a_salesperson()
    industries(service, SOFTWARE, STEEL | {"active": True}, open=True)
    steel, other = a_customer(service, me, industry="steel"), a_customer(service, me, industry="哲学")
    industries(service, SOFTWARE, STEEL, version=2)
    for customer in (steel, other):
        sent = {"industry": customer["industry"], "remark": "老客户"}
        changed = service.call("update_customer", me, customer_id=customer["id"], data=sent)
        assert (changed["industry"], changed["remark"]) == (customer["industry"], "老客户")
    assert service.call("update_customer", me, customer_id=steel["id"], data={"grade": "A"})["grade"] == "A"
    with pytest.raises(Invalid, match="term-out-of-use"):
        service.call("update_customer", me, customer_id=other["id"], data={"industry": "steel"})
    service.call("update_customer", me, customer_id=steel["id"], data={"industry": "software"})
    with pytest.raises(Invalid, match="term-out-of-use"):
        service.call("update_customer", me, customer_id=steel["id"], data={"industry": "钢铁"})


def test_nobody_learns_by_trying_what_term_a_customer_out_of_their_reach_has(service: RunningService) -> None:
    industries(service, STEEL | {"active": True})
    hidden = a_customer(service, a_salesperson(), industry="steel")
    industries(service, STEEL, version=2)
    stranger, reader = a_salesperson(), caller("customer.read:all")
    for guess in ("steel", "哲学"):
        with pytest.raises(NotFound):
            service.call("update_customer", stranger, customer_id=hidden["id"], data={"industry": guess})
        with pytest.raises(Forbidden):
            service.call("update_customer", reader, customer_id=hidden["id"], data={"industry": guess})


def test_older_news_of_a_dictionary_changes_nothing(service: RunningService) -> None:
    industries(service, ROBOTS, version=3)
    industries(service, SOFTWARE, version=2)
    assert a_customer(service, a_salesperson(), industry="机器人")["industry"] == "robotics"
    with pytest.raises(Invalid):
        a_customer(service, a_salesperson(), industry="软件")


def test_the_number_follows_the_rule_that_was_changed(service: RunningService) -> None:
    """GW-57."""
    me = a_salesperson()
    assert a_customer(service, me)["number"].startswith("KH2")
    service.define("numbering", "customer", {"pattern": "C-{n:06}", "counts": "ever"})
    assert a_customer(service, me, name="北京大学")["number"] == "C-000001"
    assert a_customer(service, me, name="清华大学")["number"] == "C-000002"


def test_a_number_that_another_record_has_already_is_passed_over(service: RunningService) -> None:
    """By a rule of before; four in a row are told, and the next try goes on behind them."""
    me = a_salesperson()
    service.define("numbering", "customer", {"pattern": "C{n:03}", "counts": "ever"})
    assert [a_customer(service, me, name=name)["number"] for name in "甲乙丙"] == ["C001", "C002", "C003"]
    service.define("numbering", "customer", {"pattern": "C{n:02}{date:%y}", "counts": "year"}, version=2)
    service.define("numbering", "customer", {"pattern": "C{n:03}", "counts": "ever"}, version=3)
    with service.database.sessions.begin() as session:
        session.connection().exec_driver_sql("DELETE FROM numbering")
    numbers = [a_customer(service, me, name=name)["number"] for name in "丁戊"]
    assert set(numbers).isdisjoint({"C001", "C002", "C003"})
    assert len(set(numbers)) == 2


def test_a_parameter_holds_as_soon_as_it_is_known(service: RunningService) -> None:
    """ID-42."""
    me = caller("customer.write", "customer.read")
    service.define("parameter", "customer.lookups_an_hour", {"value": 1})
    service.call("look_up_customers", me, query={"name": "云图"})
    with pytest.raises(Exception, match="rate-limited"):
        service.call("look_up_customers", me, query={"name": "云图"})
    service.define("parameter", "customer.lookups_an_hour", {"value": None}, version=2)
    service.call("look_up_customers", me, query={"name": "云图"})
    service.define("parameter", "customer.lookups_an_hour", {"value": "lots"}, version=3)
    service.call("look_up_customers", me, query={"name": "云图"})
