"""What is said of sessions, and of a table before one begins."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from helpers import begin, cats_and_dogs

from errortool.model import Session
from errortool.output import session_phrases as say

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "says"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(minutes=60), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(hours=24), "1 day ago"),
        (timedelta(days=30, hours=23), "30 days ago"),
        (timedelta(days=31), "on 9 Feb 2026"),
    ],
)
def test_how_long_ago(passed: timedelta, says: str):
    """Roughly, with a date for what is long ago."""
    assert say.ago(NOW - passed, NOW) == says


def test_an_exact_time_is_local_and_says_so():
    """The browser's time zone, by name."""
    assert say.exact(NOW, ZoneInfo("Asia/Tokyo")) == "2026-03-12 21:00 (Asia/Tokyo)"


def test_progress_names_both_numbers(store, session: Session, tmp_path):
    """Those drawn and those there are; one number where they are the same."""
    assert say.progress(session, 4) == "4 of all 12 errors looked at"
    one = begin(store, cats_and_dogs(tmp_path / "one", errors=1), name="one")
    assert say.progress(one, 0) == "0 of 1 error looked at"


@pytest.mark.parametrize(
    ("labels", "predictions", "says"),
    [
        ({"cat": 1000, "not cat": 9000}, {"cat": 900},
         "Labels: cat 1,000, not cat 9,000. Predictions: cat 900."),
        ({"cat": 1}, {"cat": 1, "dog": 2},
         "Labels: cat 1. Predictions: cat 1, dog 2; 1 class is never a label."),
        ({"cat": 1}, {"dog": 1}, "Labels: cat 1. Predictions: dog 1; 1 class is never a label: is "
         "this the right column?"),
        ({"a": 5, "b": 4}, dict.fromkeys("abcdefghij", 1),
         "Labels: a 5, b 4. Predictions: 10 classes (a 1, b 1, c 1, …); 8 of them are never a "
         "label: is this the right column?"),
        ({"x" * 30: 1}, {"x" * 30: 1}, f"Labels: {'x' * 23}… 1. Predictions: {'x' * 23}… 1."),
    ],
)  # fmt: skip
def test_classes_with_counts(labels, predictions, says: str):
    """A question only where more than half of what is predicted is never a label."""
    assert say.classes(labels, predictions) == says


@pytest.mark.parametrize(
    ("shown", "tried", "says"),
    [
        (12, 12, "All of the first 12 sampled images open."),
        (11, 12, "11 of the first 12 sampled images open."),
        (1, 12, "1 of the first 12 sampled images opens."),
        (0, 12, "None of the first 12 sampled images opens."),
        (1, 1, "The first sampled image opens."),
        (0, 1, "The first sampled image doesn't open."),
    ],
)
def test_how_many_open(shown: int, tried: int, says: str):
    """In whole sentences."""
    assert say.opening(shown, tried) == says


@pytest.mark.parametrize(
    ("missing", "number", "says"),
    [
        (3, 100, "3 of 100 sampled images can't be shown: you would judge them unseen. The first: "
         "it is gone."),
        (1, 100, "1 of 100 sampled images can't be shown: you would judge it unseen. The first: "
         "it is gone."),
        (100, 100, "None of the 100 sampled images can be shown: you would judge them unseen. The "
         "first: it is gone."),
        (1, 1, "The only sampled image can't be shown: you would judge it unseen. The first: it "
         "is gone."),
    ],
)  # fmt: skip
def test_images_that_do_not_open_are_asked_about(missing: int, number: int, says: str):
    """How many, and why the first doesn't."""
    assert say.unshown(missing, number, "it is gone") == says


def test_short_words():
    """Nothing is said of what isn't there."""
    assert say.largest(None, 0) == ""
    assert say.largest("Dog", 0.514) == "largest: Dog 51 %"
    assert say.samples([]) == "empty"
    assert say.samples(["a", "b" * 40]) == f"a · {'b' * 23}…"
    assert say.all_shown(1) == "The only sampled image opens."
    assert say.all_shown(100) == "All 100 sampled images open."
