"""A client that openapi-python-client generates from the document: its models are strict, and read every answer."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.attack.routes import Route
from tests.attack.world import PARTS, World
from tests.conformance.conftest import Tally
from tests.conformance.printed import printed
from tests.conformance.strangers import HERE, python, run, run_python

from stack.platform import Platform

QUERIES: dict[str, dict[str, Any]] = {
    "look_up_customers": {"name": "攻击"},
    "search_everything": {"q": "攻击"},
    "list_webhook_terms": {"types": "contract.signed"},
}
"""What an operation has to be asked with besides the ids that the world knows."""


@pytest.fixture(scope="module")
def generated(documents: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated package; the generator warns of what it has left out, and that is a failure too."""
    folder = tmp_path_factory.mktemp("generated") / "kehu_client"
    tool = python().parent / "openapi-python-client"
    command = [
        tool,
        "generate",
        "--path",
        documents["openapi.json"],
        "--output-path",
        folder,
        "--meta",
        "none",
    ]
    run(
        [
            str(word)
            for word in [*command, "--fail-on-warning", "--config", HERE / "openapi-python-client.yaml"]
        ],
        environment={"PATH": f"{python().parent}:/usr/bin:/bin"},
    )
    return folder


def reads(openapi: dict[str, Any], world: World) -> dict[str, dict[str, Any]]:
    """Return the operations that read, with what they have to be asked with; a stream is no answer to be read whole."""
    return {
        operation["operationId"]: QUERIES.get(operation["operationId"], {}) | part_of(path, world)
        for path, item in openapi["paths"].items()
        for method, operation in item.items()
        if method == "get" and "text/event-stream" not in str(operation["responses"])
    }


def part_of(path: str, world: World) -> dict[str, str]:
    """Return the id of the part that a path leads to, if it leads to one that there is."""
    above, _, last = path.rpartition("/{")
    part = last.partition("}")[0]
    return {part: world.parts[Route("GET", above, {}).filled(world.ids)]} if part in PARTS else {}


def test_the_generated_client_signs_in_converts_a_lead_and_reads_every_answer(
    generated: Path, platform: Platform, world: World, openapi: dict[str, Any], tally: Tally
) -> None:
    """Every operation that reads is asked for records that there are (K-1)."""
    given = {
        "sign_in": openapi["paths"]["/v1/auth/token"]["post"]["operationId"],
        "username": "admin",
        "password": platform.admin_password,
        "tag": world.tag,
        "close_on": str(date.today() + timedelta(days=30)),
        "ids": {**world.ids, "subject": world.ids["lead_id"]},
        "reads": reads(openapi, world),
    }
    said = run_python("generated.py", generated, world.url, given=given)
    assert not said["problems"], "\n".join(said["problems"])
    tally("openapi-python-client", operations=said["operations"], records=said["records"])


def test_what_the_page_for_integrators_prints_for_python_runs(
    generated: Path, platform: Platform, world: World, tmp_path: Path
) -> None:
    """It ends with the customer that it has made."""
    program = tmp_path / "printed.py"
    program.write_text(printed("Python", "python"))
    environment = {
        "PYTHONPATH": str(generated.parent),
        "KEHU_URL": platform.url,
        "KEHU_PASSWORD": platform.admin_password,
    }
    done = run([str(python()), str(program)], environment=environment)
    assert "苏州启辰电子有限公司" in done.stdout
