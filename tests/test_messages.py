"""Names in sentences move none of their neighbours, whatever script they are written in."""

from unicodedata import bidirectional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errortool.messages import escaped, isolated, listed, quoted, shown

ARABIC, HEBREW = "خلفية مزدحمة", "כלב"
FROM, TO = "\u2068", "\u2069"


@pytest.mark.parametrize(
    "name", [ARABIC, HEBREW, f"Dog {HEBREW}", f"{ARABIC} (12)", "ܐ", "7 כ", "\u200f7"]
)
def test_names_with_letters_written_right_to_left_are_isolated(name: str):
    """Arabic, Hebrew, Syriac, and mixed ones."""
    assert isolated(name) == f"{FROM}{name}{TO}"


@pytest.mark.parametrize("name", ["", "Dog", "Größe", "猫", "кошка", "12", "٣", "a\u2067b", "🐕"])
def test_other_names_stay_as_they_are(name: str):
    """Also Arabic digits, which take their direction from what is before them."""
    assert isolated(name) == name


def test_quoted_names_are_isolated_with_their_quotes():
    """Where errors are told of, and where columns are listed."""
    assert quoted(HEBREW) == shown(HEBREW) == f"{FROM}'{HEBREW}'{TO}"
    assert listed(["Dog", HEBREW]) == f"'Dog' and {FROM}'{HEBREW}'{TO}"
    assert shown(HEBREW * 20, 4) == f"{FROM}'{HEBREW}{HEBREW[0]}…'{TO}"


def test_what_is_isolated_in_a_text_is_not_isolated_again():
    """A name with its share is a text already; a letter outside of the name asks for it all."""
    assert isolated(f"{FROM}{HEBREW}{TO} 51 %") == f"{FROM}{HEBREW}{TO} 51 %"
    assert isolated(f"a{FROM}b{TO}{HEBREW}") == f"{FROM}a{FROM}b{TO}{HEBREW}{TO}"


@given(st.text())
def test_isolating_adds_nothing_but_the_isolate(name: str):
    """And only where a letter asks for it."""
    found = isolated(name)
    assert found in {name, f"{FROM}{name}{TO}"}
    assert isolated(found) == found
    if FROM not in name:
        assert (found != name) == any(bidirectional(letter) in {"R", "AL"} for letter in name)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"1 of {FROM}{HEBREW}{TO}, 2", f"1 of {FROM}{HEBREW}{TO}, 2"),
        (f"{FROM}{TO}{FROM}a{TO}", f"{FROM}{TO}{FROM}a{TO}"),
        (f"{FROM}open", "?open"),
        (f"closed{TO}", "closed?"),
        (f"{TO}{FROM}", "??"),
        (f"{FROM}{FROM}a{TO}{TO}", f"?{FROM}a{TO}?"),
        (f"{FROM}\u202ea{TO}", "??a?"),
        (f"{FROM}\x1b{TO}", f"{FROM}?{TO}"),
        (f"{FROM}a\n{TO}", "?a??"),
    ],
)
def test_only_whole_isolates_escape_being_made_harmless(text: str, kept: str):
    """One that is open, or holds what overrides a direction, is like any other character."""
    assert escaped(text, lambda char: char if char.isprintable() else "?") == kept
