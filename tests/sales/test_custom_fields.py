"""Fields at run time on leads and opportunities (GW-58, SA-25)."""

import pytest

from servicekit import Invalid, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.declared import COLOURS, declare

PERMISSIONS = ("lead.read", "lead.write", "opportunity.read", "opportunity.write", "customer.read")
NOUNS = (("lead", "leads", {"contact_name": "张伟"}), ("opportunity", "opportunities", {"name": "CRM 采购"}))


@pytest.mark.parametrize(("noun", "plural", "said"), NOUNS)
def test_values_are_kept_told_found_and_changed(
    service: RunningService, noun: str, plural: str, said: dict[str, str]
) -> None:
    declare(service, noun, "colour", type="choice", options=COLOURS, required=True)
    declare(service, noun, "score", type="number")
    me = caller(*PERMISSIONS)
    with pytest.raises(Invalid) as refused:
        service.call(f"create_{noun}", me, data=said)
    assert [each["field"] for each in refused.value.errors] == ["custom.colour"]
    made = service.call(f"create_{noun}", me, data={**said, "custom": {"colour": "red", "score": 7}})
    assert made["custom"] == {"colour": "red", "score": "7"}
    assert service.published(f"{noun}.created")[-1].data["custom"] == made["custom"]
    listed = service.call(f"list_{plural}", me, query={"filter[custom.score][gte]": "7"})["items"]
    assert [each["id"] for each in listed] == [made["id"]]
    ids = {f"{noun}_id": made["id"]}
    changed = service.call(f"update_{noun}", me, data={"custom": {"score": None}}, **ids)
    assert changed["custom"] == {"colour": "red"}
    history = service.call(f"list_{noun}_history", me, query={"filter[kind]": "changed"}, **ids)["items"]
    assert [each["changes"] for each in history] == [{"custom.score": ["7", None]}]


def test_an_opportunity_needs_customer_and_type_once_an_administrator_is_strict(
    service: RunningService,
) -> None:
    """SA-25: until then programs may leave them out."""
    me = caller(*PERMISSIONS)
    for key in ("customer_id", "type"):
        declare(service, "opportunity", key, required=True, strict=False)
    assert service.call("create_opportunity", me, data={"name": "CRM 采购"})["type"] is None
    for key in ("customer_id", "type"):
        declare(service, "opportunity", key, version=2, required=True, strict=True)
    with pytest.raises(Invalid) as refused:
        service.call("create_opportunity", me, data={"name": "CRM 采购"})
    assert {each["field"] for each in refused.value.errors} == {"customer_id", "type"}


def test_a_field_names_a_customer_that_the_caller_sees(service: RunningService) -> None:
    declare(service, "lead", "met_at", type="reference", reference="customer")
    theirs = str(new_id())
    told = {
        "customer_id": theirs,
        "name": "云图",
        "owner_id": str(new_id()),
        "status": "basic",
        "kind": "company",
    }
    service.deliver_and_wait("customer", "customer.created", {**told, "version": 1})
    with pytest.raises(Invalid) as refused:
        data = {"contact_name": "张伟", "custom": {"met_at": theirs}}
        service.call("create_lead", caller(*PERMISSIONS), data=data)
    assert [(each["field"], each["code"]) for each in refused.value.errors] == [
        ("custom.met_at", "unknown-customer")
    ]
