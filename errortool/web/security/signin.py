"""Identify users by Streamlit's own sign-in (OIDC), where `.streamlit/secrets.toml` sets it up.

Streamlit stores the user in a signed cookie. Pages and routes both read it here, by Streamlit's own
functions, so that they can't disagree.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from streamlit.errors import StreamlitAuthError

from errortool.actions.identity import reviewer
from errortool.errors import ErrortoolError, ExposureError
from errortool.web import streamlit_internals

_SHORTEST_SECRET: Final = 32
_NOT_PROVIDERS: Final = frozenset({"client_kwargs"})

# What is open before signing in: Streamlit's scripts, its WebSocket (whose page shows the button
# and nothing else), and the way to the provider and back. Pages are one word, where Streamlit
# serves only its index.html; the files of pages (/media), uploads and all of ours lie deeper.
_OPEN: Final = re.compile(
    r"/[\w.-]*/?|/static/.*|/auth/login|/auth/logout|/_stcore/(health|host-config|stream)", re.ASCII
)


class SignInError(ErrortoolError):
    """A request in the name of another user than the one who signed in."""


@cache
def required() -> bool:
    """Return whether users must sign in; decided once, so that it can't change while we serve."""
    return bool(streamlit_internals.sign_in_settings())


def providers() -> tuple[str, ...]:
    """Return the names of the providers that users can sign in with."""
    section = streamlit_internals.sign_in_settings()
    named = tuple(
        name
        for name, value in section.items()
        if isinstance(value, Mapping) and name not in _NOT_PROVIDERS
    )
    return ("default", *named) if "client_id" in section else named


def refuse_unsafe() -> None:
    """Raise ExposureError if sign-in is set up, but can't work or isn't safe."""
    files = [file for file in config.get_option("secrets.files") if Path(file).exists()]
    if files and not streamlit_internals.secrets_are_toml():
        message = f"{' or '.join(files)} isn't valid TOML, so sign-in can't be configured: fix it"
        raise ExposureError(message)
    if not required():
        return
    if not streamlit_internals.authlib_is_installed():
        message = "the sign-in needs Authlib: pip install 'errortool[auth]'"
        raise ExposureError(message)
    try:
        for name in providers() or ("default",):
            streamlit_internals.validate_provider(name)
    except StreamlitAuthError as error:
        message = f"the sign-in is not set up: {' '.join(str(error).split())}"
        raise ExposureError(message) from error
    if not streamlit_internals.redirect_uri() or origin() is None:
        message = (
            "redirect_uri in [auth] of .streamlit/secrets.toml must be the address that users open "
            "with /oauth2callback behind it, such as https://errors.example.org/oauth2callback"
        )
        raise ExposureError(message)
    if len(streamlit_internals.cookie_secret()) < _SHORTEST_SECRET:
        message = (
            f"cookie_secret in [auth] of .streamlit/secrets.toml has less than {_SHORTEST_SECRET} "
            "characters and could be guessed: take what `openssl rand -hex 32` prints"
        )
        raise ExposureError(message)


def origin() -> str | None:
    """Return scheme, host and port of the app's public address, if sign-in names one."""
    found = streamlit_internals.redirect_origin() if required() else None
    if found is None:
        return None
    parts = urlsplit(found)
    return found if parts.scheme in {"http", "https"} and parts.hostname else None


def user(cookies: Mapping[str, str]) -> str | None:
    """Return the reviewer in Streamlit's cookie, if signed by us, for our address, in date."""
    claims = streamlit_internals.signed_user(cookies)
    try:
        value = json.loads(claims or b"{}")
    except ValueError:
        return None
    if not value.get("is_logged_in") or value.get("origin") != origin():
        return None
    return _name(value)


def _name(claims: Mapping[str, object]) -> str | None:
    """Return a user's name: the e-mail address, unless the provider says it isn't verified."""
    keys = ("email", "name", "sub") if claims.get("email_verified") is not False else ("sub",)
    for key in keys:
        claim = claims.get(key)
        if isinstance(claim, str) and claim.strip():
            try:
                return reviewer(claim)
            except ErrortoolError:  # it can't be a name: try the next claim
                continue
    return None


class SignIn:
    """ASGI middleware: 401 for everything but the way to sign in, until signed in.

    Our routes find the user in `scope["state"]["reviewer"]`.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 401."""
        if scope["type"] not in {"http", "websocket"} or not required():
            await self._app(scope, receive, send)
            return
        who = user(HTTPConnection(scope).cookies)
        if who is None and not _open(scope["path"]):
            sentence = "you are not signed in: reload the page to sign in"
            await JSONResponse({"error": sentence}, 401)(scope, receive, send)
            return
        scope.setdefault("state", {})["reviewer"] = who
        await self._app(scope, receive, send)


def _open(path: str) -> bool:
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return bool(_OPEN.fullmatch(path.removeprefix(f"/{base}") if base else path))
