"""Dictionaries, numbering rules and parameters, as administrators keep them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete

from identity.definitions.model import Definition
from identity.service import IdentityService
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import PASSWORD, an_account, last, the_administrator


def a_term(service: RunningService, who: Caller, chinese: str, english: str, **more: Any) -> dict[str, Any]:
    data = {"label": {"zh": chinese, "en": english}, **more}
    term: dict[str, Any] = service.call("create_term", who, key="industry", data=data)
    return term


def terms(service: RunningService, **query: str) -> list[str]:
    found = service.call("list_terms", caller(), key="industry", query=query)
    return [term["code"] for term in found["items"]]


@pytest.fixture
def admin(service: RunningService) -> Caller:
    """Somebody who keeps definitions, with a dictionary of three terms."""
    admin = the_administrator(service)
    with service.database.sessions.begin() as session:
        session.execute(
            delete(Definition).where(Definition.key == "industry", Definition.kind == "dictionary")
        )
    data = {"key": "industry", "label": {"zh": "行业", "en": "Industry"}}
    service.call("create_dictionary", admin, data=data)
    for code, chinese in (("software", "软件"), ("robotics", "机器人"), ("steel", "钢铁")):
        a_term(service, admin, chinese, code.title(), code=code)
    return admin


def test_everybody_reads_a_dictionary_and_hears_of_each_change(
    service: RunningService, admin: Caller
) -> None:
    """ID-43, CU-64."""
    read = service.call("get_dictionary", caller(), key="industry")
    assert [
        (term["code"], term["label"]["zh"], term["position"], term["active"]) for term in read["terms"]
    ] == [
        ("software", "软件", 1, True),
        ("robotics", "机器人", 2, True),
        ("steel", "钢铁", 3, True),
    ]
    told = last(service, "definition.changed")
    assert (told["kind"], told["key"], told["version"]) == ("dictionary", "industry", read["version"])
    assert [term["code"] for term in told["body"]["terms"]] == ["software", "robotics", "steel"]
    listed = service.call("list_dictionaries", caller())["items"]
    assert {"industry", "source", "grade", "region"} <= {each["key"] for each in listed}


def test_a_term_is_renamed_moved_and_taken_out_of_use_but_never_deleted(
    service: RunningService, admin: Caller
) -> None:
    """CU-64."""
    steel = service.call("get_dictionary", admin, key="industry")["terms"][2]
    where = {"key": "industry", "term_id": steel["id"]}
    changed = service.call("update_term", admin, **where, data={"label": {"zh": "钢材", "en": "Steel"}})
    assert (changed["code"], changed["label"]["zh"]) == ("steel", "钢材")
    for position, order in (
        (1, ["steel", "software", "robotics"]),
        (2, ["software", "steel", "robotics"]),
        (99, ["software", "robotics", "steel"]),
    ):
        service.call("update_term", admin, **where, data={"position": position})
        assert terms(service) == order
    assert service.call("update_term", admin, **where, data={"active": False})["active"] is False
    assert terms(service, **{"filter[active]": "true"}) == ["software", "robotics"]
    assert terms(service, **{"filter[active]": "false"}) == ["steel"]


def test_terms_are_found_by_a_part_of_any_name(service: RunningService, admin: Caller) -> None:
    """CU-64: fuzzy."""
    for part, found in (
        ("软", ["software"]),
        ("O", ["software", "robotics"]),
        ("机 器", ["robotics"]),
        ("机床", []),
        ("钢铁", ["steel"]),
    ):
        assert terms(service, **{"filter[name][contains]": part}) == found


def test_many_terms_are_taken_out_of_use_at_once_or_none(service: RunningService, admin: Caller) -> None:
    """CU-64."""
    ids = [term["id"] for term in service.call("get_dictionary", admin, key="industry")["terms"]]
    sent = {"term_ids": ids[:2], "active": False}
    assert service.call("use_terms", admin, key="industry", data=sent)["terms"][0]["active"] is False
    assert terms(service, **{"filter[active]": "true"}) == ["steel"]
    with pytest.raises(NotFound, match="term-not-found"):
        sent = {"term_ids": [*ids, str(admin.account_id)], "active": True}
        service.call("use_terms", admin, key="industry", data=sent)
    assert terms(service, **{"filter[active]": "true"}) == ["steel"]


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"label": {"zh": "软件", "en": "Programs"}}, ["label.zh"]),
        ({"label": {"zh": "程序", "en": "ROBOTICS"}}, ["code", "label.en"]),
        ({"label": {"zh": "程序", "en": "Programs"}, "code": "钢铁"}, ["code"]),
    ],
)
def test_two_terms_are_never_called_the_same(
    service: RunningService, admin: Caller, data: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(Conflict, match="term-taken") as refused:
        service.call("create_term", admin, key="industry", data=data)
    assert [error["field"] for error in refused.value.errors] == fields


def test_names_and_remarks_have_their_bounds(service: RunningService, admin: Caller) -> None:
    """CU-64: 50 and 500 characters, Chinese ones too."""
    long = {"label": {"zh": "长" * 50, "en": "l" * 50}, "remark": "注" * 500}
    assert service.call("create_term", admin, key="industry", data=long)["remark"] == "注" * 500
    long = {"label": {"zh": "长" * 51, "en": "l" * 51}, "remark": "注" * 501}
    with pytest.raises(Invalid) as refused:
        service.call("create_term", admin, key="industry", data=long)
    assert {error["field"] for error in refused.value.errors} == {"label.zh", "label.en", "remark"}


def test_two_who_add_terms_at_the_same_time_both_have_theirs(service: RunningService, admin: Caller) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: a_term(service, admin, f"行业{n}", f"Industry {n}"), range(1)))
    stale = {"if_match": "1"}
    with pytest.raises(Conflict, match="stale-version"):
        service.call("update_dictionary", admin, stale, key="industry", data={"open": True})
    assert terms(service)[-1] == "Industry 0"


def test_only_who_keeps_definitions_changes_them_and_no_program_does(
    service: RunningService, admin: Caller
) -> None:
    reader = caller("definition.read:all")
    with pytest.raises(Forbidden, match="permission-required"):
        a_term(service, reader, "煤炭", "Coal")
    with pytest.raises(Forbidden, match="permission-required"):
        service.call("update_parameter", reader, parameter="company.name_zh", data={"value": "云图"})
    with pytest.raises(Forbidden, match="permission-required"):
        service.call("list_numbering_rules", caller())
    with pytest.raises(Invalid):
        data = {"name": "ERP", "permissions": {"definition.write": "all"}}
        service.call("create_service_account", admin, data=data)


def test_a_numbering_rule_shows_what_the_next_number_looks_like(
    service: RunningService, admin: Caller
) -> None:
    """GW-57."""
    rule = service.call("get_numbering_rule", admin, series="customer")
    assert (rule["pattern"], rule["counts"]) == ("KH{date:%Y%m%d}-{n:04}", "day")
    changed = {"pattern": "NO-{n:06}", "counts": "ever"}
    changed = service.call("update_numbering_rule", admin, series="customer", data=changed)
    assert (changed["example"], changed["version"]) == ("NO-000001", rule["version"] + 1)
    assert last(service, "definition.changed")["body"]["pattern"] == "NO-{n:06}"
    for wrong, code in (("NO-", "no-number"), ("{category}{n}", "not-a-token"), ("{n.x}", "not-a-token")):
        with pytest.raises(Invalid) as refused:
            service.call("update_numbering_rule", admin, series="customer", data={"pattern": wrong})
        assert [error["code"] for error in refused.value.errors] == [code]
    shown = {"pattern": "{category}-{n:03}", "counts": "ever"}
    assert (
        service.call("update_numbering_rule", admin, series="product", data=shown)["example"]
        == "CATEGORY-001"
    )
    back = service.call(
        "update_numbering_rule", admin, series="customer", data={"pattern": None, "counts": "day"}
    )
    assert back["pattern"] == "KH{date:%Y%m%d}-{n:04}"


def test_a_parameter_is_set_within_its_bounds_and_set_back(service: RunningService, admin: Caller) -> None:
    """ID-42."""
    key = "customer.lookups_an_hour"
    assert service.call("update_parameter", admin, parameter=key, data={"value": 5})["value"] == 5
    for wrong in (0, 10_001, "5", True, 1.5, [5]):
        with pytest.raises(Invalid) as refused:
            service.call("update_parameter", admin, parameter=key, data={"value": wrong})
        assert [error["field"] for error in refused.value.errors] == ["value"]
    parameter = service.call("update_parameter", admin, parameter=key, data={"value": None})
    assert (parameter["value"], parameter["default"]) == (120, 120)
    assert parameter["explanation"]["zh"]


def test_the_company_is_called_what_an_administrator_says(service: RunningService, admin: Caller) -> None:
    """ID-42."""
    assert service.call("get_company", caller()) == {"name_zh": "", "name_en": ""}
    service.call("update_parameter", admin, parameter="company.name_zh", data={"value": " 云图\u200b科技 "})
    assert service.call("get_company", caller())["name_zh"] == "云图科技"


def test_a_password_is_as_long_as_the_parameter_says(service: RunningService, admin: Caller) -> None:
    service.call(
        "update_parameter", admin, parameter="identity.shortest_password", data={"value": len(PASSWORD) + 1}
    )
    with pytest.raises(Invalid) as refused:
        an_account(service, admin, "short")
    assert [error["field"] for error in refused.value.errors] == ["password"]


def test_a_new_release_brings_presets_and_leaves_what_was_set(service: RunningService, admin: Caller) -> None:
    """A dictionary of a new house closes with the first term of its own; in one from before, when somebody says so."""
    label = {"zh": "直播", "en": "Live stream"}
    assert service.call("get_dictionary", admin, key="source")["open"] is True
    service.call("create_term", admin, key="source", data={"label": label})
    assert service.call("get_dictionary", admin, key="source")["open"] is False
    with service.database.sessions.begin() as session:
        session.execute(delete(Definition).where(Definition.key == "grade", Definition.kind == "dictionary"))
    service.call("update_parameter", admin, parameter="customer.lookups_an_hour", data={"value": 7})
    told = len(service.published("definition.changed"))
    IdentityService.prepare(service.settings)
    service.call("create_term", admin, key="grade", data={"label": label})
    assert service.call("get_dictionary", admin, key="grade")["open"] is True
    closed = service.call("update_dictionary", admin, key="grade", data={"open": False})
    assert closed["open"] is False
    assert service.call("get_parameter", admin, parameter="customer.lookups_an_hour")["value"] == 7
    assert len(service.published("definition.changed")) == told + 3
