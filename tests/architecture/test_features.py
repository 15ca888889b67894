"""docs/features says what is built by the rows of the catalogue: each operation, page and test named there exists."""

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

ROOT = Path(__file__).resolve().parents[2]
FEATURES = ROOT / "docs" / "features"
LATER, CATALOGUE = FEATURES / "later.md", FEATURES / "README.md"
BUILT = sorted(path for path in FEATURES.glob("*.md") if path not in (LATER, CATALOGUE))
AREAS = ROOT / "console" / "src" / "areas"
HEAD, HEAD_LATER = "| row | feature | operation | page | test |", "| row | what |"
ID = re.compile(r"[A-Z]{2}-\d+")
NAMED = re.compile(r"`([^`]+)`")
NONE = "–"


class Row(NamedTuple):
    """A row of a table of what is built."""

    row: str
    feature: str
    operation: str
    page: str
    test: str


def table(path: Path, head: str) -> list[list[str]]:
    """Return the cells of the table below a head."""
    _, found, below = path.read_text().partition(f"{head}\n")
    assert found, f"{path.name} has no table with the columns {head}"
    lines = below.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


@cache
def rows() -> list[Row]:
    return [Row(*cells) for path in BUILT for cells in table(path, HEAD)]


def later() -> list[str]:
    return [row for row, _ in table(LATER, HEAD_LATER)]


def catalogue() -> set[str]:
    """Return the ids that there are: ``ID-01–47 52`` stands for those from 1 to 47, and 52."""
    ids = set()
    for domain, numbers in re.findall(r"^- ([A-Z]{2}): ([\d– ]+)$", CATALOGUE.read_text(), re.MULTILINE):
        for part in numbers.split():
            first, _, last = part.partition("–")
            ids |= {f"{domain}-{number:02}" for number in range(int(first), int(last or first) + 1)}
    return ids


def operations() -> set[str]:
    """Return the operations of all services and the gateway's own."""
    asked = subprocess.run(
        [sys.executable, "-m", "gateway", "openapi"],
        capture_output=True,
        env={"PATH": "", "PYTHONPATH": ":".join(sys.path)},
        check=True,
    )
    return {
        described["operationId"]
        for item in orjson.loads(asked.stdout)["paths"].values()
        for described in item.values()
        if isinstance(described, dict) and "operationId" in described
    }


def pages() -> set[str]:
    """Return the addresses of the console: those of its own pages, and a list and a record of each resource."""
    own = re.findall(r'path: "([^"]+)"', (AREAS / "routes.ts").read_text())
    nouns = {
        name
        for path in AREAS.glob("*.ts")
        for name in re.findall(r'^  name: "([a-z-]+)",\n  noun:', path.read_text(), re.MULTILINE)
    }
    return {"/", *(f"/{path}" for path in own), *(f"/{each}{end}" for each in nouns for end in ("", "/:id"))}


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def test_every_id_of_the_catalogue_stands_in_exactly_one_place() -> None:
    placed = [row.row for row in rows() if row.row != NONE] + later()
    assert [each for each, times in Counter(placed).items() if times > 1] == []
    assert [each for each in placed if not ID.fullmatch(each)] == []
    assert set(placed) == catalogue()


def test_every_operation_that_is_named_is_there() -> None:
    known = operations()
    for row in rows():
        assert row.operation == NONE or NAMED.findall(row.operation), row.row
        assert set(NAMED.findall(row.operation)) <= known, row.row


def test_every_page_that_is_named_is_there() -> None:
    known = pages()
    assert {"/customers/:id", "/opportunities/board", "/dictionaries"} <= known
    for row in rows():
        assert row.page == NONE or NAMED.findall(row.page), row.row
        assert set(NAMED.findall(row.page)) <= known, row.row


def test_every_row_names_tests_that_are_there() -> None:
    for row in rows():
        named = NAMED.findall(row.test)
        assert named, row.row
        for test in named:
            path, _, name = test.partition("::")
            assert name.startswith("test_") and (ROOT / path).is_file(), f"{row.row}: {test}"
            assert name in names_in(path), f"{row.row}: {test}"


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.stem)
def test_what_is_there_in_part_says_what_is_missing(path: Path) -> None:
    for row in (Row(*cells) for cells in table(path, HEAD)):
        assert row.feature.startswith("(part) ") == ("Missing: " in row.feature), row.row
