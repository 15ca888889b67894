"""The programs that `docs/integrating.md` prints, so that they are run as printed."""

from __future__ import annotations

import re

from stack.places import ROOT

PAGE = ROOT / "docs" / "integrating.md"


def printed(heading: str, language: str) -> str:
    """Return the block of a language below a heading of the page."""
    section = PAGE.read_text().split(f"### {heading}\n", 1)[1].split("\n### ", 1)[0]
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"{heading}: {len(blocks)} blocks"
    text: str = blocks[0]
    return text
