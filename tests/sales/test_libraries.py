"""Competitors (SA-38), partners (SA-37) and product categories (SA-49): libraries that everybody in sales shares."""

from typing import Any

import pytest

from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, without_can
from tests.sales.builders import a_product, an_opportunity

NOUNS = ("competitor", "partner", "product_category", "product")
KEEPER = caller(*(f"{noun}.{deed}:all" for noun in NOUNS for deed in ("read", "write")))


def keep_everything(service: RunningService) -> None:
    """Make, change and delete one of each library, also within an opportunity, and share that."""
    seller = caller("opportunity.read", "opportunity.write")
    opportunity = {"opportunity_id": an_opportunity(service, seller)["id"]}
    for noun in ("competitor", "partner"):
        made = {f"{noun}_id": service.call(f"create_{noun}", KEEPER, data={"name": "蓝海软件"})["id"]}
        service.call(f"update_{noun}", KEEPER, **made, data={"remark": "旧识"})
        part = service.call(f"create_opportunity_{noun}", seller, **opportunity, data=made)
        named = {f"opportunity_{noun}_id": part["id"]}
        service.call(f"update_opportunity_{noun}", seller, **named, data={"remark": "旧识"})
        service.call(f"delete_opportunity_{noun}", seller, **named)
        service.call(f"delete_{noun}", KEEPER, **made)
    service.call("share_opportunity", seller, **opportunity, data={"to": {"kind": "everyone"}})
    category = {"product_category_id": a_category(service)["id"]}
    service.call("update_product_category", KEEPER, **category, data={"name": "GTX"})
    service.call("delete_product_category", KEEPER, **category)


def a_category(service: RunningService, **values: Any) -> dict[str, Any]:
    """Create a category, with what the test changes."""
    data = {"code": "GTX", "name": "GTX 系列", **values}
    made: dict[str, Any] = service.call("create_product_category", KEEPER, data=data)
    return made


@pytest.mark.parametrize("noun", ["competitor", "partner"])
def test_a_library_is_kept_and_seen_by_all_who_may(service: RunningService, noun: str) -> None:
    """SA-37, SA-38."""
    id_name = f"{noun}_id"
    made = service.call(f"create_{noun}", KEEPER, data={"name": "蓝海软件", "website": "lanhai.example"})
    assert (made["website"], made["active"]) == ("https://lanhai.example", True)
    reader = caller(f"{noun}.read:all")
    shown = service.call(f"list_{noun}s", reader, query={"filter[name][contains]": "海软"})["items"]
    assert shown == [without_can(made)]
    changed = service.call(f"update_{noun}", KEEPER, **{id_name: made["id"]}, data={"remark": "旧识"})
    assert (changed["version"], changed["remark"]) == (2, "旧识")
    with pytest.raises(Forbidden):
        service.call(f"update_{noun}", reader, **{id_name: made["id"]}, data={})
    service.call(f"delete_{noun}", KEEPER, **{id_name: made["id"]})
    with pytest.raises(NotFound) as gone:
        service.call(f"get_{noun}", reader, **{id_name: made["id"]})
    assert gone.value.code == f"{noun}-not-found"
    assert [event.type for event in service.published()] == [
        f"{noun}.{happened}" for happened in ("created", "updated", "deleted")
    ]


@pytest.mark.parametrize("noun", ["competitor", "partner"])
def test_a_name_stands_once_in_a_library(service: RunningService, noun: str) -> None:
    """SA-37, SA-38."""
    service.call(f"create_{noun}", KEEPER, data={"name": "Blue Ocean"})
    with pytest.raises(Conflict) as refused:
        service.call(f"create_{noun}", KEEPER, data={"name": "ｂｌｕｅ ocean"})
    assert refused.value.code == f"{noun}-name-taken"


def test_categories_stand_in_a_tree_that_moves_as_one(service: RunningService) -> None:
    """SA-49."""
    top, other = a_category(service), a_category(service, code="MG", name="MG 系列")
    middle = a_category(service, code="GTX-P", name="Pro", parent_id=top["id"])
    leaf = a_category(service, code="GTX-PX", name="Pro X", parent_id=middle["id"])
    assert leaf["path"] == [top["id"], middle["id"], leaf["id"]]
    move = {"product_category_id": middle["id"], "data": {"parent_id": other["id"]}}
    service.call("update_product_category", KEEPER, **move)
    moved = service.call("get_product_category", KEEPER, product_category_id=leaf["id"])
    assert moved["path"] == [other["id"], middle["id"], leaf["id"]]
    assert moved["version"] == 2
    for below in (middle["id"], leaf["id"]):
        ring = {"product_category_id": middle["id"], "data": {"parent_id": below}}
        with pytest.raises(Invalid) as refused:
            service.call("update_product_category", KEEPER, **ring)
        assert refused.value.errors[0]["field"] == "parent_id"


def test_names_are_told_apart_among_those_under_one_parent_and_codes_among_all(
    service: RunningService,
) -> None:
    """SA-49."""
    top = a_category(service)
    a_category(service, code="GTX-1", name="Pro", parent_id=top["id"])
    a_category(service, code="PRO", name="Pro")
    for values, taken in (
        ({"code": "PRO-2", "name": "ＰＲＯ"}, "product-category-name-taken"),
        ({"code": "gtx", "name": "别的"}, "product-category-code-taken"),
    ):
        with pytest.raises(Conflict) as refused:
            a_category(service, **values)
        assert refused.value.code == taken


def test_the_code_of_a_product_begins_with_its_categorys(service: RunningService) -> None:
    """SA-49, GW-57."""
    category = a_category(service)
    made = service.call("create_product", KEEPER, data={"name": "服务", "category_id": category["id"]})
    assert made["code"].startswith("GTX-")
    assert made["category_id"] == category["id"]
    found = {"filter[category_id]": category["id"]}
    assert service.call("list_products", KEEPER, query=found)["items"] == [without_can(made)]
    with pytest.raises(Invalid) as refused:
        a_product(service, KEEPER, code="X", category_id=str(new_id()))
    assert refused.value.errors[0]["code"] == "unknown-category"


def test_a_category_that_something_belongs_to_is_not_deleted(service: RunningService) -> None:
    """SA-49."""
    top = a_category(service)
    below = a_category(service, code="P", name="Pro", parent_id=top["id"])
    product = a_product(service, KEEPER, category_id=below["id"])
    for used in (top, below):
        with pytest.raises(Conflict) as refused:
            service.call("delete_product_category", KEEPER, product_category_id=used["id"])
        assert refused.value.code == "product-category-in-use"
    service.call("update_product", KEEPER, product_id=product["id"], data={"category_id": None})
    for free in (below, top):
        service.call("delete_product_category", KEEPER, product_category_id=free["id"])
    assert service.call("list_product_categories", KEEPER, query={})["items"] == []
