"""Run with the virtual environment's Python: makes those databases of the given names that DATABASE_URL's server lacks.

With `--fresh` those that are there are dropped first.
"""

import os
import sys

import psycopg2
from psycopg2 import sql
from psycopg2.errors import DuplicateDatabase

EXISTS = "SELECT 1 FROM pg_database WHERE datname = %s"
CREATE = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
NOT_THROUGH_MEMORY = " STRATEGY FILE_COPY"
"""PostgreSQL 15 and later copy a new database through their buffers, 7 MB each, unless told not to."""
DROP = "DROP DATABASE IF EXISTS {} WITH (FORCE)"


def main(names: list[str], fresh: bool) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=10)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in names:
            if fresh:
                cursor.execute(sql.SQL(DROP).format(sql.Identifier(name)))
            cursor.execute(EXISTS, (name,))
            if cursor.fetchone() is None:
                try:
                    create = CREATE + NOT_THROUGH_MEMORY * (connection.server_version >= 150000)
                    cursor.execute(sql.SQL(create).format(sql.Identifier(name)))
                    print("created", name)
                except DuplicateDatabase:
                    print(name, "was created by somebody else meanwhile")
    connection.close()


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name != "--fresh"], "--fresh" in sys.argv)
