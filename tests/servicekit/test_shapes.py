"""What a client sends and what it is answered are described apart (K-1)."""

import re
from typing import Any

import pytest
from library.model import Book
from library.operations import BOOKS
from library.schemas import BookSchema
from library.service import LibraryService

from servicekit.base.fields import Code, Id, Integer, List, Money, Nested, Schema, Text
from servicekit.contracts.answers import Published, published
from servicekit.contracts.openapi import JSON, SPARSE, openapi
from servicekit.contracts.shapes import Answers, Requests
from servicekit.nouns.listing import Listing
from servicekit.testing import RunningService
from servicekit.testing_callers import caller

DOCUMENT = openapi(LibraryService)
SCHEMAS = DOCUMENT["components"]["schemas"]


class PartSchema(Schema):
    """A part."""

    id = Id(dump_only=True)
    amount = Money(required=True)


class ThingSchema(Schema):
    """A thing."""

    id = Id(dump_only=True)
    name = Text(20, label=("名称", "Name"), required=True)
    kind = Code({"a": ("甲", "A"), "b": ("乙", "B")}, load_default=None, allow_none=True)
    size = Integer(minimum=3, load_default=4)
    main = Nested(PartSchema, load_default=None, allow_none=True)
    parts = List(Nested(PartSchema), maximum=9, load_default=list)
    secret = Text(9, load_only=True)


def answered() -> dict[str, Any]:
    components: dict[str, Any] = {}
    Answers(components, []).reference(ThingSchema)
    return components


def taken(partial: bool = False) -> dict[str, Any]:
    components: dict[str, Any] = {}
    Requests(components, [ThingSchema, PartSchema]).reference(ThingSchema(partial=partial))
    return components


def test_a_request_holds_what_can_be_sent_and_nothing_besides() -> None:
    """(K-1)"""
    thing = taken()["NewThing"]
    assert thing["properties"].keys() == {"name", "kind", "size", "main", "parts", "secret"}
    assert (thing["required"], thing["additionalProperties"]) == (["name"], False)
    assert thing["properties"]["size"] == {
        "type": "integer", "minimum": 3, "maximum": 2_000_000_000, "default": 4, "x-order": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("bounds", "taken", "refused"),
    [
        ({}, ["-1.5", "0", "2.50"], ["1.", "+1", "1e3"]),
        ({"minimum": 0}, ["0", "0.00", "2.50"], ["-1", "-0.5"]),
        ({"above": 0}, ["0.01", "10", "100.00"], ["0", "0.00", "-1"]),
        ({"minimum": -5}, ["-5", "3"], ["--5"]),
    ],
)
def test_the_form_of_an_amount_says_what_is_the_least(
    bounds: dict[str, int], taken: list[str], refused: list[str]
) -> None:
    """(K-1)"""
    pattern = Requests({}, []).field2property(Money(**bounds))["pattern"]
    assert all(re.search(pattern, text) for text in taken)
    assert not any(re.search(pattern, text) for text in refused)


def test_a_body_is_required_where_something_in_it_is() -> None:
    """No body is taken for an empty one, so the document asks for none where an empty one would do (K-1)."""
    operations = [operation for item in DOCUMENT["paths"].values() for operation in item.values()]
    bodies = {o["operationId"]: o["requestBody"]["required"] for o in operations if "requestBody" in o}
    assert (bodies["add_book"], bodies["update_book"]) == (True, False)


def test_a_change_requires_nothing_and_has_no_defaults_but_its_parts_are_whole() -> None:
    """(K-1)"""
    components = taken(partial=True)
    assert "required" not in components["ThingChange"]
    assert "default" not in components["ThingChange"]["properties"]["size"]
    assert components["ThingChange"]["properties"]["parts"]["items"]["$ref"].endswith("/NewPart")
    assert components["NewPart"]["required"] == ["amount"]


def test_an_answer_requires_what_is_always_there_and_may_grow() -> None:
    """(K-1)"""
    thing = answered()["Thing"]
    assert thing["required"] == ["id", "kind", "main", "name", "parts", "size"]
    assert "additionalProperties" not in thing and "secret" not in thing["properties"]
    assert thing["properties"]["size"] == {"type": "integer", "x-order": 4}


def test_what_can_be_null_in_an_answer_says_so_in_choices_and_references_too() -> None:
    """(K-1)"""
    properties = answered()["Thing"]["properties"]
    assert (properties["kind"]["type"], properties["kind"]["enum"]) == (["string", "null"], ["a", "b", None])
    assert properties["main"]["anyOf"] == [{"$ref": "#/components/schemas/Part"}, {"type": "null"}]
    assert properties["name"]["type"] == "string"


def test_a_field_says_what_people_call_it_and_its_codes_whose_id_it_is_and_where_its_currency_stands() -> (
    None
):
    """(W-2)"""
    for things in (answered()["Thing"]["properties"], taken()["NewThing"]["properties"]):
        assert things["name"]["x-label"] == {"zh": "名称", "en": "Name"}
        assert things["kind"]["x-enum-labels"] == {"a": {"zh": "甲", "en": "A"}, "b": {"zh": "乙", "en": "B"}}
    assert answered()["Thing"]["properties"]["id"]["x-label"] == {"zh": "记录标识", "en": "ID"}
    assert answered()["Part"]["properties"]["amount"]["x-money"] == "currency"
    book = SCHEMAS["Book"]["properties"]
    assert (book["owner_id"]["x-reference"], book["owner_id"]["x-label"]["en"]) == ("account", "Owner")
    assert SCHEMAS["Loan"]["properties"]["book_id"]["x-reference"] == "book"
    assert "x-reference" not in book["id"]


def test_a_field_says_at_which_place_it_was_declared() -> None:
    """(W-2): the document sorts them by name."""
    places = {name: field["x-order"] for name, field in answered()["Thing"]["properties"].items()}
    assert sorted(places, key=lambda name: places[name]) == ["id", "name", "kind", "size", "main", "parts"]


def test_a_schema_that_is_only_sent_keeps_its_name() -> None:
    """(K-1)"""
    components: dict[str, Any] = {}
    Requests(components, []).reference(ThingSchema)
    assert "Thing" in components


def test_what_a_column_never_holds_is_not_null_in_an_answer_though_it_may_be_sent_so() -> None:
    """(K-1)"""

    class LenientSchema(BookSchema):
        title = Text(allow_none=True)

    components: dict[str, Any] = {}
    listing = Listing(Book, LenientSchema, "book.read", filters={}, sorts=BOOKS.sorts)
    Answers(components, [listing]).reference(LenientSchema)
    assert components["Lenient"]["properties"]["title"]["type"] == "string"


def test_a_schema_that_is_silent_about_a_column_that_can_be_null_is_refused() -> None:
    """(K-1)"""

    class WrongSchema(BookSchema):
        remark = Text()

    listing = Listing(Book, WrongSchema, "book.read", filters={}, sorts=BOOKS.sorts)
    with pytest.raises(TypeError, match="remark can be null in the database"):
        Answers({}, [listing]).reference(WrongSchema)


def test_two_schemas_do_not_share_a_component() -> None:
    """(K-1)"""
    other = type("ThingSchema", (Schema,), {"id": Id()})
    answers = Answers({}, [])
    answers.reference(ThingSchema)
    with pytest.raises(TypeError, match="both called Thing"):
        answers.reference(other)


def test_an_answer_that_is_not_as_the_contract_says_is_found() -> None:
    """(K-1)"""
    promises = published(LibraryService)
    found = {"text": "a", "correlation_id": "01936f3a-7c00-7000-8000-000000000001"}
    assert promises.faults("find", "", JSON, found) == []
    assert len(promises.faults("find", "", JSON, {**found, "text": None})) == 1
    assert len(promises.faults("find", "", JSON, {**found, "correlation_id": "1"})) == 1
    assert len(promises.faults("find", "", JSON, {"text": "a"})) == 1
    assert len(promises.faults("find", "", JSON, {**found, "more": 1})) == 1
    assert promises.faults("find", "", "text/plain", found) == [
        "find 200 is text/plain, which the contract does not know"
    ]
    assert promises.faults("an_internal_operation", "", JSON, found) == []


def test_what_answers_nothing_answers_204_without_a_body() -> None:
    """(K-1)"""
    silent = {"operationId": "go", "responses": {"204": {"description": "Done."}, "default": {}}}
    document = Published({"paths": {"/v1/go": {"post": silent}}, "components": {"schemas": {}}})
    assert document.faults("go", "", JSON, None) == []
    assert document.faults("go", "", JSON, {}) == ["go answers something, and 204 holds nothing"]


def test_a_page_of_some_fields_is_another_kind_of_answer(service: RunningService) -> None:
    """(K-1) So a whole page always holds what it promises; the call checks either by the contract."""
    content = DOCUMENT["paths"]["/v1/books"]["get"]["responses"]["200"]["content"]
    assert content[SPARSE]["schema"]["$ref"].endswith("/SparseBookPage")
    assert "required" not in SCHEMAS["SparseBook"]
    me = caller("book.write:all", "book.read:all")
    service.call("add_book", me, data={"title": "红楼梦", "price": "1", "pages": 3})
    page = service.call("list_books", me, query={"fields": "title"})
    assert page["items"] == [{"title": "红楼梦"}]
    assert published(LibraryService).faults("list_books", "", JSON, page) != []
