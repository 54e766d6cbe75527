"""Turn away requests that don't come from this app's own pages."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import config

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ANYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  compared with, not bound to


class Guard:
    """ASGI middleware: the Host must be ours and the Origin, where one is sent, the same host.

    Without it any web page could read a local server by way of a name that resolves to 127.0.0.1
    (DNS rebinding), or write to it from another origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if allowed(headers.get("host", ""), headers.get("origin")):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            response = PlainTextResponse("This address is not one of errortool's.", 403)
            await response(scope, receive, send)


def allowed(host: str, origin: str | None) -> bool:
    """Tell whether a request to `host` (with port) from `origin`, if it names one, is ours."""
    names = _names()
    if _name(f"//{host}") not in names:
        return False
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    same = parts.netloc.lower() == host.lower()
    return parts.scheme in {"http", "https"} and (
        same or (_name(origin) in names and _name(origin) not in _LOCAL)
    )


def _names() -> frozenset[str]:
    """Return the host names that are this server's: local ones and those in the settings."""
    address = str(config.get_option("server.address") or "")
    configured = {str(name).lower() for name in config.get_option("server.allowedHosts") or ()}
    return _LOCAL | configured | ({address.lower()} - _ANYWHERE)


def _name(url: str) -> str | None:
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return None
    return None if name is None else name.lower().rstrip(".")
