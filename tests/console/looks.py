"""Whether what a page shows has styles at all: a component without them is a fault that nothing else would tell."""

from __future__ import annotations

from playwright.sync_api import Page

VARIABLES = "kehu"
"""Each component of antd stands under this class beside its own (console/src/style/theme.ts)."""

UNSTYLED = """
    variables => {
        const mentioned = new Set();
        const read = rules => {
            for (const rule of rules) {
                for (const [, name] of (rule.selectorText ?? "").matchAll(/[.]([\\w-]+)/g)) mentioned.add(name);
                if (rule.cssRules) read(rule.cssRules);
            }
        };
        for (const sheet of document.styleSheets) read(sheet.cssRules);
        mentioned.delete(variables);
        const bare = element => ![...element.classList].some(name => mentioned.has(name));
        return [...document.querySelectorAll("." + variables)].filter(bare).map(element => element.className);
    }
"""


def unstyled(page: Page) -> list[str]:
    """Return the classes of each component on a page of which no rule mentions one."""
    return [] if page.is_closed() else page.evaluate(UNSTYLED, VARIABLES)
