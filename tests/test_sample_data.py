"""The sample data: the files as they were made, and truth to compare estimates with."""

import csv
from hashlib import sha256
from pathlib import Path

from errortool import resources
from errortool.actions import demo, new_session
from errortool.analysis.intervals import shares_of_errors
from errortool.data import predictions, tables
from errortool.store import Store

FOLDER = resources.folder("sample_data")
GREAT_CATS = {"lion", "tiger", "leopard", "snow leopard", "cheetah"}


def truth() -> dict[str, dict[str, bool]]:
    """Return what was really drawn, by id, as the categories of the demo."""
    with (FOLDER / "truth.csv").open() as file:
        return {
            row["id"]: {
                "Dog": row["animal"] == "dog",
                "Great cat": row["animal"] in GREAT_CATS,
                "Blurry": row["blurry"] == "1",
                "Photo filter": row["filter"] == "1",
                "Mislabeled": row["mislabeled"] == "1",
            }
            for row in csv.DictReader(file)
        }


def test_every_file_is_the_one_that_was_made():
    """The folder holds the files that SHA256SUMS lists, each with its sum, and no other."""
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    about = {"README.md", "SHA256SUMS"}
    found = {
        path.relative_to(FOLDER).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    assert {name: found[name] for name in found if name not in about} == listed


def test_the_sample_is_small_and_whole():
    """A thousand examples, each with its image, in 5 MB."""
    found = predictions.load(FOLDER / "predictions.csv")
    assert found.dev_examples == len(list((FOLDER / "images").iterdir())) == 1000
    assert 0.08 <= found.dev_error <= 0.12
    assert found.errors > new_session.SAMPLE_SIZE
    assert found.warnings == ()
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 5_000_000


def test_labels_are_what_was_drawn_but_for_the_mislabeled():
    """A label contradicts the animal only where truth.csv says that it is mislabeled."""
    with (FOLDER / "predictions.csv").open() as file:
        labels = {row["id"]: row["label"] for row in csv.DictReader(file)}
    with (FOLDER / "truth.csv").open() as file:
        for row in csv.DictReader(file):
            is_cat = (row["animal"] == "cat") != (row["mislabeled"] == "1")
            assert labels[row["id"]] == ("cat" if is_cat else "not cat")


def test_intervals_of_samples_cover_the_truth():
    """Over 200 seeds, at least 95 of 100 intervals of each cause hold its true share."""
    found = predictions.load(FOLDER / "predictions.csv")
    causes = truth()
    everything = found.sample(found.errors, 0)
    for name in ("Dog", "Great cat", "Blurry", "Photo filter", "Mislabeled"):
        true = sum(causes[example.key][name] for example in everything) / found.errors
        ticked = [
            sum(causes[example.key][name] for example in found.sample(40, seed))
            for seed in range(200)
        ]
        shares = shares_of_errors(ticked, [40] * 200, errors=found.errors)
        covered = sum(share is not None and share.low <= true <= share.high for share in shares)
        assert covered >= 190


def test_the_demo_begins_a_third_judged(tmp_path: Path):
    """100 errors, 34 looked at and ticked as they were drawn; asking again changes nothing."""
    store = Store(tmp_path / "s.db", create=True)
    session = demo.demo_session(store)
    assert (session.sampled, session.dev_examples) == (100, 1000)
    judged = store.judged(session)
    assert judged.looked_at.tolist() == [True] * 34 + [False] * 66
    causes = truth()
    for row in store.rows(session)[:34]:
        ticked = {category.name: row.ticks[category.id] for category in judged.categories}
        assert ticked == causes[row.example.key]
    assert demo.demo_session(store) == session
    store.close()


def test_the_ticks_are_of_the_demos_first_images():
    """ticks.csv holds no image that the demo doesn't begin with."""
    ids = tables.read(FOLDER / "ticks.csv").columns.column("id").to_pylist()
    found = predictions.load(FOLDER / "predictions.csv")
    assert ids == [example.key for example in found.sample(34, 0)]
