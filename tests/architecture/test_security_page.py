"""What docs/security.md names is there, and every row has something to show or says that it is missing."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| (\d+\.\d+.*?) \| (.*?) \| (.*) \|$", PAGE, re.MULTILINE)


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:tests|services|gateway|deploy|docs)/[^`\s]+)`", PAGE))
    assert len(named) > 40
    assert [name for name in sorted(named) if not list(ROOT.glob(name))] == []


def test_every_chapter_is_there_and_no_requirement_twice() -> None:
    assert re.findall(r"^## V(\d+) ", PAGE, re.MULTILINE) == [str(n) for n in range(1, 18)]
    numbers = [number for asked, _, _ in ROWS for number in asked.split(", ")]
    assert len(numbers) > 100
    assert sorted(set(numbers)) == sorted(numbers)


def test_every_setting_that_is_named_is_one_of_the_gateways() -> None:
    settings = (ROOT / "gateway" / "gateway" / "settings.py").read_text()
    for name in set(re.findall(r"`GATEWAY_(\w+)`", PAGE)):
        assert f"    {name.lower()}: " in settings, name
