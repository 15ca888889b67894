"""What is refused is told in the caller's language: every code that code raises has a text in Chinese (W-1)."""

import ast
import json
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.views.search import WORD
from gateway.wording import CHINESE, chinese, worded
from servicekit.base.texts import HANZI, is_unspaced

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    *ROOT.glob("services/*/*/**/*.py"),
    *ROOT.glob("libs/servicekit/servicekit/**/*.py"),
    *ROOT.glob("gateway/gateway/**/*.py"),
]
CONTRACTS = [*ROOT.glob("services/*/api/openapi.json")]
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLACES = {
    "Fault": 0, "Invalid": 0, "Forbidden": 0, "NotFound": 0, "Conflict": 0, "Unavailable": 0, "Internal": 0,
    "Problem": 1, "unavailable": 0, "field_error": 1, "Invalid.field": 2, "invalid_request": 0, "_refused": 1,
    "_invalid": 0, "_only_in": 1,
}  # fmt: skip
"""Where the code stands among the arguments of what makes refusals."""


def _calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).removeprefix("self.").removeprefix("errors.")
                if name.removeprefix("oauth.") in PLACES:
                    yield path, node, name.removeprefix("oauth.")


def _code(call: ast.Call, name: str) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    place = PLACES[name]
    return named or (call.args[place] if len(call.args) > place else None)


def _raised() -> dict[str, str]:
    """Return every code that is written out where something is refused, and where that is."""
    found = {}
    for path, call, name in _calls():
        code = _code(call, name)
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            found[code.value] = f"{path.relative_to(ROOT)}:{call.lineno}"
    return found


def _published() -> set[str]:
    """Return every code that the contracts name."""
    texts = [
        described["responses"]["default"]["description"]
        for path in CONTRACTS
        for item in json.loads(path.read_text(encoding="utf-8"))["paths"].values()
        for described in item.values()
    ]
    listed = [text.partition("codes: ")[2].split(", ") for text in texts]
    return {code for codes in listed for code in codes if code != "the general ones"}


def test_every_code_that_is_raised_has_a_text_in_chinese() -> None:
    """(W-1)"""
    raised = _raised()
    assert len(raised) > 180
    assert {code: where for code, where in raised.items() if chinese(code) is None} == {}
    assert {code for code in _published() if chinese(code) is None} == set()


def test_no_text_in_chinese_is_about_a_code_that_nobody_raises() -> None:
    """(W-1)"""
    written = {
        node.value
        for path in SOURCES
        if path.name != "wording.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    made = {
        "payable-settled",
        "receivable-settled",
        "payment-not-booked",
        "receipt-not-booked",
        "customer-invalid",
    }
    assert {code for code in CHINESE if code not in written | made} == set()


@pytest.mark.parametrize("code", CHINESE)
def test_texts_are_chinese_sentences_of_codes_in_kebab_case(code: str) -> None:
    """(W-1)"""
    assert CODE.fullmatch(code) and CHINESE[code].endswith("。")
    assert HANZI.search(CHINESE[code])


def test_a_text_holds_only_what_every_refusal_of_its_code_tells() -> None:
    """(W-1): otherwise it would be told in English."""
    for path, call, name in _calls():
        code = _code(call, name)
        if not isinstance(code, ast.Constant) or (text := chinese(str(code.value))) is None:
            continue
        wanted = {part for _, part, _, _ in string.Formatter().parse(text) if part}
        told = {keyword.arg for keyword in call.keywords}
        for keyword in call.keywords:
            if keyword.arg == "params" and isinstance(keyword.value, ast.Dict):
                told |= {key.value for key in keyword.value.keys if isinstance(key, ast.Constant)}
        assert wanted <= told, f"{path.relative_to(ROOT)}:{call.lineno} {code.value!r}: {wanted}"


def test_every_refusal_of_a_field_has_a_code() -> None:
    """(W-1): no bare sentence goes into ``ValidationError`` or ``Invalid.field``."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name, where = ast.unparse(node.func), f"{path.relative_to(ROOT)}:{node.lineno}"
            if name == "ValidationError":
                assert not isinstance(node.args[0], ast.Constant | ast.JoinedStr), where
            if name == "Invalid.field" and _code(node, name) is None:
                assert not isinstance(node.args[1], ast.Constant | ast.JoinedStr), where


def test_what_is_not_known_in_chinese_or_is_told_of_other_things_is_told_in_english() -> None:
    """(W-1)"""
    assert worded("too-long", {"max": 20}, "Longer than 20 characters.", "zh") == "不能超过 20 个字符。"
    assert worded("too-long", {"max": 20}, "Longer than 20 characters.", "en") == "Longer than 20 characters."
    assert worded("too-long", {}, "Longer.", "zh") == "Longer."
    assert worded("made-tomorrow", {}, "Tomorrow.", "zh") == "Tomorrow."
    assert worded("thing-not-found", {}, "There is none.", "zh") == "没有找到该记录，或您无权查看。"


def test_a_character_that_is_a_word_to_the_search_is_one_to_the_services_and_their_indexes() -> None:
    """(W-2): the gateway does not load their code."""
    words = [character for character in map(chr, range(sys.maxunicode + 1)) if WORD.fullmatch(character)]
    assert words and all(map(is_unspaced, words))
    assert all(WORD.fullmatch(character) for character in "云𠮷々〇のカ")
