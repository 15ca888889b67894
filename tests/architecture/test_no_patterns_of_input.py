"""No regular expression is made of input: what a client writes is never read as a pattern (M-1)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("libs/servicekit/servicekit", "gateway/gateway", "services")
PATTERN_TAKERS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
SQL_PATTERNS = {"regexp_match", "regexp_replace", "regexp_matches", "regexp_split_to_array", "similar_to"}


def is_constant(pattern: ast.expr) -> bool:
    """Whether a pattern is written out, if need be with constants of its module put in."""
    if isinstance(pattern, ast.JoinedStr):
        return all(is_constant(value) for value in pattern.values)
    if isinstance(pattern, ast.FormattedValue):
        return is_constant(pattern.value)
    if isinstance(pattern, ast.BinOp):
        return is_constant(pattern.left) and is_constant(pattern.right)
    if isinstance(pattern, ast.Name):
        return pattern.id.isupper()
    return isinstance(pattern, ast.Constant)


def made_of_input(source: str) -> Iterator[int]:
    """Yield the lines in which a pattern is made at run time, in Python or in SQL."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        called, of = node.func.attr, node.func.value
        if (
            isinstance(of, ast.Name)
            and of.id == "re"
            and called in PATTERN_TAKERS
            and not is_constant(node.args[0])
        ):
            yield node.lineno
        if called in SQL_PATTERNS:
            yield node.lineno
        if called in ("op", "bool_op") and "~" in ast.unparse(node.args[0]):
            yield node.lineno
        if isinstance(of, ast.Name) and of.id == "fnmatch":
            yield node.lineno


def test_no_pattern_is_made_at_run_time() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for folder in FOLDERS
        for file in sorted((ROOT / folder).rglob("*.py"))
        for line in made_of_input(file.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        're.compile("|".join(wanted))',
        "re.match(pattern, text)",
        're.fullmatch(f"{pattern}.*", text)',
        "column.regexp_match(pattern)",
        'column.op("~*")(pattern)',
        "fnmatch.fnmatch(name, pattern)",
    ],
)
def test_a_pattern_made_at_run_time_is_found(source: str) -> None:
    assert list(made_of_input(source)) == [1]
