"""Our HTTP routes: a session's state, images, changes and news."""

import re
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import config

from errortool.actions import identity
from errortool.errors import ErrortoolError, ImageError, SessionError, StoreError, TableError
from errortool.images import PREVIEW_SIDE, THUMBNAIL_SIDE
from errortool.messages import quoted
from errortool.model import LEVEL, LEVELS
from errortool.web import ahead, links, protocol, streamlit_internals
from errortool.web.security.signin import SignInError
from errortool.web.service import freeze_imports, service

if TYPE_CHECKING:
    from errortool.web import comparisons, reports

_SIDES: Final = {"full": None, "thumb": THUMBNAIL_SIDE}
_CACHED: Final = {"Cache-Control": "private, max-age=86400, immutable"}
NOT_CACHED: Final = {"Cache-Control": "no-store"}


class _NotJsonError(ErrortoolError):
    """A write in another form than our pages'."""


class _TooLongError(ErrortoolError):
    """A write that no page of ours would send."""


class _TokenError(ErrortoolError):
    """A write by a page that isn't ours, or is of an earlier server."""


_STATUSES: Final = (
    (protocol.WireError, 400),
    (SignInError, 401),
    (_TokenError, 403),
    (SessionError, 404),
    (TableError, 404),
    (_TooLongError, 413),
    (_NotJsonError, 415),
    (ImageError, 422),
    (StoreError, 503),
)

_CONTENT_TYPES: Final = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
}

Handler = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Return our routes, below the base path that Streamlit is configured with."""
    base = "/" + str(config.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"{base.rstrip('/')}/errortool"
    return [
        Route(f"{base.rstrip('/')}/sessions", _home, methods=["GET"]),
        *(
            Route(f"{base.rstrip('/')}/{page}", _page, methods=["GET"])
            for page in ("", *links.PAGES)
        ),
        Route(f"{prefix}/review/{{uid}}", _translated(_review), methods=["GET"]),
        Route(f"{prefix}/steps/{{uid}}", _translated(_steps), methods=["GET"]),
        Route(f"{prefix}/ends/{{uid}}", _translated(_ends), methods=["GET"]),
        Route(f"{prefix}/advice/{{uid}}", _translated(_advice), methods=["GET"]),
        Route(f"{prefix}/report/{{uid}}", _translated(_report), methods=["GET"]),
        Route(f"{prefix}/report/{{uid}}/{{part}}", _translated(_report), methods=["GET"]),
        Route(f"{prefix}/report/{{uid}}/files/{{name}}", _translated(_file), methods=["GET"]),
        Route(f"{prefix}/compare/{{uid}}", _translated(_compare), methods=["GET"]),
        Route(f"{prefix}/compare/{{uid}}/images", _translated(_compared_images), methods=["GET"]),
        Route(f"{prefix}/compare/{{uid}}/files/{{name}}", _translated(_compared), methods=["GET"]),
        Route(f"{prefix}/part/{{uid}}", _translated(_part), methods=["POST"]),
        Route(f"{prefix}/image/{{uid}}/{{position}}", _translated(_image), methods=["GET"]),
        Route(f"{prefix}/dev-image/{{uid}}/{{row}}", _translated(_dev_image), methods=["GET"]),
        Route(f"{prefix}/news/{{uid}}", _translated(_news), methods=["GET"]),
        Route(f"{prefix}/changes/{{uid}}", _translated(_changes), methods=["POST"]),
        Route(f"{prefix}/more/{{uid}}", _translated(_more), methods=["POST"]),
        Route(f"{prefix}/preferences/{{uid}}", _translated(_preferences), methods=["POST"]),
    ]


def _translated(handler: Handler) -> Handler:
    """Answer our errors as JSON, each with its status."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ErrortoolError as error:
            for kind, status in _STATUSES:
                if isinstance(error, kind):
                    return _json(protocol.fault_json(error), status)
            raise

    return answer


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, NOT_CACHED, media_type="application/json")


def _number(text: str) -> int:
    """Parse a number in a URL; -1, which nothing has, if it isn't one."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else -1


def _reviewer(request: Request) -> Callable[[str], str]:
    """Return a function that checks the reviewer's name in a request, or gives the default.

    A signed-in user may only act as themselves, or leave the name out. It raises SignInError
    otherwise: the browser keeps such changes until that reviewer signs in.
    """
    who: str | None = getattr(request.state, "reviewer", None)
    if who is None:
        return identity.reviewer

    def signed_in(name: str) -> str:
        if name not in {"", who}:
            message = f"it is by {quoted(name)} and you are signed in as {quoted(who)}"
            raise SignInError(message)
        return who

    return signed_in


async def _home(request: Request) -> Response:
    """GET: the first page has no path of its own, but bookmarks may give it one."""
    return RedirectResponse(str(request.url).rpartition("/sessions")[0] + "/")


async def _page(request: Request) -> Response:
    """GET: the HTML of a page, the same for all: which one it is, the browser reads in the URL."""
    ahead.import_for(request.url.path.rpartition("/")[2])
    return HTMLResponse(streamlit_internals.index_html(), 200, {"Cache-Control": "no-cache"})


async def _review(request: Request) -> Response:
    """GET: the state of a session for one reviewer; the next previews are made meanwhile."""
    uid = request.path_params["uid"]
    who = _reviewer(request)(request.query_params.get("reviewer", ""))

    def read() -> bytes:
        known = service()
        review = known.store.review(known.store.session_of(uid), who)
        known.prefetch(uid, {look.position for look in review.looks if look.status})
        return protocol.review_json(review, who)

    return _json(await to_thread.run_sync(read))


async def _steps(request: Request) -> Response:
    """GET: older steps that can be undone."""
    uid, query = request.path_params["uid"], request.query_params
    before = _number(query.get("before", ""))

    def read() -> bytes:
        store = service().store
        who = _reviewer(request)(query.get("reviewer", ""))
        return protocol.steps_json(store.steps(store.session_of(uid), who, before=before))

    return _json(await to_thread.run_sync(read))


async def _advice(request: Request) -> Response:
    """GET: advice on when to stop, by the figures of a reviewer; of all without one."""
    from errortool.actions import reporting

    uid = request.path_params["uid"]
    who = request.query_params.get("reviewer") or None

    def read() -> bytes:
        store = service().store
        session = store.session_of(uid)
        try:
            snapshot = store.snapshot(session, who)
        except SessionError:  # nothing judged by them yet
            return protocol.advice_json(None)
        return protocol.advice_json(reporting.compute(snapshot))

    return _json(await to_thread.run_sync(read))


async def _ends(request: Request) -> Response:
    """GET: the ends of live shares, for some numbers of images looked at."""
    query = protocol.ends_query(request.query_params)

    def compute() -> bytes:
        from errortool.analysis import sequences

        session = service().store.session_of(request.path_params["uid"])
        right = (session.dev_examples or session.errors) - session.errors
        number = right if query.right else session.errors
        numbers = range(query.first, min(query.first + _rows(query.first), number + 1))
        shares = sequences.shares_at_any_time(
            [k for n in numbers for k in range(n + 1)],
            [n for n in numbers for _ in range(n + 1)],
            errors=number,
        )
        lows = iter([round(share.low, 4) for share in shares if share])
        rows = [list(islice(lows, n + 1)) for n in numbers]
        return protocol.ends_json(query.first, rows)

    return _json(await to_thread.run_sync(compute))


def _rows(first: int) -> int:
    """Return how many rows of ends to give at once: few where they are long."""
    return max(1, min(50, 6_000 // (first + 1)))


def _shown(request: Request) -> tuple["reports.Shown", protocol.ReportQuery]:
    """Return the report that a request asks for, at the level that its reader prefers."""
    query = protocol.report_query(request.query_params)
    level = _level(query.level, request, query.who)
    uid = request.path_params["uid"]
    shown = service().reports.report(uid, level, query.intervals, query.reviewer or None)
    freeze_imports()
    return shown, query


def _html(text: str) -> Response:
    return HTMLResponse(text, 200, NOT_CACHED)


async def _report(request: Request) -> Response:
    """GET: the report's document, as HTML, or a part of it: what-if, labels, images."""

    def read() -> str:
        from errortool.web import reports

        shown, query = _shown(request)
        part = reports.PARTS.get(request.path_params.get("part", ""))
        if part is None:
            message = f"a report has no part {request.path_params['part'][:40]!r}"
            raise SessionError(message)
        return part(service().reports, shown, query)

    return _html(await to_thread.run_sync(read))


async def _file(request: Request) -> Response:
    """GET: a file of the report, to be saved."""
    name = request.path_params["name"]

    def make() -> str | bytes:
        from errortool.web import reports

        shown, _ = _shown(request)
        made = reports.file(service().reports, shown, name)
        if made is None:
            message = f"a report has no file {name[:40]!r}"
            raise SessionError(message)
        return made

    made = await to_thread.run_sync(make)
    headers = NOT_CACHED | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, 200, headers, media_type=_CONTENT_TYPES[name.rpartition(".")[2]])


def _level(asked: float | None, request: Request, who: str) -> float:
    """Return the level that is asked for, else what its reader prefers."""
    if asked is not None:
        return asked
    preferred = service().store.preferences(_reviewer(request)(who)).level
    return preferred if preferred in LEVELS else LEVEL


async def _compare(request: Request) -> Response:
    """GET: the document of a comparison, as HTML, or why there is none."""
    uid = request.path_params["uid"]
    query = protocol.compare_query(request.query_params)

    def read() -> str:
        from errortool.web import comparisons

        known = service()
        level = _level(query.level, request, query.who)
        made = comparisons.body(known.comparisons, known.store.session_of(uid), query, level)
        freeze_imports()
        return made

    return _html(await to_thread.run_sync(read))


def _shown_comparison(request: Request) -> tuple["comparisons.Shown", protocol.CompareQuery]:
    query = protocol.compare_query(request.query_params)
    known = service()
    b = known.store.session_of(request.path_params["uid"])
    a = known.comparisons.before(b, query.a)
    if a is None:
        message = f"there is nothing to compare session {quoted(b.name)} with"
        raise SessionError(message)
    level = _level(query.level, request, query.who)
    return known.comparisons.shown(a, b, query, level), query


async def _compared_images(request: Request) -> Response:
    """GET: images behind a number of a comparison, as HTML."""

    def read() -> str:
        from errortool.web import comparisons

        shown, query = _shown_comparison(request)
        return comparisons.images(service().comparisons, shown, query)

    return _html(await to_thread.run_sync(read))


async def _compared(request: Request) -> Response:
    """GET: a file of a comparison, to be saved."""
    name = request.path_params["name"]

    def make() -> str:
        from errortool.web import comparisons

        made = comparisons.file(_shown_comparison(request)[0], name)
        if made is None:
            message = f"a comparison has no file {name[:40]!r}"
            raise SessionError(message)
        return made

    made = await to_thread.run_sync(make)
    headers = NOT_CACHED | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, 200, headers, media_type=_CONTENT_TYPES[name.rpartition(".")[2]])


async def _part(request: Request) -> Response:
    """POST: begin a session on a part of a round, or find the one begun before."""
    uid = request.path_params["uid"]
    asked = protocol.part(await _body(request))

    def write() -> bytes:
        known = service()
        who = _reviewer(request)(asked.reviewer)
        a, b = known.store.session_numbered(asked.a), known.store.session_of(uid)
        return protocol.begun_json(known.comparisons.begin(a, b, asked.subset, who).id)

    return _json(await to_thread.run_sync(write))


async def _dev_image(request: Request) -> Response:
    """GET: the image of a row of a session's dev set, as those of its examples."""
    uid, row = request.path_params["uid"], _number(request.path_params["row"])
    side = _SIDES.get(request.query_params.get("size", ""), PREVIEW_SIDE)
    encoded = await to_thread.run_sync(lambda: service().dev_image(uid, row, side=side))
    return Response(encoded.data, 200, _CACHED, media_type=encoded.content_type)


async def _image(request: Request) -> Response:
    """GET: the image at a position, upright, re-encoded by us; `size` is full or thumb."""
    uid, position = request.path_params["uid"], _number(request.path_params["position"])
    side = _SIDES.get(request.query_params.get("size", ""), PREVIEW_SIDE)
    encoded = await to_thread.run_sync(lambda: service().image(uid, position, side=side))
    return Response(encoded.data, 200, _CACHED, media_type=encoded.content_type)


async def _news(request: Request) -> Response:
    """GET: what others than `client` did after an event; takes no lock and writes nothing."""
    uid = request.path_params["uid"]
    query = protocol.news_query(request.query_params)

    def read() -> bytes:
        news = service().store.news(uid, after=query.after, client=query.client)
        return protocol.news_json(news)

    return _json(await to_thread.run_sync(read))


async def _body(request: Request) -> bytes:
    """Return the body of a write to a session; refuse what no page of ours sends."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        message = "JSON only"
        raise _NotJsonError(message)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > protocol.MAX_BODY:
            message = "too much at once"
            raise _TooLongError(message)
    token = request.headers.get("x-errortool-token", "")
    if not service().allows(request.path_params["uid"], token):
        message = "token"
        raise _TokenError(message)
    return body


async def _changes(request: Request) -> Response:
    """POST: save changes; answered once they are on disk, with news."""
    uid, body = request.path_params["uid"], await _body(request)

    def write() -> bytes:
        store = service().store
        session = store.session_of(uid)
        batch = protocol.received(body, _reviewer(request))
        applied = store.apply(session, batch.changes)
        news = store.news(uid, after=batch.after, client=batch.client)
        return protocol.answer_json(applied, batch.refusals, news)

    return _json(await to_thread.run_sync(write))


async def _more(request: Request) -> Response:
    """POST: draw more errors, the next of the same order."""
    uid = request.path_params["uid"]
    asked = protocol.more(await _body(request))

    def write() -> bytes:
        from errortool.actions import drawing  # it imports pyarrow, which a review doesn't need

        store = service().store
        who = _reviewer(request)(asked.reviewer)
        done = drawing.draw_more(store, store.session_of(uid), asked.number, reviewer=who)
        return protocol.more_json(done)

    return _json(await to_thread.run_sync(write))


async def _preferences(request: Request) -> Response:
    """POST: keep what a reviewer chose; the token is that of the session on the page."""
    chosen = protocol.preference(await _body(request))

    def write() -> None:
        who = _reviewer(request)(chosen.reviewer)
        service().store.prefer(who, chosen.name, chosen.value)

    await to_thread.run_sync(write)
    return Response(None, 204, NOT_CACHED)
