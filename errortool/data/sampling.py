"""Draw which errors to review, and in what order.

Every dev example has one fixed random number for a seed, `md5(f"{seed}:{id}")`; the sample is
the errors with the smallest ones, in that order. So the order of the file's rows doesn't matter,
a sample of 150 begins with the sample of 100, samples of two models' errors overlap as much as
they can, and any prefix is itself a simple random sample of the errors (permanent random
numbers: Ohlsson 1995, "Coordination of samples using permanent random numbers").
"""

from collections.abc import Iterable
from hashlib import md5
from heapq import nsmallest

from errortool.model import Eyeball


def rank(seed: int, key: str) -> bytes:
    """Return the random number of the dev example `key`, as 16 bytes that sort as it does.

    >>> rank(0, "17").hex()
    '2b7954e607ef24c8c56eb9a3ea89a006'
    """
    return md5(f"{seed}:{key}".encode(), usedforsecurity=False).digest()


def seen(key: str, eyeball: Eyeball) -> bool:
    """Return whether a dev example is in the part that people may look at."""
    return rank(eyeball.seed, key).hex() <= eyeball.last


def draw(keys: Iterable[str], size: int, seed: int) -> list[str]:
    """Return the `size` keys of lowest rank, lowest first; all of them if there are fewer.

    `keys` must be distinct. The result depends on the set of keys alone, not on their order.

    >>> draw(["a", "b", "c"], 2, seed=0) == draw(["c", "b", "a"], 3, seed=0)[:2]
    True
    """
    start = md5(f"{seed}:".encode(), usedforsecurity=False)

    def ranked(key: str) -> tuple[bytes, str]:  # `rank`, hashing the seed once for all keys
        number = start.copy()
        number.update(key.encode())
        return number.digest(), key

    return [key for _, key in nsmallest(size, map(ranked, keys))]
