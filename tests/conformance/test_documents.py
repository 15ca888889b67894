"""The published documents, judged by the tools that others read them with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conformance.conftest import Tally
from tests.conformance.exceptions import exceptions
from tests.conformance.strangers import python, run, run_node

from stack.places import ROOT


def of_kind(documents: dict[str, Path], name: str) -> list[Path]:
    return [path for key, path in documents.items() if key.endswith(name)]


def faults(findings: dict[str, list[dict[str, Any]]], tool: str) -> list[str]:
    """Return what a tool has found beyond the exceptions, and the exceptions that it did not need."""
    excused = exceptions(tool)
    bad = [
        f"{path}: {finding['rule']} at {finding['where']}: {finding['message']}"
        for path, found in findings.items()
        for finding in found
        if finding["rule"] not in excused
    ]
    used = {finding["rule"] for found in findings.values() for finding in found}
    return bad + [f"the exception {rule} is not needed any more" for rule in excused.keys() - used]


def test_every_openapi_document_is_valid(documents: dict[str, Path], full: bool, tally: Tally) -> None:
    """openapi-spec-validator, on the merged document, which holds the services' own; in the full set on those too."""
    paths = of_kind(documents, "openapi.json") if full else [documents["openapi.json"]]
    said = run(
        [str(python().parent / "openapi-spec-validator"), "--subschema-errors", "all", *map(str, paths)]
    )
    assert said.stdout.count(": OK") == len(paths)
    tally("openapi-spec-validator", documents=len(paths))


@pytest.mark.full
def test_every_openapi_document_follows_redoclys_recommended_rules(
    documents: dict[str, Path], tally: Tally
) -> None:
    """Warnings count like errors."""
    paths = of_kind(documents, "openapi.json")
    findings = run_node("lint.mjs", *paths)
    merged = {path: findings[path] for path in map(str, paths) if not path.startswith(str(ROOT))}
    general, own_only = exceptions("redocly"), "redocly, services' own files"
    own = {
        path: [finding for finding in found if finding["rule"] not in general]
        for path, found in findings.items()
        if path not in merged
    }
    assert faults(merged, "redocly") + faults(own, own_only) == []
    excused = len(general) + len(exceptions(own_only))
    tally("redocly", documents=len(paths), reasoned_exceptions=excused)


@pytest.mark.full
def test_every_asyncapi_document_is_read_by_the_official_parser(
    documents: dict[str, Path], tally: Tally
) -> None:
    """@asyncapi/parser says nothing, warnings included, and finds the messages (K-6)."""
    paths = of_kind(documents, "asyncapi.json")
    said = run_node("asyncapi.mjs", *paths)
    assert faults({path: found["diagnostics"] for path, found in said.items()}, "asyncapi") == []
    assert all(found["messages"] for found in said.values())
    tally(
        "@asyncapi/parser", documents=len(paths), messages=sum(found["messages"] for found in said.values())
    )
