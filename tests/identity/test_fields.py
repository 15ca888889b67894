"""Fields at run time, as administrators declare them (CU-02, CU-63, GW-58)."""

from typing import Any

import pytest
from sqlalchemy import delete

from identity.definitions.fields import MOST_INDEXED, FieldDefinition
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.contracts.told_fields import takers
from servicekit.nouns.custom.settings import MOST_FIELDS
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import last, the_administrator
from tests.side_by_side import at_once

RED = {"code": "red", "label": {"zh": "红", "en": "Red"}}
GREEN = {"code": "green", "label": {"zh": "绿", "en": "Green"}}


@pytest.fixture
def admin(service: RunningService) -> Caller:
    """Somebody who keeps definitions, of customers without fields of their own."""
    admin = the_administrator(service)
    with service.database.sessions.begin() as session:
        session.execute(delete(FieldDefinition).where(FieldDefinition.noun == "customer"))
    return admin


def a_field(service: RunningService, who: Caller, key: str = "colour", **more: Any) -> dict[str, Any]:
    data = {"noun": "customer", "key": key, "label": {"zh": "颜色", "en": "Colour"}, "type": "text", **more}
    made: dict[str, Any] = service.call("create_field", who, data=data)
    return made


def change(service: RunningService, who: Caller, field: dict[str, Any], **data: Any) -> dict[str, Any]:
    changed: dict[str, Any] = service.call("update_field", who, field_id=field["id"], data=data)
    return changed


def keys(service: RunningService, **query: str) -> list[str]:
    asked = {"filter[noun]": "customer", **{f"filter[{name}]": value for name, value in query.items()}}
    return [each["key"] for each in service.call("list_fields", caller(), query=asked)["items"]]


def test_a_field_is_declared_read_by_everybody_and_told_to_all(
    service: RunningService, admin: Caller
) -> None:
    """GW-58."""
    made = a_field(service, admin, type="choice", options=[RED, GREEN], required=True, indexed=True)
    assert (made["enabled"], made["strict"], made["standard"], made["position"]) == (True, True, False, 1)
    assert [option["active"] for option in made["options"]] == [True, True]
    assert service.call("get_field", caller(), field_id=made["id"]) == {**made, "can": []}
    told = last(service, "definition.changed")
    assert (told["kind"], told["noun"], told["key"], told["active"]) == ("field", "customer", "colour", True)
    assert (told["body"]["type"], told["body"]["required"]) == ("choice", True)


def test_a_field_is_changed_moved_and_taken_out_of_use_but_never_deleted(
    service: RunningService, admin: Caller
) -> None:
    """CU-63: its key and its type stay."""
    first, second, third = (a_field(service, admin, key) for key in ("one", "two", "three"))
    assert change(service, admin, third, position=1)["position"] == 1
    assert keys(service) == ["three", "one", "two"]
    assert change(service, admin, second, enabled=False)["enabled"] is False
    assert (keys(service, enabled="true"), keys(service, enabled="false")) == (["three", "one"], ["two"])
    assert change(service, admin, second, enabled=True, required=True)["required"] is True
    for fixed in ({"type": "number"}, {"key": "other"}, {"noun": "lead"}):
        with pytest.raises(Invalid) as refused:
            change(service, admin, first, **fixed)
        assert [each["code"] for each in refused.value.errors] == ["unknown-field"]
    assert not any(name.startswith("delete_field") for name in dir(service.service_class))


def test_an_option_that_is_left_out_goes_out_of_use(service: RunningService, admin: Caller) -> None:
    """CU-63: records have it."""
    field = a_field(service, admin, type="choices", options=[RED, GREEN])
    changed = change(service, admin, field, options=[GREEN])
    assert [(each["code"], each["active"]) for each in changed["options"]] == [
        ("green", True),
        ("red", False),
    ]
    again = change(service, admin, field, options=[RED, GREEN])
    assert all(each["active"] for each in again["options"])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"key": "Colour"}, "key"), ({"key": "a b"}, "key"), ({"key": "a'; DROP TABLE customer; --"}, "key"),
        ({"key": "_a"}, "key"), ({"key": "a" * 31}, "key"), ({"key": "颜色"}, "key"),
        ({"noun": "contract"}, "noun"), ({"noun": "customer'"}, "noun"), ({"type": "sql"}, "type"),
        ({"type": None}, "type"),
        ({"type": "choice"}, "options"), ({"type": "choice", "options": []}, "options"),
        ({"type": "choice", "options": [RED, RED]}, "options"), ({"options": [RED]}, "options"),
        ({"type": "choice", "options": [{**RED, "code": f"c{n}"} for n in range(201)]}, "options"),
        ({"type": "choice", "options": [{**RED, "code": "a,b"}]}, "options.0.code"),
        ({"type": "reference"}, "reference"), ({"type": "reference", "reference": "account"}, "reference"),
        ({"type": "text", "reference": "customer"}, "reference"), ({"currency": "CNY"}, "currency"),
        ({"type": "long_text", "indexed": True}, "indexed"), ({"label": {"zh": "颜色"}}, "label.en"),
        ({"position": 0}, "position"),
    ],
)  # fmt: skip
def test_what_is_no_field_is_told(
    service: RunningService, admin: Caller, more: dict[str, Any], field: str
) -> None:
    told = len(service.published("definition.changed"))
    with pytest.raises(Invalid) as refused:
        a_field(service, admin, **more)
    assert [each["field"] for each in refused.value.errors] == [field]
    assert len(service.published("definition.changed")) == told


def test_a_key_is_taken_once_a_noun_and_never_that_of_a_field_there_anyway(
    service: RunningService, admin: Caller
) -> None:
    a_field(service, admin)
    with pytest.raises(Conflict, match="definition-key-taken"):
        a_field(service, admin)
    assert a_field(service, admin, noun="lead")["noun"] == "lead"
    with pytest.raises(Conflict, match="definition-key-taken"):
        a_field(service, admin, "remark", noun="opportunity")


def test_a_noun_has_so_many_fields_and_indexes_also_at_the_same_time(
    service: RunningService, admin: Caller
) -> None:
    body = {"label": {"zh": "甲", "en": "A"}, "type": "text", "indexed": False}
    with service.database.sessions.begin() as session:
        session.add_all(  # Nobody is told: that costs too long.
            FieldDefinition(
                noun="customer", key=f"k{n}", position=n, body={**body, "indexed": n <= MOST_INDEXED}
            )
            for n in range(1, MOST_FIELDS)
        )

    data = {"noun": "customer", "label": body["label"], "type": "text"}
    outcomes = at_once(service, [("create_field", admin, {"data": {**data, "key": key}}) for key in "abcd"])
    assert sorted(outcomes) == ["ok", *["too-many-fields"] * 3]
    listed = service.call("list_fields", caller(), query={"filter[noun]": "customer"})["items"]
    with pytest.raises(Conflict, match="too-many-indexes"):
        change(service, admin, listed[-1], indexed=True)


def test_only_who_keeps_definitions_declares_fields(service: RunningService, admin: Caller) -> None:
    field = a_field(service, admin)
    with pytest.raises(Forbidden):
        a_field(service, caller(), "other")
    with pytest.raises(Forbidden):
        change(service, caller("customer.write:all"), field, required=True)
    with pytest.raises(NotFound):
        change(service, admin, {"id": str(new_id())}, required=True)


def test_fields_that_are_there_anyway_have_presets_which_an_administrator_relaxes(
    service: RunningService, admin: Caller
) -> None:
    """CU-02, SA-25: forms require an opportunity's customer and type; programs need not say them."""
    query = {"filter[noun]": "opportunity", "filter[standard]": "true"}
    found = {each["key"]: each for each in service.call("list_fields", caller(), query=query)["items"]}
    assert {key for key, each in found.items() if each["required"]} == {"name", "customer_id", "type"}
    assert [found[key]["strict"] for key in ("name", "customer_id", "type")] == [True, False, False]
    assert found["type"]["label"] == takers()["opportunity"].fields["type"]["x-label"]
    assert change(service, admin, found["type"], required=False)["required"] is False
    assert change(service, admin, found["customer_id"], strict=True)["strict"] is True
    with pytest.raises(Conflict, match="field-always-there"):
        change(service, admin, found["name"], required=False)
    with pytest.raises(Invalid):
        change(service, admin, found["type"], label={"zh": "甲", "en": "A"})
