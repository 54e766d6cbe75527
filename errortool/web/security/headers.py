"""Set security headers on every answer, Streamlit's files included."""

import os
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from errortool.actions.serving import FRAMED
from errortool.web import streamlit_internals

_SOURCES: Final = {
    "default-src": "'none'",
    # Streamlit loads a component's script from a blob, and its protobuf reader computes in
    # WebAssembly. Its charts are drawn by Vega's interpreter: 'unsafe-eval' is not needed.
    "script-src": "'self' blob: 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",  # emotion writes <style>, our tables and charts style=
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",  # icons
    "connect-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}

_HERE: Final = "http://localhost:* http://127.0.0.1:* vscode-webview: 'self'"
"""Who may show the app in a frame where a notebook opened it: pages of this computer."""


@cache
def security_headers() -> dict[str, str]:
    """Return the headers that every answer carries."""
    scripts = re.findall(r"<script>(.*?)</script>", streamlit_internals.index_html(), re.DOTALL)
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    inline = "".join(f" 'sha256-{digest}'" for digest in hashes)
    sources = _SOURCES | {"script-src": _SOURCES["script-src"] + inline}
    framed = os.environ.get(FRAMED) == "1"
    if framed:
        sources["frame-ancestors"] = _HERE
    return {
        "Content-Security-Policy": "; ".join(f"{kind} {where}" for kind, where in sources.items()),
        "X-Content-Type-Options": "nosniff",
        **({} if framed else {"X-Frame-Options": "DENY"}),
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class SecurityHeaders:
    """ASGI middleware: sets the headers on every answer, refusals included."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with our headers."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(security_headers())
            await send(message)

        await self._app(scope, receive, answer if scope["type"] == "http" else send)
