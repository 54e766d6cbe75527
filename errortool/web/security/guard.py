"""Refuse requests from other sites' pages, and those that arrive at a non-loopback address."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import config

from errortool.web.security import exposure, signin

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ANYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  compared with, not bound to


class Guard:
    """ASGI middleware: the Host must be ours and the Origin, where one is sent, the same host.

    Otherwise any web page could read a local server through a name that resolves to 127.0.0.1 (DNS
    rebinding), or write to it from another origin. And an app that is bound to other addresses by
    other means than ours (`uvicorn app:app --host 0.0.0.0`) serves nobody there.
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
        if (
            _reached_by_loopback(scope)
            and allowed(headers.get("host", ""), headers.get("origin"))
            and not _fetched_by_another_site(headers)
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            response = PlainTextResponse("This address is not one of errortool's.", 403)
            await response(scope, receive, send)


def _reached_by_loopback(scope: Scope) -> bool:
    """Return whether the connection came in at a loopback address, or needn't."""
    at, _ = scope.get("server") or ("", None)
    return exposure.is_loopback(at) or exposure.shared()


def _fetched_by_another_site(headers: Headers) -> bool:
    """Return whether the browser says that a page of another site or port embeds or calls us.

    A link may lead here: that is `navigate`, which shows our page to the user alone.
    """
    site = headers.get("sec-fetch-site", "none")
    return site in {"cross-site", "same-site"} and headers.get("sec-fetch-mode") != "navigate"


def allowed(host: str, origin: str | None) -> bool:
    """Return whether a request to `host` (with port) from `origin`, if it names one, is ours.

    Another port is another origin: another user's server may listen there. Behind a proxy that sets
    a host of its own, the origin is one that the settings name in full.
    """
    if not _is_ours(_name(f"//{host}")):
        return False
    if origin is None or origin.lower() in _origins():
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


def _is_ours(name: str | None) -> bool:
    """Return whether a host name is this server's.

    Where it listens on every address, a bare address is: no name can be rebound to it.
    """
    if name is None:
        return False
    return name in _names() or (exposure.anywhere() and exposure.is_address(name))


def _origins() -> frozenset[str]:
    """Return the origins that the settings name: the app's addresses behind a proxy."""
    named = {str(origin).lower() for origin in config.get_option("server.corsAllowedOrigins") or ()}
    return frozenset(named | ({public.lower()} if (public := signin.origin()) else set()))


def _names() -> frozenset[str]:
    """Return the host names that are this server's: local ones and those in the settings."""
    address = str(config.get_option("server.address") or "")
    configured = {str(name).lower() for name in config.get_option("server.allowedHosts") or ()}
    public = _name(signin.origin() or "")
    return _LOCAL | configured | ({address.lower()} - _ANYWHERE) | ({public} if public else set())


def _name(url: str) -> str | None:
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return None
    return None if name is None else name.lower().rstrip(".")
