"""The app as a server: Streamlit's pages, our routes, and what stands before both.

`streamlit run app.py` finds the app object in app.py; the command `errortool` calls `run`.
"""

import os
import sys
import threading
import tomllib
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from streamlit import config

from errortool import resources
from errortool.errors import ErrortoolError, ExposureError
from errortool.web import ahead, streamlit_internals
from errortool.web.routes import NOT_CACHED, routes
from errortool.web.security import exposure
from errortool.web.security.guard import Guard
from errortool.web.security.headers import SecurityHeaders, security_headers
from errortool.web.security.signin import SignIn
from errortool.web.service import DB_VARIABLE, service

SCRIPT: Final = Path(__file__).parent / "entry" / "main.py"

_SEEN_AT: Final = "browser.serverAddress"
"""Unset, Streamlit asks a web service for this computer's address outside."""


def parts() -> dict[str, Any]:
    """Return what st.App takes beside the script; exit where it would be open to strangers."""
    try:
        exposure.refuse_strangers()
    except ExposureError as error:  # `streamlit run app.py --server.address 0.0.0.0`
        sys.exit(f"Error: {error}.")
    config.set_option(_SEEN_AT, exposure.host())
    return {
        "routes": routes(),
        "middleware": [Middleware(SecurityHeaders), Middleware(Guard), Middleware(SignIn)],
        "lifespan": _lifespan,
        "on_script_error": _on_error,
        "exception_handlers": {Exception: _on_fault},
    }


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[None]:
    ahead.import_later()
    yield


def _on_error(error: Exception) -> bool:
    """Show our own sentence where a page failed; anything else goes to the log."""
    if isinstance(error, ErrortoolError):
        from errortool.web.escape import show_error

        show_error(str(error))
        return True
    return False


async def _on_fault(_: Request, __: Exception) -> Response:
    """Answer where we failed: no traceback, no path; Starlette writes both to the log.

    This answer alone doesn't pass the middleware.
    """
    body = b'{"error":"something went wrong in the server, and its log says what"}'
    return Response(body, 500, {**NOT_CACHED, **security_headers()}, media_type="application/json")


def streamlit_settings() -> dict[str, object]:
    """Return the Streamlit settings that come along, and before them those in the environment."""
    with resources.config().open("rb") as file:
        sections = tomllib.load(file)

    def flat(prefix: str, table: dict[str, Any]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in table.items():
            if isinstance(value, dict):
                found |= flat(f"{prefix}{key}.", value)
            else:
                found[prefix + key] = value
        return found

    return flat("", sections) | streamlit_internals.settings_in_environment()


def run(
    db: Path,
    *,
    host: str | None = None,
    port: int | None,
    insecure: bool = False,
    browser: bool,
    open_at: str = "",
) -> None:
    """Serve the app on the session file `db` until stopped; open a browser at a page of it.

    Raises StoreError if the session file can't be opened, ExposureError if strangers could come.
    """
    chosen = streamlit_settings() | {"server.headless": True}
    if host is not None:
        chosen["server.address"] = host
    if port is not None:
        chosen["server.port"] = port
    if insecure:
        os.environ[exposure.INSECURE_VARIABLE] = "1"
    config.get_config_options(force_reparse=True, options_from_flags=chosen)  # for our routes
    exposure.refuse_strangers()
    exposure.refuse_foreign_address()
    chosen[_SEEN_AT] = exposure.host()
    os.environ[DB_VARIABLE] = str(db.absolute())
    known = service()  # a file that can't be opened is reported here, before anything is served

    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[None]:
        address = exposure.address()
        base = str(config.get_option("server.baseUrlPath") or "").strip("/")
        url = "/".join(part for part in (address, base, open_at) if part)
        print(f"errortool: {url}", flush=True)  # noqa: T201  the one line that the user needs
        if browser:
            threading.Timer(0.3, webbrowser.open, [url]).start()
        async with _lifespan(app):
            yield
        known.store.close()  # ended by a signal, the process doesn't come to anything after this

    st.App(SCRIPT, **(parts() | {"lifespan": lifespan})).run(config=chosen)
