"""The browser's types of the wire are those of the server."""

from js.wire_types import FILE, typescript


def test_the_browsers_types_are_generated_from_the_servers():
    """wire.d.ts is what `python tests/js/wire_types.py` writes."""
    assert FILE.read_text(encoding="utf-8") == typescript()
