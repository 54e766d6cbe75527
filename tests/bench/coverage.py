"""How often the intervals cover the truth, and how wide they are, next to the usual ones.

    python tests/bench/coverage.py [--data DIR]

Shares: exact, over all outcomes of n = 100 errors looked at, for true rates of 1 to 60 % of E
errors. Corrected error: 20,000 simulated reviews a row. With --data also the ticks of real classes
(a folder cifar10-cat), 200 seeds. Rows can be pasted into docs/numbers.md.
"""

import argparse
import sys
from functools import cache
from pathlib import Path

import numpy as np
from scipy.stats import beta, binomtest, hypergeom

from errortool.actions import new_session
from errortool.analysis.intervals import Share, corrected_error, share_of_errors, shares_of_errors
from errortool.data import predictions
from errortool.model import Example

SAMPLE = 100
SETS = (60, 120, 306, 1_000, 100_000)
RATES = np.arange(0.01, 0.601, 0.01)
REVIEWS = 20_000


def clopper_pearson(k: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact interval of a binomial, as if errors were drawn with replacement."""
    low = np.where(k == 0, 0, beta.ppf(0.025, k, n - k + 1))
    high = np.where(k == n, 1, beta.ppf(0.975, k + 1, n - k))
    return low, high


def wilson(k: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's interval."""
    ends = [binomtest(int(one), n).proportion_ci(0.95, "wilson") for one in k]
    return np.array([end.low for end in ends]), np.array([end.high for end in ends])


def ours(k: np.ndarray, n: int, errors: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the intervals of errortool."""
    found = shares_of_errors(k.tolist(), [n] * len(k), errors=errors)
    kept = [share for share in found if share is not None]
    return np.array([share.low for share in kept]), np.array([share.high for share in kept])


def shares() -> None:
    """Print coverage and mean width for each number of errors."""
    print(
        "| errors E | looked at | least coverage | mean coverage | Wilson's least "
        "| width, of Clopper-Pearson's | of Wilson's |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for errors in SETS:
        n = min(SAMPLE, errors - 10)
        k = np.arange(n + 1)
        ways = {"ours": ours(k, n, errors), "cp": clopper_pearson(k, n), "w": wilson(k, n)}
        coverage: dict[str, list[float]] = {name: [] for name in ways}
        widths: dict[str, list[float]] = {name: [] for name in ways}
        for carriers in sorted({round(rate * errors) for rate in RATES}):
            chance = hypergeom.pmf(k, errors, carriers, n)
            for name, (low, high) in ways.items():
                truth = carriers / errors
                inside = (low - 1e-12 <= truth) & (truth <= high + 1e-12)
                coverage[name].append(float(chance @ inside))
                widths[name].append(float(chance @ (high - low)))
        mean = {name: float(np.mean(values)) for name, values in widths.items()}
        print(
            f"| {errors:,} | {n} | {min(coverage['ours']):.1%} | {np.mean(coverage['ours']):.1%} "
            f"| {min(coverage['w']):.1%} | {mean['ours'] / mean['cp']:.0%} "
            f"| {mean['ours'] / mean['w']:.0%} |"
        )


@cache
def known(k: int, n: int, of: int) -> Share:
    """Return a share that is asked for often."""
    return share_of_errors(ticked=k, looked_at=n, errors=of)


def corrected() -> None:
    """Print how often the corrected error's interval covers the truth."""
    print("\n| dev examples | errors | right after all | wrong among right | coverage |")
    print("| --- | --- | --- | --- | --- |")
    chance = np.random.default_rng(0)
    for dev_examples, errors, acquitted, convicted in (
        (1_000, 100, 0.06, 0.01), (1_000, 20, 0.3, 0.01), (10_000, 1_000, 0.06, 0.002),
        (10_000, 306, 0.2, 0.02), (100_000, 10_000, 0.3, 0.05), (2_000, 500, 0.5, 0.1),
    ):  # fmt: skip
        right = dev_examples - errors
        n, m = min(SAMPLE, errors), SAMPLE
        a, b = round(acquitted * errors), round(convicted * right)
        truth = (errors - a + b) / dev_examples
        covered = 0
        for k, j in zip(
            chance.hypergeometric(a, errors - a, n, REVIEWS).tolist(),
            chance.hypergeometric(b, right - b, m, REVIEWS).tolist(),
            strict=True,
        ):
            found = corrected_error(
                known(k, n, errors), known(j, m, right), errors=errors, dev_examples=dev_examples
            )
            covered += found.low - 1e-12 <= truth <= found.high + 1e-12
        print(f"| {dev_examples:,} | {errors:,} | {a:,} | {b:,} | {covered / REVIEWS:.1%} |")


def real(data: Path) -> None:
    """Print how often shares and ceilings cover the truth of a real data set's classes."""
    path = data / "cifar10-cat" / "predictions.csv"
    found = predictions.load(path)
    everything = found.sample(found.errors, 0)
    classes = sorted({name for example in everything for name in _classes(example)})
    print("\n| class | of all errors | covered |")
    print("| --- | --- | --- |")
    for name in classes:
        truth = sum(name in _classes(example) for example in everything)
        covered = 0
        for seed in range(200):
            drawn = new_session.draw_sample(
                found, predictions_file=path, images_folder=path.parent / "images", seed=seed
            )
            k = sum(name in _classes(example) for example in drawn.examples)
            share = known(k, len(drawn.examples), found.errors)
            covered += share.low - 1e-12 <= truth / found.errors <= share.high + 1e-12
        print(f"| {name} | {truth} of {found.errors} | {covered} of 200 |")


def _classes(example: Example) -> set[str | None]:
    return {example.extra.get("class"), example.extra.get("predicted_class")} - {None}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    chosen = parser.parse_args()
    shares()
    corrected()
    if chosen.data:
        real(chosen.data)


if __name__ == "__main__":
    sys.exit(main())
