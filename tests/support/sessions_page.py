"""The page Sessions as somebody uses it who keeps several."""

import re

from playwright.sync_api import Page, expect


class Sessions:
    """The page Sessions as its user sees it."""

    def __init__(self, page: Page) -> None:
        """Work in `page`."""
        self.page, self.dialog = page, page.get_by_role("dialog")

    def go(self) -> None:
        """Go there by the menu."""
        self.page.get_by_role("link", name="Sessions").click()
        expect(self.page.get_by_role("button", name="New session")).to_be_visible()

    def choose(self, session: str, action: str) -> None:
        """Choose from the menu of a session, once the page is drawn: a redraw closes the menu."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        row = self.page.locator("[class*=st-key-session-]").filter(
            has=self.page.get_by_text(session, exact=True)
        )
        row.get_by_role("button", name="⋯").click()
        self.page.get_by_role("menuitem", name=action).click()

    def fill(self, role: str, field: str, text: str) -> None:
        """Fill a field of the dialog, and leave it."""
        self.dialog.get_by_role(role, name=field).fill(text)  # type: ignore[arg-type]
        self.page.keyboard.press("Tab")

    def press(self, button: str) -> None:
        """Press a button of the dialog."""
        self.dialog.get_by_role("button", name=button, exact=True).click()

    def says(self, text: str | re.Pattern[str], times: int = 1) -> None:
        """Wait until the page shows a text."""
        expect(self.page.get_by_text(text)).to_have_count(times)
