"""The published contracts fit together: consumers with publishers, components with each other, permissions with roles.

Everything is read from the checked-in files, or asked of the code in a process of its own: importing a service makes a
process green.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())

ASK = """
import inspect, json, sys
from servicekit.__main__ import service_class_of
from servicekit import ANY
from servicekit.messages.inbox import handlers_of
from servicekit.base.fields import Schema
name = sys.argv[1]
service = service_class_of(name)
examples = json.load(sys.stdin)
problems = []
def problems_of(handler, source, event, examples):
    found = [
        (publisher, told[event.type])
        for publisher, told in examples.items() if source in (publisher, ANY) and event.type in told
    ]
    for publisher, example in found:
        try:
            event.model_validate(example)
        except Exception as error:
            yield f"{handler} cannot read {event.type} of {publisher}: {error}"
    if not found:
        yield f"{source} publishes no {event.type}"
for (source, event_type), (handler, _, event) in handlers_of(service).items():
    problems += problems_of(handler, source, event, examples)
from servicekit.nouns.declarations import operations_of
from servicekit.contracts.examples import example_of
for method, operation in operations_of(service).items():
    if operation.accepts is not None:
        errors = operation.accepts(partial=operation.partial).validate(example_of(operation.accepts, loading=True))
        if errors:
            problems.append(f"the example of {method} is refused: {errors}")
    if not operation.summary:
        problems.append(f"{method} has no docstring")
print(json.dumps(problems))
"""


def contract(service: str, name: str) -> dict[str, Any]:
    """Return a checked-in contract file."""
    document: dict[str, Any] = json.loads(
        (ROOT / "services" / service / "api" / name).read_text(encoding="utf-8")
    )
    return document


def published_examples() -> dict[str, dict[str, Any]]:
    """Return the example payload of every event, by service and type."""
    return {
        service: {
            message["name"]: message["examples"][0]["payload"]["data"]
            for message in contract(service, "asyncapi.json")["components"]["messages"].values()
        }
        for service in SERVICES
    }


@pytest.mark.parametrize("service", SERVICES)
def test_consumers_read_the_publishers_examples_and_requests_load(service: str) -> None:
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, service],
        input=json.dumps(published_examples()),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "", "PYTHONPATH": ":".join(sys.path)},
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_example_is_valid_by_its_own_schema(service: str) -> None:
    """(K-6) The examples are whole envelopes."""
    components = contract(service, "asyncapi.json")["components"]
    for message in components["messages"].values():
        schema = {**message["payload"], "components": components}
        problems = Draft202012Validator(schema).iter_errors(message["examples"][0]["payload"])
        assert [problem.message for problem in problems] == [], message["name"]


def test_components_of_the_same_name_are_the_same() -> None:
    seen: dict[str, tuple[str, Any]] = {}
    for service in SERVICES:
        for name, schema in contract(service, "openapi.json")["components"]["schemas"].items():
            first, before = seen.setdefault(name, (service, schema))
            assert before == schema, f"{first} and {service} both call a schema {name}"


def test_no_two_services_claim_one_route_or_operation() -> None:
    routes: set[tuple[str, str]] = set()
    names: set[str] = set()
    for service in SERVICES:
        for path, item in contract(service, "openapi.json")["paths"].items():
            for method, operation in item.items():
                assert (method, path) not in routes, f"{service} claims {method} {path} again"
                assert operation["operationId"] not in names, (
                    f"{service} names {operation['operationId']} again"
                )
                routes.add((method, path))
                names.add(operation["operationId"])


def test_every_operation_is_described_and_has_an_example() -> None:
    for service in SERVICES:
        for path, item in contract(service, "openapi.json")["paths"].items():
            for method, operation in item.items():
                where = f"{method} {path}"
                assert operation["summary"].endswith((".", ")")), where
                if "requestBody" in operation:
                    assert "example" in operation["requestBody"]["content"]["application/json"], where


ADMINISTRATORS_ONLY = {
    "account.write", "approval_flow.read", "approval_flow.write", "bus.operate", "definition.write", "pool.write",
    "department.write", "institution.write", "position.write", "role.write", "service_account.read",
    "service_account.write", "sign_in.read", "signing_key.rotate", "user_group.write", "webhook.read",
    "webhook.write",
}  # fmt: skip


def test_every_permission_is_given_to_a_ready_made_role_or_is_for_administrators_only() -> None:
    code = (
        "import json; from identity.roles.ready import READY_ROLES; "
        "print(json.dumps([list(each) for role in READY_ROLES for each in role.permissions.items()]))"
    )
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, env={"PATH": "", "PYTHONPATH": ":".join(sys.path)}, check=True,
    )  # fmt: skip
    scopes = json.loads(asked.stdout)
    given = {name for name, _ in scopes}
    for service in SERVICES:
        for path, item in contract(service, "openapi.json")["paths"].items():
            for operation in item.values():
                needed = operation.get("x-permission")
                assert needed is None or needed in given | ADMINISTRATORS_ONLY, f"{path} needs {needed}"
                for name, scope in scopes:
                    halved = name == needed and operation.get("x-scope") == "all" and scope != "all"
                    assert not halved, f"{path} needs {needed} for all (M-06)"
