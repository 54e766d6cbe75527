"""A name leads to its room, and what we borrow has one door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import errortool

PACKAGE = Path(errortool.__file__).parent
MODULES = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]


def imported(source: str) -> Iterator[str]:
    """Yield the modules, or names of modules, that some code imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def private(source: str) -> list[str]:
    """Return what some code imports from inside Streamlit."""
    public = ("streamlit", "streamlit.config", "streamlit.errors")
    return [
        name
        for name in imported(source)
        if name.split(".")[0] == "streamlit"
        and not name.startswith(public[1:])
        and name != public[0]
    ]


def test_no_module_is_called_like_a_public_function():
    """`errortool.report` is one thing; pages alone are called by what users call them."""
    names = {path.stem for path in MODULES if path.parent.name != "pages"}
    assert names & set(errortool.__all__) == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_streamlits_private_modules_are_imported_once(path: Path):
    """What Streamlit doesn't promise to keep is used in one module, for the next version's sake."""
    if path.name != "streamlit_internals.py":
        assert private(path.read_text(encoding="utf-8")) == []


def test_private_imports_of_streamlit_are_noticed():
    """The check notices each way of importing."""
    assert private("import streamlit.runtime") == ["streamlit.runtime"]
    assert private("def f():\n    from streamlit.web.cli import main_run") == [
        "streamlit.web.cli.main_run"
    ]
    assert private("import streamlit as st\nfrom streamlit import config") == []
