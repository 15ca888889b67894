"""What every test of a service looks at when it is over: whether all that has changed was told, and told as published.

A trigger of the test's database sees every change, whatever statement made it: a record's version that rises without
an event or without a place in the history, a record deleted without one, and what changes without a new version.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from servicekit.base.database import Database, Record
from servicekit.contracts import files as contracts
from servicekit.contracts.compatibility import data_of
from servicekit.messages.envelope import CLOUD_EVENT, envelope
from servicekit.messages.outbox import OutboxRow

UNNUMBERED = 1
"""What stands for the number of an event that no relay has published yet."""

WATCH = """
DROP SCHEMA IF EXISTS watch CASCADE;
CREATE SCHEMA watch;
CREATE TABLE watch.untold (what text);
CREATE FUNCTION watch.look() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE present integer; changed text;
BEGIN
    -- What a test writes itself is its own affair.
    IF current_setting('application_name') NOT LIKE 'kehu-%' THEN RETURN NULL; END IF;
    IF TG_OP = 'DELETE' THEN
        IF 'no history' <> ALL (TG_ARGV)
                AND NOT EXISTS (SELECT FROM change WHERE record_id = OLD.id AND kind = 'deleted') THEN
            INSERT INTO watch.untold VALUES (TG_TABLE_NAME || ' was deleted without a word in its history');
        END IF;
        RETURN NULL;
    END IF;
    -- Only what the transaction ends with counts.
    EXECUTE format('SELECT version FROM %I WHERE id = $1', TG_TABLE_NAME) INTO present USING NEW.id;
    IF (TG_OP = 'INSERT' OR OLD.version <> NEW.version) AND present = NEW.version
            AND 'no history' <> ALL (TG_ARGV)
            AND NOT EXISTS (SELECT FROM change WHERE record_id = NEW.id AND version = NEW.version) THEN
        INSERT INTO watch.untold VALUES (TG_TABLE_NAME || ' has version ' || NEW.version || ' without a history');
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.version = NEW.version THEN
        SELECT string_agg(now.key, ', ') INTO changed FROM jsonb_each(to_jsonb(NEW)) AS now
            WHERE now.key <> ALL (TG_ARGV) AND now.value IS DISTINCT FROM to_jsonb(OLD) -> now.key;
        IF changed IS NOT NULL THEN
            INSERT INTO watch.untold VALUES (TG_TABLE_NAME || ' changed without a new version: ' || changed);
        END IF;
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM outbox WHERE subject = NEW.id AND (data ->> 'version')::int = NEW.version) THEN
        RETURN NULL;
    END IF;
    -- A new record may be told with the one that it belongs to, which names it.
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM outbox WHERE data::text LIKE '%' || NEW.id || '%') THEN
        RETURN NULL;
    END IF;
    IF present = NEW.version THEN
        INSERT INTO watch.untold VALUES (TG_TABLE_NAME || ' has version ' || NEW.version || ' without an event');
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER watch AFTER INSERT OR UPDATE OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION watch.look({moves});
"""

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?\+00:00")
"""A moment as answers write it, and events alike."""

FORMATS = {"date-time": lambda text: TIME.fullmatch(text) is not None}


def watch(database: Database, service_class: type) -> None:
    """Look at every change of a service's records from now on."""
    triggers = "".join(
        TRIGGER.format(table=table, moves=", ".join(f"'{column}'" for column in ("updated_at", *moves)))
        for table, moves in sorted(_watched(service_class).items())
    )
    database.transact(lambda session: session.execute(text((WATCH + triggers).replace(":", r"\:"))))


def unwatch(database: Database) -> None:
    """Look no more."""
    database.transact(lambda session: session.execute(text("DROP SCHEMA IF EXISTS watch CASCADE")))


def _watched(service_class: type) -> dict[str, tuple[str, ...]]:
    """Return the tables of a service's records, each with what moves by itself, and a word if it has no history."""
    package = service_class.__module__.partition(".")[0]
    found: dict[str, tuple[str, ...]] = {}
    remaining: list[type[Any]] = [Record]
    while remaining:
        for model in remaining.pop().__subclasses__():
            remaining.append(model)
            ours = hasattr(model, "__table__") and model.__module__.partition(".")[0] == package
            if ours and not model.untold:
                passed = ("no history",) if model.unlogged else ()
                found[str(inspect(model).local_table.name)] = (*model.moves, *passed)
    return found


def untold(database: Database) -> list[str]:
    """Return what has changed and was not told, and forget it."""

    def work(session: Session) -> list[str]:
        return list(session.scalars(text("DELETE FROM watch.untold RETURNING what")))

    return database.transact(work)


def problems_of(rows: list[OutboxRow], service_class: type) -> Iterator[str]:
    """Yield how events differ from what the service's asyncapi.json says they are like."""
    known = _validators(service_class)
    service: str = service_class.name  # type: ignore[attr-defined]
    for row in rows:
        row.sequence = row.sequence or UNNUMBERED
        body = envelope(service, row)
        if row.type not in known:
            yield f"{row.type} is not among the events that {service} publishes"
            continue
        for problem in (*_ENVELOPE.iter_errors(body), *known[row.type].iter_errors(body["data"])):
            yield f"{row.type} {'.'.join(map(str, problem.instance_path))}: {problem.message}"


_ENVELOPE = jsonschema_rs.Draft202012Validator(CLOUD_EVENT, validate_formats=True)


@functools.cache
def _validators(service_class: type) -> dict[str, Any]:
    document = contracts.asyncapi_of(service_class)
    return {
        message["name"]: jsonschema_rs.Draft202012Validator(
            {**data_of(document, message), "components": document["components"]},
            validate_formats=True,
            formats=FORMATS,
        )
        for message in document["components"]["messages"].values()
    }
