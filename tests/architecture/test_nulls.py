"""A contract file says null exactly where the database may hold it (M-20)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())

WALK = """
import gc, json, sys
from sqlalchemy import Table, inspect
from servicekit.__main__ import service_class_of
from servicekit.base.fields import List, Nested, Secret
from servicekit.nouns.listing import Listing
from servicekit.nouns.declarations import operations_of

operations = operations_of(service_class_of(sys.argv[1])).values()
models = {listing.schema: listing.model for listing in gc.get_objects() if isinstance(listing, Listing)}

def model_of(schema):
    return next((model for known, model in models.items()
                 if issubclass(schema, known) or issubclass(known, schema)), None)

def walk(schema, model):
    mapper = inspect(model)
    if not isinstance(mapper.local_table, Table):
        return  # What is put together from several tables says nothing of its columns.
    for name, field in schema.fields.items():
        where, attribute = f"{type(schema).__name__}.{name}", field.attribute or name
        inner = field.inner if isinstance(field, List) else field
        if isinstance(inner, Nested) and attribute in mapper.relationships:
            yield from walk(inner.schema, mapper.relationships[attribute].mapper.class_)
        elif attribute in mapper.column_attrs:
            nullable = getattr(mapper.columns[attribute], "nullable", True)
            if field.allow_none and not nullable and not isinstance(field, Secret):
                yield f"{where} may be null, and its column may not"
            if not field.load_only and nullable and not field.allow_none:
                yield f"{where} may be null, and does not say so"

schemas = {schema for operation in operations
           for schema in (operation.accepts, operation.returns, operation.lists and operation.lists.schema) if schema}
known = [(schema, model_of(schema)) for schema in sorted(schemas, key=lambda schema: schema.__name__)]
found = sorted({line for schema, model in known if model is not None for line in walk(schema(), model)})
print(json.dumps({"problems": found, "walked": len([model for _, model in known if model is not None])}))
"""

MEANT = {
    # None leaves the amount to the lines, and is refused where there are none (CT-11).
    "ContractSchema.amount may be null, and its column may not",
    "ContractSummarySchema.amount may be null, and its column may not",
    # A count of others' rows is no column of the table, and never null.
    "DepartmentSchema.members may be null, and does not say so",
    "GroupSchema.members may be null, and does not say so",
    # What another record that is named here is called, or how it stands: its column is not null, and neither is this.
    *(
        f"Opportunity{noun}Schema.opportunity_name may be null, and does not say so"
        for noun in ("Competitor", "Partner")
    ),
    "OpportunityCompetitorSchema.opportunity_status may be null, and does not say so",
    "OpportunityCompetitorSchema.competitor_name may be null, and does not say so",
    "OpportunityPartnerSchema.partner_name may be null, and does not say so",
    # A position that is named without its day is held from today on (ID-06).
    "AppointmentSchema.started_on may be null, and its column may not",
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_field_takes_and_shows_null_exactly_where_its_column_does(service: str) -> None:
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WALK, service],
        capture_output=True, text=True, cwd=ROOT, env={"PATH": "", "PYTHONPATH": ":".join(sys.path)}, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout.splitlines()[-1])
    assert answer["walked"] > 1
    assert set(answer["problems"]) - MEANT == set()
