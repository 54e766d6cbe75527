"""Hypothesis strategies that several tests draw from."""

from hypothesis import strategies as st


@st.composite
def counts(draw: st.DrawFn, most: int) -> tuple[int, int, int]:
    """Draw k of n looked at of E errors."""
    errors = draw(st.integers(1, most))
    n = draw(st.integers(1, errors))
    return draw(st.integers(0, n)), n, errors
