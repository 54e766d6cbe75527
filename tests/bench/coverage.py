"""How often the intervals cover the truth, and how wide they are, next to the usual ones.

    python tests/bench/coverage.py [--data DIR]

Shares: exact, over all outcomes of n = 100 errors looked at, for true rates of 1 to 60 % of E
errors. Corrected error: 20,000 simulated reviews a row. A category between two rounds: 4,000. Then
reviews that are looked at after every image, what was picked from the same images, and weighted
shares: 800 to 4,000 simulated reviews a row; all takes about ten minutes. With --data also the
ticks of real classes (a folder cifar10-cat). Rows can be pasted into docs/numbers.md.
"""

import argparse
import csv
import sys
from collections.abc import Callable
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np
from scipy.stats import beta, binom, binomtest, hypergeom

from errortool.actions import new_session
from errortool.analysis.intervals import (
    Method,
    Share,
    corrected_error,
    share_of_errors,
    shares_of_errors,
)
from errortool.analysis.rounds import Stratum, net
from errortool.analysis.sample import Sample
from errortool.analysis.sample import shares as category_shares
from errortool.analysis.sequences import e_value, shares_at_any_time
from errortool.analysis.significance import enough
from errortool.analysis.weighted import Totals
from errortool.api import estimate
from errortool.data import predictions
from errortool.model import Example

SAMPLE = 100
SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
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


def ours(k: np.ndarray, n: int, errors: int, method: Method) -> tuple[np.ndarray, np.ndarray]:
    """Return the intervals of errortool."""
    found = shares_of_errors(k.tolist(), [n] * len(k), errors=errors, method=method)
    kept = [share for share in found if share is not None]
    return np.array([share.low for share in kept]), np.array([share.high for share in kept])


def shares() -> None:
    """Print coverage and mean width of each method for each number of errors."""
    print(
        "| errors E | looked at | Blaker: least coverage | mean | equal tails: least | mean "
        "| Wilson's least | width, of equal tails' | of Clopper-Pearson's | of Wilson's |"
    )
    print("| --- " * 10 + "|")
    for errors in SETS:
        n = min(SAMPLE, errors - 10)
        k = np.arange(n + 1)
        ways = {
            "blaker": ours(k, n, errors, Method.BLAKER),
            "equal": ours(k, n, errors, Method.EQUAL_TAILS),
            "cp": clopper_pearson(k, n),
            "w": wilson(k, n),
        }
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
        least = {name: min(values) for name, values in coverage.items()}
        print(
            f"| {errors:,} | {n} | {least['blaker']:.1%} | {np.mean(coverage['blaker']):.1%} "
            f"| {least['equal']:.1%} | {np.mean(coverage['equal']):.1%} | {least['w']:.1%} "
            f"| {mean['blaker'] / mean['equal']:.0%} | {mean['blaker'] / mean['cp']:.0%} "
            f"| {mean['blaker'] / mean['w']:.0%} |"
        )


# --- what a category gained between two rounds ---------------------------------------------------

ROUNDS = (
    (400, 600, 200, (0.3, 0.2, 0.1)),
    (300, 700, 100, (0.6, 0.3, 0.05)),
    (100, 900, 50, (0.5, 0.43, 0.2)),
    (60, 240, 40, (0.5, 0.2, 0.1)),
    (20, 980, 15, (0.3, 0.08, 0.1)),
)
"""How many errors were fixed, still and newly wrong, and the category's share of each."""
PAIRS = 4_000


def rounds() -> None:
    """Print how often the interval of a category's net gain covers it, and its mean width.

    Both rounds look at the 100 errors of lowest random number, the same one for an example in both.
    """
    print("| fixed, still, newly wrong | shares | coverage | width | overlap of 100 | unknown |")
    print("| --- " * 6 + "|")
    random = np.random.default_rng(5)
    for fixed, still, new, parts in ROUNDS:
        carried = np.concatenate(
            [
                np.arange(size) < round(size * part)
                for size, part in zip((fixed, still, new), parts, strict=True)
            ]
        )
        stratum = np.repeat([0, 1, 2], [fixed, still, new])
        truth = carried[stratum == 0].sum() - carried[stratum == 2].sum()
        covered, widths, shared, unknown = [], [], [], 0
        for _ in range(PAIRS):
            ranks = random.random(len(stratum))
            first, second = (
                _lowest(ranks, stratum != other, min(SAMPLE, int((stratum != other).sum())))
                for other in (2, 0)
            )
            shared.append(int((first & second).sum()))
            lost, won = (
                Stratum.of(
                    ticked=int(carried[seen & (stratum == which)].sum()),
                    looked_at=int((seen & (stratum == which)).sum()),
                    size=size,
                )
                for seen, which, size in ((first, 0, fixed), (second, 2, new))
            )
            found = net(lost, won)
            if found is None:
                unknown += 1
                continue
            covered.append(found.low - 1e-9 <= truth <= found.high + 1e-9)
            widths.append(found.high - found.low)
        listed = ", ".join(f"{part:g}" for part in parts)
        print(
            f"| {fixed}, {still}, {new} | {listed} | {np.mean(covered):.1%} "
            f"| {np.mean(widths):.0f} | {np.mean(shared):.0f} | {unknown / PAIRS:.1%} |"
        )


def _lowest(ranks: np.ndarray, errors: np.ndarray, number: int) -> np.ndarray:
    """Return which examples are the errors of lowest random number."""
    order = np.argsort(np.where(errors, ranks, np.inf))
    seen = np.zeros(len(ranks), dtype=bool)
    seen[order[:number]] = True
    return seen


# --- looking after every image -------------------------------------------------------------------

LOOKED: dict[str, tuple[int, tuple[float, ...]]] = {
    "close": (1_000, (0.22, 0.20, 0.18, 0.10, 0.05)),
    "apart": (1_000, (0.40, 0.20, 0.10, 0.05)),
    "tie": (1_000, (0.20, 0.20, 0.20, 0.10)),
    "rare": (10_000, (0.05, 0.03, 0.02, 0.01)),
    "large": (100_000, (0.45, 0.45, 0.10)),
    "few errors": (120, (0.30, 0.20, 0.10)),
}
"""Six settings: how many errors, and how many of them carry each category's tick, by chance."""
UNTIL = 300
TIMES = 4_000
FEWER = 800


def looking(populations: dict[str, np.ndarray]) -> None:
    """Print what becomes of intervals and orders when somebody looks after every image.

    That is for populations of ticks, a row an error, a column a category, reviewed in random order
    until the largest is settled, or 300 or all were looked at; 100 are planned.
    """
    print(
        "\n| ticks | errors | fixed: never missed | at any time: never missed "
        "| settled the wrong way | tie settled | settled | images until then |"
    )
    print("| --- " * 8 + "|")
    for name, ticks in populations.items():
        errors, most = len(ticks), min(UNTIL, len(ticks))
        orders = [np.random.default_rng(seed).permutation(errors)[:most] for seed in range(TIMES)]
        seen = ticks[np.array(orders)]  # review, image, category
        totals = ticks.sum(axis=0)
        one = int(totals.argmax())
        k = np.cumsum(seen[:, :, one], axis=1)[:, 9:]
        fixed, always = (
            _held(ways, k, totals[one], errors) for ways in (shares_of_errors, shares_at_any_time)
        )
        when, larger = _settled(seen, errors)
        done = when < most
        wrong = done & (totals[larger] < totals.max())
        tie = (totals == totals.max()).sum() > 1
        print(
            f"| {name} | {errors:,} | {fixed:.1%} | {always:.1%} "
            f"| {'' if tie else f'{wrong.mean():.1%}'} | {f'{done.mean():.1%}' if tie else ''} "
            f"| {done.mean():.1%} | {np.minimum(when + 1, most).mean():.0f} |"
        )


def _held(
    ways: Callable[..., list[Share | None]], k: np.ndarray, carriers: int, errors: int
) -> float:
    """Return in which part of the reviews no interval missed, from the tenth image on."""
    n = np.broadcast_to(np.arange(10, k.shape[1] + 10), k.shape)
    pairs, where = np.unique(np.stack([k.ravel(), n.ravel()]), axis=1, return_inverse=True)
    shares = ways(pairs[0].tolist(), pairs[1].tolist(), errors=errors)
    holds = np.array([s.low - 1e-12 <= carriers / errors <= s.high + 1e-12 for s in shares if s])
    return float(holds[where].reshape(k.shape).all(axis=1).mean())


def _settled(seen: np.ndarray, errors: int) -> tuple[np.ndarray, np.ndarray]:
    """Return at which image of each review the largest was called so, and which it was.

    By the report's rule: an e-value, but McNemar's test at the hundredth image, or the errors left
    are too few to turn it. It is as many as there are images where it never was.
    """
    reviews, most, categories = seen.shape
    counts = np.cumsum(seen, axis=1)
    first, second = np.moveaxis(np.argsort(-counts, axis=2, kind="stable")[:, :, :2], 2, 0)
    ahead = np.zeros((reviews, most, 2), dtype=np.int64)
    for one, other in permutations(range(categories), 2):
        here = (first == one) & (second == other)
        for side, (more, less) in enumerate(((one, other), (other, one))):
            alone = np.cumsum(seen[:, :, more] & ~seen[:, :, less], axis=1)
            ahead[:, :, side][here] = alone[here]
    b, c = ahead[:, :, 0], ahead[:, :, 1]
    least = np.array([_least_settled(number) for number in range(most + 1)])
    calls = b >= least[b + c]
    if most >= SAMPLE:
        at = SAMPLE - 1
        calls[:, at] = 2 * binom.sf(b[:, at] - 1, b[:, at] + c[:, at], 0.5) < 0.05
    left = errors - np.arange(1, most + 1)
    calls |= b - c > left
    calls &= b > c
    calls[:, :9] = False
    when = np.where(calls.any(axis=1), calls.argmax(axis=1), most)
    return when, first[np.arange(reviews), np.minimum(when, most - 1)]


def _least_settled(number: int) -> int:
    """Return how many of so many discordant images settle an order, one more than all if none."""
    of = range((number + 1) // 2, number + 1)
    return next((b for b in of if e_value(b, number - b) >= enough(0.95, planned=True)), number + 1)


def drawn_ticks(errors: int, rates: tuple[float, ...], seed: int = 0) -> np.ndarray:
    """Return ticks of all errors: so many of each category, by chance on the same or others."""
    chance = np.random.default_rng(seed)
    if sum(rates) >= 1:  # no error carries two
        kinds = np.repeat(np.arange(len(rates)), [round(rate * errors) for rate in rates])
        return kinds[:, None] == np.arange(len(rates))
    columns = [chance.permutation(errors) < round(rate * errors) for rate in rates]
    return np.stack(columns, axis=1)


def chosen(populations: dict[str, np.ndarray]) -> None:
    """Print how often the intervals cover of what was picked: the headline, and steps of work."""
    print("\n| ticks | looked at | headline | step 1 | step 2 | step 3 |")
    print("| --- " * 6 + "|")
    for name, ticks in populations.items():
        for looked_at in (20, 50, 100):
            hits: dict[int, list[bool]] = {}
            for seed in range(FEWER):
                rows = np.random.default_rng(seed).permutation(len(ticks))[:looked_at]
                covered = _covered(ticks, ticks[rows], looked_at)
                for place, hit in covered.items():
                    hits.setdefault(place, []).append(hit)
            rates = [f"{np.mean(hits[place]):.1%}" if hits.get(place) else "" for place in range(4)]
            print(f"| {name} | {looked_at} | {' | '.join(rates)} |")


def _covered(ticks: np.ndarray, seen: np.ndarray, looked_at: int) -> dict[int, bool]:
    """Return whether the headline (0) and the steps of the order (1 on) cover the truth."""
    made = estimate(
        {str(column): seen[:, column].astype(int) for column in range(ticks.shape[1])},
        errors=len(ticks),
        dev_examples=len(ticks),
        planned=looked_at,
    )
    found: dict[int, bool] = {}
    if made.headline and len(made.headline.categories) == 1:
        truth = ticks[:, made.headline.categories[0]].mean()
        share = made.headline.share
        found[0] = share.low - 1e-12 <= truth <= share.high + 1e-12
    done: list[int] = []
    for place, step in enumerate(made.order[:3], start=1):
        done.append(step.category)
        truth = ticks[:, done].any(axis=1).mean()
        found[place] = step.share.low - 1e-12 <= truth <= step.share.high + 1e-12
    return found


# --- weights -------------------------------------------------------------------------------------


def weighted() -> None:
    """Print how often weighted intervals cover the truth, and their mean width."""
    print("\n| weights | errors | looked at | covered | mean width | Kish's alone | mean width |")
    print("| --- " * 7 + "|")
    for errors in (306, 1_000, 10_000):
        chance = np.random.default_rng(errors)
        drawn = chance.random(errors)
        ten = np.where(chance.random(errors) < 0.05, 10.0, 1.0)
        hundred = np.where(chance.random(errors) < 0.01, 100.0, 1.0)
        skewed = np.exp(chance.normal(0, 1, errors))
        for name, weights, ticked in (
            ("10 times, 5 %, ticked if heavy", ten, drawn < np.where(ten > 1, 0.8, 0.2)),
            ("100 times, 1 %, ticked if heavy", hundred, drawn < np.where(hundred > 1, 0.9, 0.1)),
            ("lognormal, ticked if heavy", skewed, drawn < np.clip(0.1 * skewed, 0, 0.9)),
            ("twice, half, by chance", np.where(drawn % 0.01 < 0.005, 2.0, 1.0), drawn < 0.4),
        ):
            known_ = Totals(
                number=errors, weight=float(weights.sum()), squares=float((weights**2).sum())
            )
            truth = weights[ticked].sum() / weights.sum()
            for looked_at in (20, 50, 100):
                cells = []
                for totals in (known_, None):
                    found = [
                        _weighted_share(weights, ticked, totals, looked_at, seed)
                        for seed in range(FEWER)
                    ]
                    covered = np.mean([low <= truth <= high for low, high in found])
                    width = np.mean([high - low for low, high in found])
                    cells += [f"{covered:.1%}", f"{width:.2f}"]
                print(f"| {name} | {errors:,} | {looked_at} | {' | '.join(cells)} |")


def _weighted_share(
    weights: np.ndarray, ticked: np.ndarray, totals: Totals | None, looked_at: int, seed: int
) -> tuple[float, float]:
    rows = np.random.default_rng(seed).permutation(len(weights))[:looked_at]
    sample = Sample(
        categories=(0,),
        ticks=ticked[rows, None].astype(np.int8),
        errors=len(weights),
        dev_examples=len(weights),
        dev_error=1.0,
        weights=weights[rows],
        totals=totals,
        at_plan=looked_at,
    )
    share = category_shares(sample)[0]
    assert share is not None
    return share.low, share.high


# --- corrected error, and real classes -----------------------------------------------------------


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


def sample_data() -> np.ndarray:
    """Return the ticks that the sample data's errors truly deserve."""
    found = predictions.load(SAMPLE_DATA / "predictions.csv")
    wrong = {example.key for example in found.sample(found.errors, 0)}
    with (SAMPLE_DATA / "truth.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["id"] in wrong]
    animals = sorted({row["animal"] for row in rows})
    return np.array(
        [
            [
                *(row["animal"] == animal for animal in animals),
                *(row[column] == "1" for column in ("blurry", "filter", "mislabeled")),
            ]
            for row in rows
        ]
    )


def classes(path: Path) -> np.ndarray:
    """Return a predictions file's errors by their classes, as ticks: of these, or predicted so."""
    found = predictions.load(path)
    everything = found.sample(found.errors, 0)
    names = sorted({name for example in everything for name in _classes(example)} - {None})
    ticks = np.array([[name in _classes(example) for name in names] for example in everything])
    return ticks[:, ~ticks.all(axis=0)]  # the class that the errors are picked by says nothing


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    shares()
    corrected()
    rounds()
    populations = {name: drawn_ticks(*setting) for name, setting in LOOKED.items()}
    populations["sample data"] = sample_data()
    if asked.data:
        real(asked.data)
        populations["cifar10-cat"] = classes(asked.data / "cifar10-cat" / "predictions.csv")
    looking(populations)
    chosen(populations)
    weighted()


if __name__ == "__main__":
    sys.exit(main())
