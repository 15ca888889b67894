"""What the identity service's migrations do to rows that are there already."""

import json

from sqlalchemy import text

from tests.old_databases import database_at, upgrade

HELD = {"process.read": "own", "access.read": "department", "session.read": "all", "customer.read": "own"}
"""Two that a narrower scope made useless, one that is held for all, and one whose scope means something."""
ROLE = (
    "INSERT INTO role (id, version, created_at, updated_at, code, name, permissions, ready) "
    "VALUES (gen_random_uuid(), 1, now(), now(), 'auditor', '稽核员', CAST(:held AS jsonb), false)"
)
PROGRAM = (
    "INSERT INTO account (id, version, created_at, updated_at, username, username_key, display_name, status, locked, "
    "password_hash, kind, granted) VALUES (gen_random_uuid(), 1, now(), now(), 'nightly', 'nightly', '每日取数', "
    "'active', false, '', 'service', CAST(:held AS jsonb))"
)


def test_what_is_held_for_all_or_not_at_all_leaves_roles_and_programs_that_hold_it_narrower() -> None:
    """(W-3) Nobody may do less by it: in a narrower scope it let nobody see anything."""
    with database_at("identity", "identity_0016") as connection:
        for statement in (ROLE, PROGRAM):
            connection.execute(text(statement), {"held": json.dumps(HELD)})
        connection.commit()
        upgrade(connection, "identity", "identity_0017")
        kept = {"session.read": "all", "customer.read": "own"}
        roles = connection.execute(text("SELECT permissions FROM role WHERE code = 'auditor'"))
        programs = connection.execute(text("SELECT granted FROM account WHERE username = 'nightly'"))
        assert [*roles.scalars(), *programs.scalars()] == [kept, kept]
