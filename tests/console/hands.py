"""Three ways to work a page: by mouse, by finger, by keys alone.

Each counts what a person presses beside text: every click, tap and key that is no letter, also the one by which a field
is gone to. The text itself is not counted.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

FARTHEST = 80
"""So many presses of Tab a person tries at most."""

WATCH_POINTERS = "addEventListener('pointerdown', event => pointed(event.pointerType), true);"
"""A script that tells of what points at the page which runs it."""


class Mouse:
    """What a person does to a page: what is aimed at is clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.pointers: set[str] = set()
        """The kinds of pointers that have touched the page, as the page saw them."""
        page.expose_function("pointed", lambda kind: self.pointers.add(kind))
        page.add_init_script(WATCH_POINTERS)

    def press(self, target: Locator) -> None:
        """Press a link or a button."""
        self.hit(target)
        self.presses += 1

    def write(self, field: Locator, text: str) -> None:
        """Write into a field, in place of what stands there."""
        if not has_focus(field):
            self.press(field)
        field.fill(text)

    def hit(self, target: Locator) -> None:
        """Point at something, and press."""
        target.click()

    def send(self, button: Locator) -> None:
        """Send the form that has just been written into."""
        self.press(button)

    def ask(self, name: str) -> bool:
        """Ask for something by its name; false where these hands rather go to where it is."""
        return False

    def reload(self) -> None:
        """Load the page anew."""
        self.page.reload()
        self.presses += 1


class Finger(Mouse):
    """A finger on a screen that knows touches."""

    def hit(self, target: Locator) -> None:
        target.tap()


class Keys(Mouse):
    """Keys alone: Tab goes to what is wanted, Enter presses it; in a field just written into, it sends the form."""

    written: Locator | None = None

    def key(self, name: str) -> None:
        """Press a key, or several held together."""
        self.page.keyboard.press(name)
        self.presses += 1

    def ask(self, name: str) -> bool:
        self.key("Control+k")
        line = self.page.get_by_role("dialog").get_by_role("search").get_by_role("searchbox")
        expect(line).to_be_focused()
        self.page.keyboard.insert_text(name)
        first = self.page.get_by_role("dialog").get_by_role("listitem").first
        known = first.count() > 0 and first.inner_text() == name
        self.key("Enter" if known else "Escape")
        return known

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.key("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        if field.input_value():
            self.key("Control+a")
        self.page.keyboard.insert_text(text)
        self.written = field

    def send(self, button: Locator) -> None:
        if self.written is not None and self.written.count() and has_focus(self.written):
            self.key("Enter")
        else:
            self.press(button)

    def reach(self, target: Locator) -> None:
        """Go there by Tab, forwards or back, as who sees the page does."""
        expect(target).to_be_visible()
        for _ in range(FARTHEST):
            if has_focus(target):
                return
            before = target.evaluate(IS_BEFORE)
            self.key("Shift+Tab" if before else "Tab")
        raise AssertionError(f"{target} cannot be reached by Tab")


IS_BEFORE = """target => {
    const here = document.activeElement;
    return here !== document.body && Boolean(here.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING);
}"""


def has_focus(target: Locator) -> bool:
    """Tell whether what is typed now goes there."""
    expect(target).to_be_visible()
    return bool(target.evaluate("target => target === document.activeElement"))
