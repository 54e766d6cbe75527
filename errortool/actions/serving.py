"""Serve the app in the background of a notebook or script, until that ends."""

import atexit
import os
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import IO, Final

from errortool.errors import StoreError

FRAMED: Final = "ERRORTOOL_FRAMED"
"""Set to 1, pages of this computer, such as a notebook's, may show the app in a frame."""

_PATIENCE: Final = 5  # seconds that a server has to end
_HEIGHT: Final = 800  # pixels, of the frame in a notebook
_SERVERS: Final[dict[Path, tuple[subprocess.Popen[str], str]]] = {}


class Address(str):
    """The address of a page that is served; a notebook shows the page itself."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        url = escape(self)
        return (
            f'<iframe src="{url}" width="100%" height="{_HEIGHT}" style="border:0" '
            f'title="errortool"></iframe><p><a href="{url}" target="_blank">{url}</a></p>'
        )


def address(db: Path, page: str) -> Address:
    """Return the address of a page of the app on a session file, which is served if it isn't yet.

    It is served on this computer alone, by a process of its own that ends with this one. Raises
    StoreError if the session file can't be opened.
    """
    place = db.absolute()
    server, base = _SERVERS.get(place, (None, ""))
    if server is None or server.poll() is not None:
        server, base = _SERVERS[place] = _started(place)
    return Address(f"{base}/{page}")


def _started(db: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a server; return it, and its address once it answers."""
    command = [sys.executable, "-c", "from errortool.cli import main; main()"]
    said = tempfile.TemporaryFile("w+")  # noqa: SIM115  the server writes to it as long as it runs
    server = subprocess.Popen(  # noqa: S603  our own command line
        [*command, "--db", str(db), "--host", "127.0.0.1", "--no-browser"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
        env=os.environ | {FRAMED: "1"},
    )
    atexit.register(_stop, server, said)
    assert server.stdout is not None
    for line in server.stdout:
        if line.startswith("errortool: "):
            return server, line.removeprefix("errortool: ").strip().rstrip("/")
    server.wait()
    said.seek(0)
    why = said.read().strip().rpartition("\n")[2].removeprefix("Error: ").rstrip(".")
    message = f"the app can't be served: {why}" if why else "the app can't be served"
    raise StoreError(message)


def _stop(server: subprocess.Popen[str], said: IO[str]) -> None:
    with said, server:
        server.terminate()
        try:
            server.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
