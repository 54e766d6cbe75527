"""Which errors are drawn, and in what order."""

import subprocess

from hypothesis import given
from hypothesis import strategies as st

from errortool.data.sampling import draw, rank

keys = st.lists(st.text(max_size=8), unique=True, max_size=60)


def test_rank_is_a_plain_md5():
    """The number of `17` for seed 0 is the system's md5 of the text `0:17`."""
    told = subprocess.run(["md5sum"], input=b"0:17", capture_output=True, check=True).stdout
    assert rank(0, "17").hex() == told.split()[0].decode()
    assert rank(7, "é") != rank(0, "é")


@given(keys, st.integers(0, 70), st.integers(0, 10), st.randoms())
def test_the_order_of_rows_does_not_matter(names: list[str], size: int, seed: int, random):
    """Shuffled keys give the same sample."""
    shuffled = names[:]
    random.shuffle(shuffled)
    assert draw(shuffled, size, seed) == draw(names, size, seed)


@given(keys, st.integers(0, 30), st.integers(0, 30))
def test_a_larger_sample_begins_with_the_smaller(names: list[str], size: int, more: int):
    """150 begin with the 100: extending a session keeps what was looked at."""
    assert draw(names, size + more, 3)[:size] == draw(names, size, 3)[: size + more]


@given(keys, keys, st.integers(0, 40))
def test_samples_of_two_models_overlap_as_much_as_possible(
    old: list[str], new: list[str], size: int
):
    """An error of both models that the old sample holds is drawn again, if it ranks high enough."""
    was = set(draw(old, size, 0))
    now = draw(new, size, 0)
    dropped = [key for key in new if key in was and key not in now]
    assert all(rank(0, key) > max(rank(0, other) for other in now) for key in dropped)


def test_asking_for_more_than_there_are_gives_all():
    """Every key once, none twice."""
    assert sorted(draw(["a", "b", "c"], 100, 0)) == ["a", "b", "c"]


def test_each_error_is_as_likely_as_any_other():
    """Over 400 seeds each of 20 keys is drawn about as often (99.99 % bounds of a binomial)."""
    names = [str(number) for number in range(20)]
    counts = dict.fromkeys(names, 0)
    for seed in range(400):
        for key in draw(names, 5, seed):
            counts[key] += 1
    assert all(66 <= count <= 136 for count in counts.values())
