"""Products through the service's entrypoints, and what the service publishes."""

import json
from typing import Any
from uuid import UUID

import pytest

from sales.service import SalesService
from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id, today
from servicekit.contracts import files as contracts
from servicekit.contracts.examples import EXAMPLE_ID
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller, without_can
from tests.sales.builders import a_product, tell_of_customer
from tests.sales.test_lead_pools import a_pool
from tests.sales.test_libraries import keep_everything

ALL = ("product.read:all", "product.write:all")


def test_everybody_who_may_read_products_sees_the_same_catalogue(service: RunningService) -> None:
    """SA-50."""
    made = a_product(service, caller(*ALL))
    assert (made["price"], made["currency"], made["active"]) == ("4821.00", "CNY", True)
    reader = caller("product.read:all")
    assert service.call("get_product", reader, product_id=made["id"]) == {**made, "can": []}
    assert service.call("list_products", reader, query={})["items"] == [without_can(made)]
    with pytest.raises(Forbidden):
        a_product(service, reader)
    with pytest.raises(Forbidden):
        service.call("list_products", caller("lead.read"), query={})
    for unknown in (str(new_id()), "42"):
        with pytest.raises(NotFound):
            service.call("get_product", reader, product_id=unknown)


def test_a_code_is_given_once(service: RunningService) -> None:
    """SA-50."""
    me = caller(*ALL)
    a_product(service, me)
    with pytest.raises(Conflict) as refused:
        a_product(service, me)
    assert refused.value.code == "product-code-taken"
    other = a_product(service, me, code="GTX-BASIC")
    with pytest.raises(Conflict):
        service.call("update_product", me, product_id=other["id"], data={"code": "GTX-PRO"})
    assert len(service.published()) == 2


@pytest.mark.parametrize("code", ["gtx-pro", "ＧＴＸ-ＰＲＯ", "GTX\u200b-PRO", " GTX-PRO\u00ad"])
def test_codes_that_only_look_different_are_one(service: RunningService, code: str) -> None:
    """(M-17) SA-50."""
    me = caller(*ALL)
    made = a_product(service, me)
    with pytest.raises(Conflict) as refused:
        a_product(service, me, code=code)
    assert refused.value.code == "product-code-taken"
    for query in ({"filter[code]": code}, {"filter[category]": "gtx"}):
        assert service.call("list_products", me, query=query)["items"] == [without_can(made)]


def test_a_product_without_a_code_gets_one_that_is_free(service: RunningService) -> None:
    """SA-50."""
    me = caller(*ALL)
    first = service.call("create_product", me, data={"name": "服务"})["code"]
    following = f"{first[:-4]}0002"
    a_product(service, me, code=following)
    assert service.call("create_product", me, data={"name": "服务"})["code"] == f"{first[:-4]}0003"


def test_a_product_is_changed_and_taken_out_of_use(service: RunningService) -> None:
    """SA-50."""
    me = caller(*ALL)
    made = a_product(service, me)
    changed = service.call(
        "update_product", me, product_id=made["id"], data={"active": False, "price": "5000.00"}
    )
    assert (changed["active"], changed["price"], changed["version"]) == (False, "5000.00", 2)
    with pytest.raises(Conflict):
        service.call(
            "update_product", me, headers={"if_match": "1"}, product_id=made["id"], data={"active": True}
        )
    assert [e.type for e in service.published()] == ["product.created", "product.updated"]
    assert service.published()[1].data["active"] is False


def test_bad_input_is_told_field_by_field(service: RunningService) -> None:
    """SA-50."""
    me = caller(*ALL)
    bad = {
        "name": None,
        "code": "",
        "price": "NaN",
        "currency": "¥",
        "active": "yes",
        "unit": "x" * 21,
        "size": 1,
    }
    with pytest.raises(Invalid) as refused:
        a_product(service, me, **bad)
    assert {error["field"] for error in refused.value.errors} == set(bad)
    made = a_product(service, me)
    with pytest.raises(Invalid):
        service.call("update_product", me, product_id=made["id"], data={"name": None})


def test_products_are_found_by_name_code_category_and_use(service: RunningService) -> None:
    """SA-50."""
    me = caller(*ALL)
    a_product(service, me)
    a_product(service, me, name="云图 100%", code="YT_1", category="云", active=False, price="0")

    def found(**filters: str) -> list[str]:
        query = {f"filter[{name.replace('__', '][')}]": value for name, value in filters.items()}
        return [
            item["code"]
            for item in service.call("list_products", me, query={**query, "sort": "code"})["items"]
        ]

    assert found() == ["GTX-PRO", "YT_1"]
    assert found(name__contains="专业") == found(category="GTX") == found(active="true") == ["GTX-PRO"]
    assert found(name__contains="100%") == found(code__contains="t_1") == found(code="YT_1") == ["YT_1"]
    assert found(name__contains="%") == ["YT_1"]


def test_an_opportunity_may_name_a_product_of_the_catalogue_only(service: RunningService) -> None:
    """SA-39."""
    me = caller(*ALL, "opportunity.write", "opportunity.read")
    product_id = a_product(service, me)["id"]
    made = service.call("create_opportunity", me, data={"name": "采购", "product_id": product_id})
    assert made["product_id"] == product_id
    with pytest.raises(Invalid) as refused:
        service.call("update_opportunity", me, opportunity_id=made["id"], data={"product_id": new_id()})
    assert refused.value.errors[0]["field"] == "product_id"
    cleared = service.call("update_opportunity", me, opportunity_id=made["id"], data={"product_id": None})
    assert cleared["product_id"] is None


def through_a_pool(service: RunningService, lead_id: str, owner_id: UUID) -> None:
    """Lay a lead into a pool, do there all that is done there, and give it back to its owner."""
    pool, boss = a_pool(service), caller("lead.read:all", "lead.write:all")
    service.employ(owner_id)
    steps: list[tuple[str, dict[str, Any] | None]] = [
        ("return", {"pool_id": pool.id}), ("discard", None), ("restore", None),
        ("move", {"pool_id": pool.id}), ("assign", {"account_id": str(owner_id)}),
    ]  # fmt: skip
    for step, data in steps:
        service.call(f"{step}_lead", boss, lead_id=lead_id, **({"data": data} if data else {}))


def test_every_published_event_has_the_fields_and_types_its_example_promises(service: RunningService) -> None:
    me = caller(*ALL, *(f"{noun}.{verb}" for noun in ("lead", "opportunity") for verb in ("read", "write")),
                "lead.convert", "opportunity.close")  # fmt: skip
    product_id = a_product(service, me)["id"]
    service.call("update_product", me, product_id=product_id, data={"unit": "个"})
    lead_id = service.call("create_lead", me, data={"company_name": "甲公司", "contact_name": "张伟"})["id"]
    service.call("contact_lead", me, lead_id=lead_id)
    service.call("share_lead", me, lead_id=lead_id, data={"to": {"kind": "everyone"}})
    service.call("create_lead_activity", me, lead_id=lead_id, data={"kind": "call", "content": "x"})
    through_a_pool(service, lead_id, me.account_id)
    conversion = service.call("convert_lead", me, lead_id=lead_id, data={"opportunity": {"name": "采购"}})
    won = {"opportunity_id": conversion["opportunity_id"]}
    service.call("create_opportunity_activity", me, **won, data={"kind": "call", "content": "x"})
    service.call("advance_opportunity", me, **won, data={"stage": "proposing"})
    service.call("win_opportunity", me, **won, data={"closed_on": str(today())})
    service.call("reopen_opportunity", me, **won)
    service.call("lose_opportunity", me, **won, data={"closed_on": str(today()), "reason": "price"})
    keep_everything(service)
    published = {event.type: event.data for event in service.published()}
    messages = contracts.asyncapi_of(SalesService)["components"]["messages"].values()
    declared = {message["name"]: message["examples"][0]["payload"]["data"] for message in messages}
    assert published.keys() == declared.keys()
    for event_type, data in published.items():
        assert data.keys() == declared[event_type].keys()
    wait_until(lambda: all(event.published_at for event in service.published()))


def test_the_examples_of_the_contract_can_be_sent_as_they_are(service: RunningService) -> None:
    me = caller("*:all")
    paths = json.loads(
        contracts.contract_files(SalesService)[contracts.api_folder(SalesService) / "openapi.json"]
    )
    # The examples name an account and a customer that are known.
    service.employ(UUID(EXAMPLE_ID))
    tell_of_customer(service, EXAMPLE_ID, "上海云图")
    made = {}
    for noun in ("product", "lead", "opportunity"):
        body = paths["paths"][f"/v1/{'opportunities' if noun == 'opportunity' else noun + 's'}"]["post"][
            "requestBody"
        ]
        example = body["content"]["application/json"]["example"]
        made[noun] = service.call(f"create_{noun}", me, data=example)["id"]
    moved = {}
    for path, methods in paths["paths"].items():
        if path.endswith(("/convert", "/win")):
            noun = "lead" if "lead_id" in path else "opportunity"
            example = methods["post"]["requestBody"]["content"]["application/json"]["example"]
            service.call(methods["post"]["operationId"], me, **{f"{noun}_id": made[noun], "data": example})
            moved[noun] = service.call(f"get_{noun}", me, **{f"{noun}_id": made[noun]})["status"]
    assert moved == {"lead": "converted", "opportunity": "won"}
