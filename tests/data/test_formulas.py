"""No cell that is written is one that a spreadsheet program runs."""

from hypothesis import given
from hypothesis import strategies as st

from errortool.data.formulas import harmless, original


@given(st.text())
def test_a_harmless_cell_is_no_formula_and_comes_back(text: str):
    """No cell begins as a formula does, and what was taken out is what was put in."""
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert original(harmless(text)) == text
