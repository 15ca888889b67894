"""What stands in the logs of the servers beside ours."""

from contextlib import closing
from typing import Any
from uuid import uuid4

import psycopg2
import pytest


def test_what_a_refused_statement_was_to_write_is_in_no_log(platform: Any, own_database: str) -> None:
    """Issue 8, line 11: values stand in the statements, so the phone and the password's hash of every race did."""
    secret, name = f"canary {uuid4()}", f"canary_{uuid4().hex}"
    with closing(psycopg2.connect(own_database)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(f"CREATE TEMPORARY TABLE {name} (value text UNIQUE)")
        cursor.execute(f"INSERT INTO {name} VALUES (%s)", [secret])
        with pytest.raises(psycopg2.errors.UniqueViolation):
            cursor.execute(f"INSERT INTO {name} VALUES (%s)", [secret])
    log = platform.log("postgres", lines=1000)
    assert f"{name}_value_key" in log, "the refusal itself is not told"
    assert secret not in log
