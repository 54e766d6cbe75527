"""No cell that is written is one that a spreadsheet program runs."""

from hypothesis import given
from hypothesis import strategies as st

from errortool.data.formulas import harmless, original


@given(st.text())
def test_harmless_cells_are_not_formulas_and_can_be_restored(text: str):
    """No cell begins as a formula does, and what was taken out is what was put in."""
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert original(harmless(text)) == text
