"""A client with the types that openapi-typescript generates from the document, checked by TypeScript and then run."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.conftest import Tally
from tests.conformance.printed import printed
from tests.conformance.strangers import NODE_HOME, node, run, run_node

from stack.platform import Platform


@pytest.fixture(scope="module")
def types(documents: dict[str, Path]) -> Path:
    """The generated types, beside the client that imports them."""
    command = [node(), "node_modules/openapi-typescript/bin/cli.js", documents["openapi.json"]]
    written = NODE_HOME / "schema.d.ts"
    (NODE_HOME / "printed.ts").write_text(printed("TypeScript", "ts"))
    # A default says what the server takes where nothing is sent: it asks no client to send it.
    options = ["--output", written, "--default-non-nullable=false", "--alphabetize"]
    run([str(word) for word in [*command, *options]], cwd=NODE_HOME)
    return written


@pytest.mark.full
def test_typescript_agrees_with_a_client_that_takes_the_document_at_its_word(types: Path) -> None:
    """Ids, versions and states are used without asking whether they are there (K-1)."""
    done = run(
        [str(node()), "node_modules/typescript/bin/tsc", "--project", "tsconfig.json"],
        cwd=NODE_HOME,
        expected=(0, 1, 2),
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.full
def test_the_typed_client_signs_in_lists_and_converts_a_lead(
    types: Path, platform: Platform, openapi: dict[str, Any], tally: Tally
) -> None:
    given = {
        "url": platform.url,
        "username": "admin",
        "password": platform.admin_password,
        "tag": secrets.token_hex(3),
        "close_on": str(date.today() + timedelta(days=30)),
    }
    said = run_node("client.ts", given=given)
    assert said["customer"] == said["converted"]
    assert said["status"] == "basic"
    assert said["refused"] == [412, "stale-version"]
    tally("openapi-typescript", operations=len(openapi["paths"]), calls=6)


@pytest.mark.full
def test_what_the_page_for_integrators_prints_for_typescript_runs(types: Path, platform: Platform) -> None:
    """It lists the customers of two states, each a parameter of its own."""
    environment = {"KEHU_URL": platform.url, "KEHU_PASSWORD": platform.admin_password}
    done = run([str(node()), "printed.ts"], cwd=NODE_HOME, environment=environment)
    assert done.stdout.strip()
