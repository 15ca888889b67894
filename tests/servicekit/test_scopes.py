"""Scopes: how they are written, which is the wider, and what two give together (ID-21)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit import Caller, new_id
from servicekit.base.scopes import ALL, SCOPES, Places, Scope, covers

A, B, C = (UUID(int=number) for number in (1, 2, 3))
some = st.frozensets(st.sampled_from((A, B, C)))
a_scope = st.builds(Scope, st.sampled_from(SCOPES), some, some).map(lambda scope: Scope.of(scope.text))


@given(a_scope, a_scope, a_scope)
def test_what_two_scopes_give_together_is_the_narrowest_that_covers_both(
    one: Scope, other: Scope, third: Scope
) -> None:
    both = one | other
    assert both.covers(one) and both.covers(other)
    assert third.covers(both) == (third.covers(one) and third.covers(other))


@given(a_scope)
def test_a_scope_is_read_as_it_was_written(scope: Scope) -> None:
    assert Scope.of(scope.text).text == scope.text
    assert scope.covers(scope) and Scope(ALL).covers(scope) and scope.covers(Scope())


def test_of_given_departments_and_ones_own_neither_is_the_wider() -> None:
    assert not covers("department", f"departments:{A}") and not covers(f"departments:{A}", "department")
    assert covers(f"departments:{A},{B}", f"departments:={B}")
    assert not covers(f"departments:={B}", f"departments:{B}")
    assert (Scope.of("department") | Scope.of(f"departments:{A}")).text == f"department+departments:{A}"
    assert covers("institution", "department_only") and not covers(None, "own")


@pytest.mark.parametrize(
    "text", ["", "everything", "departments:", "departments:x", "own+", f"departments:{A},"]
)
def test_what_is_no_scope_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"scope|hexadecimal"):
        Scope.of(text)


def test_a_scope_reaches_where_its_holder_works() -> None:
    who = Caller(new_id(), department_id=A, institution_id=B)
    assert Places.of(who, "own") == Places()
    assert Places.of(who, "department_only") == Places(exactly=(A,))
    assert Places.of(who, "department") == Places(below=(A,))
    assert Places.of(who, "institution") == Places(below=(A,), institution=B)
    assert Places.of(who, f"department_only+departments:={C},{A}") == Places(below=(A,), exactly=(C,))
    assert Places.of(Caller(new_id()), "institution") == Places()
