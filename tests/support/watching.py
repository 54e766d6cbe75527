"""Watches a page for anything that runs, asks elsewhere or breaks the content security policy."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request

_INNOCENT = {"", "data", "blob", "about"}


class Watch:
    """What happened in a page and must not; `assert_quiet` tells."""

    def __init__(self, page: Page, home: str) -> None:
        """Watch `page`, which may talk to `home` alone."""
        self._page, self._home = page, urlsplit(home).netloc
        self.seen: list[str] = []
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("dialog", self._opened)
        page.on("popup", lambda popup: self.seen.append(f"popup {popup.url}"))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => console.error("
            "`violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"
        )

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.netloc != self._home and url.scheme not in _INNOCENT:
            self.seen.append(f"request {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if "violation: " in message.text or "Content Security Policy" in message.text:
            self.seen.append(message.text)

    def _opened(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def assert_quiet(self) -> None:
        """Raise unless nothing ran, asked elsewhere or was refused by the policy."""
        if self._page.evaluate("window.pwned"):
            self.seen.append("something ran")
        assert not self.seen, self.seen[:10]
