"""Pools and who sees them, through the service's entrypoints (CU-35, CU-36, CU-86)."""

from typing import Any
from uuid import UUID

import pytest

from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import last, the_administrator


def a_group(service: RunningService, name: str) -> str:
    made = service.call("create_user_group", the_administrator(service), data={"name": name})
    return str(made["id"])


def a_pool(service: RunningService, **values: Any) -> dict[str, Any]:
    groups = {"members_group_id": a_group(service, "成员"), "admins_group_id": a_group(service, "管理员")}
    data = {"name": "华东公海", **groups, **values}
    made: dict[str, Any] = service.call("create_pool", the_administrator(service), data=data)
    return made


def of_group(group: str) -> Caller:
    return caller("pool.read:all", principals=(new_id(), UUID(group)))


def test_a_pool_is_told_to_every_service(service: RunningService) -> None:
    """CU-35, CU-86."""
    pool = a_pool(service)
    assert (pool["policy"], pool["may_move"], pool["active"]) == ("claim", False, True)
    told = last(service, "definition.changed")
    assert (told["kind"], told["noun"], told["definition_id"]) == ("pool", "customer", pool["id"])
    assert told["body"]["members_group_id"] == pool["members_group_id"]
    changed = service.call(
        "update_pool",
        the_administrator(service),
        pool_id=pool["id"],
        data={"policy": "assign", "active": False},
    )
    assert (changed["policy"], changed["active"], changed["version"]) == ("assign", False, 2)
    assert last(service, "definition.changed")["body"]["policy"] == "assign"


def test_who_belongs_to_a_pool_sees_it_and_nobody_else(service: RunningService) -> None:
    """CU-35, CU-122: the picker offers the pools that one may see."""
    pool = a_pool(service)
    for who in (
        of_group(pool["members_group_id"]),
        of_group(pool["admins_group_id"]),
        caller("pool.read:all", "pool.write:all"),
    ):
        assert [each["id"] for each in service.call("list_pools", who, query={})["items"]] == [pool["id"]]
        assert service.call("get_pool", who, pool_id=pool["id"])["name"] == "华东公海"
        hidden = service.call("list_pools", who, query={"filter[name][contains]": "华南"})["items"]
        assert hidden == service.call("list_pools", who, query={"filter[active]": "false"})["items"] == []
    stranger = caller("pool.read:all")
    assert service.call("list_pools", stranger, query={})["items"] == []
    with pytest.raises(NotFound):
        service.call("get_pool", stranger, pool_id=pool["id"])


def test_who_keeps_no_pools_changes_none(service: RunningService) -> None:
    """CU-85."""
    pool = a_pool(service)
    with pytest.raises(Forbidden):
        service.call("update_pool", of_group(pool["admins_group_id"]), pool_id=pool["id"], data={"name": "x"})
    with pytest.raises(Forbidden):
        service.call("create_pool", caller("customer.write:all"), data={"name": "x"})


def test_a_pool_has_groups_that_there_are_and_a_name_of_its_own(service: RunningService) -> None:
    """CU-35: and a group that a pool needs is not deleted."""
    admin, pool = the_administrator(service), a_pool(service)
    with pytest.raises(Invalid) as refused:
        service.call("update_pool", admin, pool_id=pool["id"], data={"admins_group_id": str(new_id())})
    assert refused.value.errors[0]["field"] == "admins_group_id"
    data = {name: pool[name] for name in ("name", "members_group_id", "admins_group_id")}
    with pytest.raises(Conflict) as taken:
        service.call("create_pool", admin, data=data)
    assert taken.value.code == "definition-key-taken"
    with pytest.raises(Conflict) as in_use:
        service.call("delete_user_group", admin, user_group_id=pool["members_group_id"])
    assert in_use.value.code == "group-in-use"
