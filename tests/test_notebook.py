"""The README's notebook example, in a real kernel."""

import re
from pathlib import Path

import httpx2
import nbformat
import numpy as np
import pytest
from documents import README, blocks
from nbclient import NotebookClient

from errortool.store import Store


@pytest.fixture
def notebook(tmp_path: Path) -> nbformat.NotebookNode:
    """Return a notebook of the README's lines, and one that asks the address for its page."""
    np.savez(
        tmp_path / "outputs.npz",
        labels=np.arange(40) % 2,
        probabilities=np.linspace(0, 1, 80).reshape(40, 2),
        images=np.zeros((40, 8, 8, 3), np.uint8),
    )
    (block,) = (one for one in blocks(README, "python") if "errortool.open" in one.code)
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_code_cell(block.code), nbformat.v4.new_code_cell(_ASK)]
    return made


_ASK = """
import urllib.request
with urllib.request.urlopen(errortool.open("cats v1")) as answer:
    print(answer.status, answer.headers["Content-Security-Policy"], end=" ")
    print(answer.headers["X-Frame-Options"])
"""


def test_the_readmes_lines_show_the_review_in_the_cell(notebook, tmp_path: Path):
    """The output is a frame with the review's page; the server ends with the kernel."""
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    shown = notebook.cells[0].outputs[-1]["data"]["text/html"]
    (url,) = re.findall(r'<iframe src="([^"]+)"', shown)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/review\?session=1", url)
    status, *headers = notebook.cells[1].outputs[-1]["text"].split()
    assert status == "200"
    assert "http://localhost:*" in headers
    assert headers[-1] == "None"
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url)
    store = Store(tmp_path / "errortool.db")
    (session,) = store.sessions()
    store.close()
    assert (session.name, session.dev_examples) == ("cats v1", 40)
