"""The published documents, judged by the tools that others read them with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.conftest import Tally
from tests.conformance.exceptions import exceptions
from tests.conformance.strangers import python, run, run_node


def of_kind(documents: dict[str, Path], name: str) -> list[Path]:
    return [path for key, path in documents.items() if key.endswith(name)]


def said_of(findings: dict[str, list[dict[str, Any]]], tool: str) -> tuple[list[str], list[str]]:
    """Return what a tool has found beyond the exceptions, and the exceptions that it did not need."""
    excused = exceptions(tool)
    bad = [
        f"{Path(path).parent.parent.name}: {finding['rule']} at {finding['where']}: {finding['message']}"
        for path, found in findings.items()
        for finding in found
        if finding["rule"] not in excused
    ]
    used = Counter(finding["rule"] for found in findings.values() for finding in found)
    return bad, [rule for rule in excused if not used[rule]]


def test_every_openapi_document_is_valid(documents: dict[str, Path], tally: Tally) -> None:
    """openapi-spec-validator, on the merged document and each service's own."""
    paths = of_kind(documents, "openapi.json")
    run([str(python().parent / "openapi-spec-validator"), "--subschema-errors", "all", *map(str, paths)])
    tally("openapi-spec-validator", documents=len(paths))


@pytest.mark.full
def test_every_openapi_document_follows_redoclys_recommended_rules(
    documents: dict[str, Path], tally: Tally
) -> None:
    """Warnings count like errors."""
    paths = of_kind(documents, "openapi.json")
    bad, unused = said_of(run_node("lint.mjs", *paths), "redocly")
    assert not bad, "\n".join(bad[:60])
    assert not unused
    tally("redocly", documents=len(paths), reasoned_exceptions=len(exceptions("redocly")))


@pytest.mark.full
def test_every_asyncapi_document_is_read_by_the_official_parser(
    documents: dict[str, Path], tally: Tally
) -> None:
    """@asyncapi/parser says nothing, warnings included, and finds the messages (K-6)."""
    paths = of_kind(documents, "asyncapi.json")
    said = run_node("asyncapi.mjs", *paths)
    bad, unused = said_of({path: found["diagnostics"] for path, found in said.items()}, "asyncapi")
    assert not bad, "\n".join(bad[:60])
    assert not unused
    assert all(found["messages"] for found in said.values())
    tally(
        "@asyncapi/parser", documents=len(paths), messages=sum(found["messages"] for found in said.values())
    )
