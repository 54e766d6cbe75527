"""The app as a server: Streamlit's pages, and our routes for images and judgements.

`streamlit run app.py` finds the app object in app.py; the command `errortool` calls `run`.
"""

import os
import re
import sys
import threading
import tomllib
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import click
import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import config

from errortool import resources
from errortool.actions import identity, reporting
from errortool.errors import ErrortoolError, ExposureError, ImageError, SessionError, StoreError
from errortool.images import PREVIEW_SIDE, THUMBNAIL_SIDE
from errortool.web import exposure, policy, wire
from errortool.web.guard import Guard
from errortool.web.policy import Policy
from errortool.web.service import DB_VARIABLE, service
from errortool.web.signin import SignIn, SignInError

SCRIPT: Final = Path(__file__).parent / "entry" / "script.py"

_SIDES: Final = {"full": None, "thumb": THUMBNAIL_SIDE}
_KEEP_IMAGE: Final = {"Cache-Control": "private, max-age=86400, immutable"}
_KEEP_NOTHING: Final = {"Cache-Control": "no-store"}

_SEEN_AT: Final = "browser.serverAddress"
"""Unset, Streamlit asks a web service for this computer's address outside."""

Handler = Callable[[Request], Awaitable[Response]]


def parts() -> dict[str, Any]:
    """Return what st.App takes beside the script; exit where it would be open to strangers."""
    try:
        exposure.check()
    except ExposureError as error:  # `streamlit run app.py --server.address 0.0.0.0`
        sys.exit(f"Error: {error}.")
    config.set_option(_SEEN_AT, exposure.host())
    return {
        "routes": routes(),
        "middleware": [Middleware(Policy), Middleware(Guard), Middleware(SignIn)],
        "on_script_error": _on_error,
        "exception_handlers": {Exception: _on_fault},
    }


def routes() -> list[BaseRoute]:
    """Return our routes, below the path at which Streamlit is told to serve."""
    base = "/" + str(config.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"{base.rstrip('/')}/errortool"
    return [
        Route(f"{base.rstrip('/')}/sessions", _home, methods=["GET"]),
        Route(f"{prefix}/review/{{uid}}", _answered(_review), methods=["GET"]),
        Route(f"{prefix}/steps/{{uid}}", _answered(_steps), methods=["GET"]),
        Route(f"{prefix}/advice/{{uid}}", _answered(_advice), methods=["GET"]),
        Route(f"{prefix}/image/{{uid}}/{{position}}", _answered(_image), methods=["GET"]),
        Route(f"{prefix}/changes/{{uid}}", _answered(_changes), methods=["POST"]),
    ]


def _answered(handler: Handler) -> Handler:
    """Turn our errors into JSON with a fitting status."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except SignInError as error:
            return _json(wire.error_json(error), 401)
        except SessionError as error:
            return _json(wire.error_json(error), 404)
        except ImageError as error:
            return _json(wire.error_json(error), 422)
        except StoreError as error:
            return _json(wire.error_json(error), 503)
        except wire.WireError as error:
            return _json(wire.error_json(error), 400)

    return answer


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, _KEEP_NOTHING, media_type="application/json")


def _number(text: str) -> int:
    """Return a number from a URL; -1, which nothing has, for what is none."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else -1


def _reviewer(request: Request) -> Callable[[str], str]:
    """Return what makes a reviewer of the name that a request gives.

    Whoever signed in is nobody else, but a name may be left out. Raises SignInError otherwise: the
    browser keeps such changes until the other one signs in.
    """
    who: str | None = getattr(request.state, "reviewer", None)
    if who is None:
        return identity.reviewer

    def signed_in(name: str) -> str:
        if name not in {"", who}:
            message = f"it is by {name!r} and you are signed in as {who!r}"
            raise SignInError(message)
        return who

    return signed_in


async def _home(request: Request) -> Response:
    """GET: the first page has no path of its own, but people and bookmarks give it one."""
    return RedirectResponse(str(request.url).rpartition("/sessions")[0] + "/")


async def _review(request: Request) -> Response:
    """GET: where a reviewer stands; the images that come next are made ready meanwhile."""
    uid = request.path_params["uid"]
    who = _reviewer(request)(request.query_params.get("reviewer", ""))

    def read() -> bytes:
        known = service()
        review = known.store.review(known.store.session_of(uid), who)
        known.make_ready(uid, {look.position for look in review.looks if look.status})
        return wire.review_json(review, who)

    return _json(await to_thread.run_sync(read))


async def _steps(request: Request) -> Response:
    """GET: older changes that can be undone."""
    uid, query = request.path_params["uid"], request.query_params
    before = _number(query.get("before", ""))

    def read() -> bytes:
        store = service().store
        who = _reviewer(request)(query.get("reviewer", ""))
        return wire.steps_json(store.steps(store.session_of(uid), who, before=before))

    return _json(await to_thread.run_sync(read))


async def _advice(request: Request) -> Response:
    """GET: how far the review has come, and what going on would bring, in words."""
    uid = request.path_params["uid"]

    def read() -> bytes:
        store = service().store
        return wire.advice_json(reporting.figures(store, store.session_of(uid)))

    return _json(await to_thread.run_sync(read))


async def _image(request: Request) -> Response:
    """GET: the image at a position, upright, re-encoded by us; `size` is full or thumb."""
    uid, position = request.path_params["uid"], _number(request.path_params["position"])
    side = _SIDES.get(request.query_params.get("size", ""), PREVIEW_SIDE)
    encoded = await to_thread.run_sync(lambda: service().image(uid, position, side=side))
    return Response(encoded.data, 200, _KEEP_IMAGE, media_type=encoded.content_type)


async def _changes(request: Request) -> Response:
    """POST: record changes, answer when they are on disk, and tell what others did."""
    uid = request.path_params["uid"]
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        return _json(b'{"error":"JSON only"}', 415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > wire.MAX_BODY:
            return _json(b'{"error":"too much at once"}', 413)
    token = request.headers.get("x-errortool-token", "")

    def write() -> tuple[bytes, int]:
        known = service()
        if not known.allows(uid, token):
            return b'{"error":"token"}', 403
        session = known.store.session_of(uid)
        batch = wire.batch(body, _reviewer(request))
        applied = known.store.apply(session, batch.changes)
        news = known.store.news(session, after=batch.after, client=batch.client)
        return wire.applied_json(batch, applied, news), 200

    return _json(*await to_thread.run_sync(write))


def _on_error(error: Exception) -> bool:
    """Show our own sentence where a page failed; anything else goes to the log."""
    if isinstance(error, ErrortoolError):
        from errortool.web.text import show_error

        show_error(str(error))
        return True
    return False


async def _on_fault(_: Request, __: Exception) -> Response:
    """Answer where we failed: no traceback, no path; Starlette writes both to the log.

    This answer alone doesn't pass the middleware.
    """
    body = b'{"error":"something went wrong in the server, and its log says what"}'
    return Response(body, 500, {**_KEEP_NOTHING, **policy.headers()}, media_type="application/json")


def settings() -> dict[str, object]:
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

    return flat("", sections) | _environment()


def _environment() -> dict[str, object]:
    """Return the settings in the environment, as `streamlit run` alone reads them."""
    from streamlit.web.cli import main_run

    context = click.Context(main_run)
    found: dict[str, object] = {}
    for option in main_run.params:
        said = option.value_from_envvar(context) if option.envvar else None
        if said is not None and option.name is not None:
            found[option.name.replace("_", ".")] = option.type_cast_value(context, said)
    return found


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
    chosen = settings() | {"server.headless": True}
    if host is not None:
        chosen["server.address"] = host
    if port is not None:
        chosen["server.port"] = port
    if insecure:
        os.environ[exposure.INSECURE_VARIABLE] = "1"
    config.get_config_options(force_reparse=True, options_from_flags=chosen)  # for our routes
    exposure.check()
    exposure.check_address()
    chosen[_SEEN_AT] = exposure.host()
    os.environ[DB_VARIABLE] = str(db.absolute())
    known = service()  # a file that can't be opened is told here, before anything is served

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        address = exposure.address()
        base = str(config.get_option("server.baseUrlPath") or "").strip("/")
        url = "/".join(part for part in (address, base, open_at) if part)
        print(f"errortool: {url}", flush=True)  # noqa: T201  the one line that the user needs
        if browser:
            threading.Timer(0.3, webbrowser.open, [url]).start()
        yield
        known.store.close()  # ended by a signal, the process doesn't come to anything after this

    st.App(SCRIPT, **parts(), lifespan=lifespan).run(config=chosen)
