"""Somebody at work in the console: what they do there, said once for every language and every kind of hands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from tests.console.hands import Mouse
from tests.console.people import heading

Words = Callable[[str], str]


@dataclass
class Person:
    """Somebody with an account, a browser of their own, and a way to work it."""

    name: str
    username: str
    password: str
    page: Page
    hands: Mouse
    words: Words

    def _form(self) -> Locator:
        return self.page.get_by_role("dialog")

    def _called(self, name: str) -> re.Pattern[str]:
        """An icon may be named before the words."""
        return re.compile(rf"(^|\s){re.escape(self.words(name))}$")

    def signs_in(self) -> None:
        self.page.goto("/")
        for label, text in (("用户名", self.username), ("密码", self.password)):
            self.hands.write(self.page.get_by_role("textbox", name=self.words(label)), text)
        self.hands.send(self.page.get_by_role("button", name=self.words("登录"), exact=True))
        expect(self.page.get_by_role("button", name=self.name)).to_be_visible()

    def goes_to(self, *path: str) -> None:
        """Go to a place of the navigation; on a phone by what stands behind its last tab."""
        if not self.hands.goes(path[-1]):
            self._follows(path)
        expect(heading(self.page, self.words(path[-1]))).to_be_visible()

    def _follows(self, path: tuple[str, ...]) -> None:
        navigation = self.page.get_by_role("navigation", name=self.words("主导航"))
        link = navigation.get_by_role("link", name=self._called(path[-1]))
        more = navigation.get_by_role("button", name=self.words("更多"))
        if link.count() == 0 and more.count():
            self.hands.press(more)
            link = self._form().get_by_role("link", name=self._called(path[-1]))
        elif link.count() == 0:
            self.hands.press(navigation.get_by_role("menuitem", name=self.words(path[0])))
        self.hands.press(link)

    def does(self, *names: str) -> None:
        """Press the buttons of these names, one after the other."""
        for name in names:
            self.hands.press(self._button(name))

    def _button(self, name: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("button", name=self._called(name)).first

    def fills_in(self, **answers: str) -> None:
        """Write into the fields of the form that is open, by their labels."""
        for label, answer in answers.items():
            self.hands.write(self._form().get_by_label(self.words(label)), answer)

    def sends(self, name: str) -> None:
        """Send the form that is open."""
        self.hands.send(self._form().get_by_role("button", name=self.words(name)))

    def opens(self, name: str, among: str = "") -> None:
        """Open a record by its name: in the list that is shown, or among those related to the record that is."""
        if among:
            self.looks_at(among)
        self.hands.choose(self.page.get_by_role("main").get_by_role("link", name=name))
        self.sees(name)

    def looks_for(self, text: str) -> None:
        """Narrow the list that is shown to what is found by a text."""
        self.hands.find(self.page.get_by_role("main").get_by_role("searchbox"), text)

    def looks_at(self, among: str) -> None:
        """Look at the records of a kind that are related to the one that is shown."""
        related = self.page.get_by_role("navigation", name=self.words("相关记录"))
        self.hands.press(related.get_by_role("link", name=self.words(among), exact=True))

    def reads(self, state: str) -> None:
        """Read that the record which is shown has a state by now."""
        expect(self.page.get_by_role("main").get_by_text(self.words(state), exact=True).first).to_be_visible()

    def looks_again(self) -> None:
        """Load the page anew, to see what others have done meanwhile."""
        self.hands.reload()

    def sees(self, name: str) -> None:
        expect(heading(self.page, name)).to_be_visible()
