"""Three ways to work a page: by mouse, by finger, by keys alone.

Each counts what a person presses: every click, tap and key, shortcuts of one letter too; only what is typed into
a field is text, and not counted.
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

    def choose(self, link: Locator) -> None:
        """Open one of the records that are shown, by its name."""
        self.press(link)

    def find(self, box: Locator, text: str) -> None:
        """Narrow a list to what is found by a text."""
        self.press(box)
        box.fill(text)

    def goes(self, place: str) -> bool:
        """Go to a place by a key of its own; false where these hands rather go by the navigation."""
        return False

    def reload(self) -> None:
        """Load the page anew."""
        self.page.reload()
        self.presses += 1


class Finger(Mouse):
    """A finger on a screen that knows touches."""

    def hit(self, target: Locator) -> None:
        target.tap()


LETTERS = {"线索": "l", "审批": "a", "应收": "r"}
"""The letters of the places that the walk goes to, as the console's help page lists them."""

DEEDS = "."
"""The key that lists what may be done now, as the help page and the buttons say."""


class Keys(Mouse):
    """Keys alone: a button's own key, which it says where the mouse rests on it; all else is gone to by Tab."""

    def key(self, *names: str) -> None:
        """Press keys one after the other; several held together are one press, such as Control+Enter."""
        for name in names:
            self.page.keyboard.press(name)
            self.presses += 1

    def goes(self, place: str) -> bool:
        if place in LETTERS:
            self.key("g", LETTERS[place])
        return place in LETTERS

    def press(self, target: Locator) -> None:
        expect(target).to_be_visible()
        keys = target.get_attribute("title")
        if keys is None:
            self.reach(target)
            self.key("Enter")
        elif keys == DEEDS:
            name = target.inner_text()
            self.key(DEEDS)
            self.take(name)
        else:
            self.key(*keys.split(" "))

    def take(self, name: str) -> None:
        """Take a line of the list that is open."""
        line = self.page.get_by_role("dialog").get_by_role("option", name=name, exact=True)
        expect(line).to_be_visible()
        while line.get_attribute("aria-selected") != "true":
            self.key("ArrowDown")
        self.key("Enter")

    def choose(self, link: Locator) -> None:
        expect(link).to_be_visible()
        if not has_focus(link):
            for row in range(link.evaluate(PLACE) + 1):
                self.key("j")
                expect(self.rows().nth(row).get_by_role("link").first).to_be_focused()
        self.key("Enter")

    def rows(self) -> Locator:
        """Return the rows that lead somewhere."""
        return self.page.get_by_role("main").get_by_role("row").filter(has=self.page.get_by_role("link"))

    def find(self, box: Locator, text: str) -> None:
        self.press(box)
        expect(box).to_be_focused()
        self.page.keyboard.insert_text(text)
        expect(self.rows()).to_have_count(1)
        self.key("ArrowDown")

    def write(self, field: Locator, text: str) -> None:
        self.is_in_a_field()
        self.reach(field)
        if not field.evaluate(IS_MARKED):
            self.key("Control+a")
        self.page.keyboard.insert_text(text)

    def is_in_a_field(self) -> None:
        """See that one can write: a form that opens puts one where it begins."""
        expect(self.page.locator(":is(input, textarea):focus")).to_be_visible()

    def send(self, button: Locator) -> None:
        self.is_in_a_field()
        in_line = self.page.locator("input:focus:not([role=combobox])").count()
        self.key("Enter" if in_line else "Control+Enter")
        expect(button).to_be_hidden()

    def reach(self, target: Locator) -> None:
        """Go there by Tab, forwards or back, as who sees the page does."""
        expect(target).to_be_visible()
        for _ in range(FARTHEST):
            if has_focus(target):
                return
            before = target.evaluate(IS_BEFORE)
            self.key("Shift+Tab" if before else "Tab")
        raise AssertionError(f"{target} cannot be reached by Tab")


IS_MARKED = "field => field.selectionEnd - field.selectionStart === field.value.length"
"""Whether what is written takes the place of all that stands there, as it does where one has come by Tab."""

PLACE = "link => [...link.closest('tbody').querySelectorAll('tr:has(a)')].indexOf(link.closest('tr'))"
"""The place of a row among those that lead somewhere."""

IS_BEFORE = """target => {
    const here = document.activeElement;
    return here !== document.body && Boolean(here.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING);
}"""


def has_focus(target: Locator) -> bool:
    """Tell whether what is typed now goes there."""
    expect(target).to_be_visible()
    return bool(target.evaluate("target => target === document.activeElement"))
