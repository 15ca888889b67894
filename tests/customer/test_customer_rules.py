"""The customer's and the contact's own rules: no database, no broker."""

from datetime import UTC, datetime

import pytest

from customer.contacts.model import Contact
from customer.customers.model import Customer
from servicekit import Conflict, Invalid, new_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_customer(**values: object) -> Customer:
    """Return a customer with what the test changes."""
    customer = Customer(number="KH20261122-0001", owner_id=new_id())
    customer.fill_in(**{"name": "上海云图科技有限公司", **values})
    return customer


def a_contact(**values: object) -> Contact:
    """Return a contact with what the test changes."""
    return Contact(customer_id=new_id(), owner_id=new_id(), **{"name": "王芳", **values})


def test_a_new_customer_is_a_basic_one_and_a_company() -> None:
    """CU-05, CU-09."""
    customer = a_customer()
    assert (customer.status, customer.kind) == ("basic", "company")


def test_an_invalid_customer_can_only_be_viewed() -> None:
    """CU-08."""
    customer = a_customer()
    customer.invalidate()
    for change in (
        lambda: customer.fill_in(name="改名"),
        customer.invalidate,
        lambda: customer.note_activity(NOON),
    ):
        with pytest.raises(Conflict) as refused:
            change()
        assert refused.value.code == "customer-invalid"
    assert customer.name == "上海云图科技有限公司"


def test_a_customer_is_found_by_name_pinyin_initials_number_phone_and_mail() -> None:
    """CU-78."""
    customer = a_customer(phone="+8613800138000", email="info@yuntu.cn")
    for found_by in (
        "云图",
        "yuntu",
        "shytkj",
        "kh20261122-0001",
        "13800138000",
        "info@yuntu",
    ):
        assert found_by in customer.search_text.lower(), found_by


def test_a_new_name_is_found_by_its_own_pinyin() -> None:
    customer = a_customer()
    customer.fill_in(name="北京大学")
    assert customer.pinyin == "beijingdaxue bjdx"


def test_the_last_activity_never_goes_back() -> None:
    """CU-55, CU-62."""
    customer = a_customer()
    customer.note_activity(NOON)
    customer.note_activity(datetime(2025, 1, 1, tzinfo=UTC))
    assert customer.last_activity_at == customer.quiet_since == NOON


def test_a_customer_without_activities_is_quiet_since_its_creation() -> None:
    """CU-62."""
    customer = a_customer()
    assert customer.last_activity_at is None
    assert abs((customer.quiet_since - customer.created_at).total_seconds()) < 1


def test_the_primary_contact_cannot_just_stop_being_it() -> None:
    """CU-03."""
    contact = a_contact(is_primary=True)
    with pytest.raises(Invalid) as refused:
        contact.fill_in(is_primary=False)
    assert refused.value.errors[0]["field"] == "is_primary"


@pytest.mark.parametrize(
    ("person", "agreeing"),
    [
        ({"name": "王芳", "mobile": "138 0013-8000", "email": None}, 2),
        ({"name": " 王芳 "}, 1),
        ({"name": "王芳", "mobile": "+8613800138000", "email": "WANG@example.com"}, 3),
        ({"name": "王芳", "office_phone": "021-62770334"}, 1),
        ({"name": "王芳", "mobile": "+8613900139000", "email": "wang@example.com"}, 0),
        ({"name": "王芳", "mobile": "+8613800138000", "email": "other@example.com"}, 0),
        ({"name": "李娜", "mobile": "+8613800138000"}, 0),
    ],
)
def test_a_person_is_the_same_if_no_identifying_field_disagrees(
    person: dict[str, str | None], agreeing: int
) -> None:
    """SA-19 (M-15)."""
    contact = a_contact(mobile="+8613800138000", email="wang@example.com")
    assert contact.agrees_in(person) == agreeing
