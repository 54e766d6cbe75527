"""What other tools read is read back by them, or by their documented form."""

import json
import subprocess
import sys
import warnings
from pathlib import Path
from xml.etree import ElementTree as ET

import datasets
import numpy as np
import pandas as pd
import pytest
from cleanlab.classification import CleanLearning
from pyarrow import parquet
from sklearn.dummy import DummyClassifier

import errortool
from errortool.actions import demo, imports
from errortool.data import tables
from errortool.output.targets import Target
from errortool.store import Store

CATEGORIES = ["Dog", "Great cat", "Blurry", "Photo filter", "Mislabeled"]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the session file of the demo: 34 of 100 images looked at, one with a right label."""
    path = tmp_path_factory.mktemp("targets") / "errortool.db"
    store = Store(path, create=True)
    session = demo.demo_session(store)
    first = store.examples(session)[0]
    right = f"id,corrected_label,looked_at,Dog\n{first.key},tiger,1,0\n"
    table = tables.parse(right.encode(), "right.csv")
    imports.import_ticks(store, session, table, reviewer="Eve")
    store.close()
    return path


@pytest.fixture(scope="module")
def oracle(db: Path) -> pd.DataFrame:
    """Return table.csv as pandas reads it: what all other files must agree with."""
    errortool.export("demo", db.parent / "plain", db=db)
    return pd.read_csv(db.parent / "plain" / "table.csv", dtype={"id": str})


def written(db: Path, *targets: str) -> Path:
    """Write a session for some tools; return the folder."""
    folder = db.parent / "-".join(targets)
    errortool.export("demo", folder, targets=targets, db=db)
    return folder


def ticked(row: pd.Series) -> list[str]:
    """Return the categories of a row of table.csv that count."""
    return [name for name in CATEGORIES if row.looked_at and row[name] == 1]


def test_only_the_files_of_the_targets_are_written(db: Path):
    """Several targets may be given; none of their files is another's."""
    names = [sorted(path.name for path in written(db, one).iterdir()) for one in Target]
    assert len({name for some in names for name in some}) == sum(map(len, names)) == 13
    both = written(db, "cleanlab", "parquet")
    assert sorted(path.name for path in both.iterdir()) == ["cleanlab_issues.csv", "table.parquet"]


def test_an_unknown_target_is_one_sentence(db: Path):
    """It names those that there are."""
    with pytest.raises(errortool.ErrortoolError, match="unknown target 'excel': choose fiftyone"):
        errortool.export("demo", db.parent / "x", targets="excel", db=db)


def test_hugging_face_reads_classes_and_ticks(db: Path, oracle: pd.DataFrame):
    """`datasets` itself reads the Parquet file, with ClassLabel and nulls."""
    path = written(db, "huggingface") / "errortool.parquet"
    read = datasets.Dataset.from_parquet(str(path), cache_dir=str(path.parent / "cache"))
    assert read.features["label"].names == ["cat", "not cat", "tiger"]
    assert read.features["errortool_great_cat"].dtype == "int8"
    frame = read.to_pandas().set_index("id").loc[oracle.id]
    names = np.array(read.features["label"].names)
    assert (names[frame.label] == oracle.label.to_numpy()).all()
    assert (names[frame.prediction] == oracle.prediction.to_numpy()).all()
    for name in CATEGORIES:
        column = frame[f"errortool_{name.lower().replace(' ', '_')}"].to_numpy(float)
        wanted = oracle[name].where(oracle.looked_at == 1).to_numpy(float)
        assert np.array_equal(column, wanted, equal_nan=True)
    corrected = frame.corrected_label.dropna().astype(int)
    assert names[corrected].tolist() == ["tiger"]


def test_parquet_keeps_types_and_what_is_missing(db: Path, oracle: pd.DataFrame):
    """Truth values, numbers and nulls; the rows of table.csv."""
    table = parquet.read_table(written(db, "parquet") / "table.parquet")
    assert str(table.schema.field("confidence").type) == "double"
    assert str(table.schema.field("Dog").type) == "bool"
    assert table.column("id").to_pylist() == oracle.id.tolist()
    assert table.column("Dog").null_count == int((oracle.looked_at == 0).sum())
    assert sum(filter(None, table.column("Blurry").to_pylist())) == sum(
        "Blurry" in ticked(row) for _, row in oracle.iterrows()
    )


def test_mlflow_takes_the_metrics_and_they_are_the_reports(db: Path):
    """By `mlflow.log_metrics` in the snippet that comes along; names as documented."""
    folder = written(db, "mlflow")
    metrics = json.loads((folder / "metrics.json").read_text())
    report = errortool.report("demo", db=db)
    for category in report.categories:
        assert metrics[f"share.{category.name}"] == category.share
        assert metrics[f"ceiling.{category.name}.low"] == category.ceiling_low
    assert metrics["dev_error"] == report.dev_error
    assert json.loads((folder / "report.json").read_text())["session"] == "demo"
    plots = pd.read_csv(folder / "plots.csv")
    assert plots.category.tolist() == [one.name for one in report.ranked]
    code = (
        "import mlflow, sys; mlflow.set_tracking_uri(sys.argv[1]); "
        "exec(open('mlflow_snippet.py').read()); "
        "run = mlflow.get_run(mlflow.active_run().info.run_id); "
        "print(run.data.metrics['share.Dog'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, (folder / "runs").as_uri()],
        cwd=folder, capture_output=True, text=True, check=False,
        env={"PATH": "", "HOME": str(folder), "MLFLOW_ALLOW_FILE_STORE": "true"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == metrics["share.Dog"]


def test_cleanlab_takes_the_issues(db: Path, oracle: pd.DataFrame):
    """`CleanLearning.fit` takes them as `label_issues`, and leaves out what they name."""
    issues = pd.read_csv(written(db, "cleanlab") / "cleanlab_issues.csv")
    assert issues.is_label_issue.isna().sum() == (oracle.looked_at == 0).sum()
    looked_at = issues.dropna(subset=["is_label_issue"]).reset_index(drop=True)
    wanted = [row.id for _, row in oracle.iterrows() if "Mislabeled" in ticked(row)]
    issue = looked_at.is_label_issue.astype(bool)
    assert looked_at.id[issue].tolist() == wanted
    assert issues.corrected_label.dropna().tolist() == ["tiger"]
    labels = (looked_at.given_label == "cat").to_numpy().astype(int)
    frame = pd.DataFrame({"is_label_issue": issue, "label_quality": 1.0, "given_label": labels})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries that aren't ours
        model = CleanLearning(DummyClassifier(strategy="prior"))
        model.fit(np.zeros((len(labels), 1)), labels, label_issues=frame)
    assert model.clf.class_prior_[1] == pytest.approx(labels[~issue].mean())


def test_fiftyone_finds_labels_and_images(db: Path, oracle: pd.DataFrame):
    """The form of FiftyOneImageClassificationDataset, and tags by the path of the file.

    FiftyOne itself needs a database server, so its documented form is the oracle: `classes` and
    `labels`, each a list of names; `data.json` maps the same ids to files.
    """
    folder = written(db, "fiftyone")
    labels = json.loads((folder / "labels.json").read_text())
    data = json.loads((folder / "data.json").read_text())
    assert labels.keys() == {"classes", "labels"}
    assert labels["labels"] == {
        row.id: ticked(row) for _, row in oracle.iterrows() if row.looked_at
    }
    assert labels["labels"].keys() <= data.keys()
    assert all(Path(path).is_file() for path in data.values())
    tags = json.loads((folder / "fiftyone_tags.json").read_text())
    assert tags == {
        data[row.id]: [f"errortool:{name}" for name in ticked(row)]
        for _, row in oracle.iterrows()
        if ticked(row)
    }
    compile((folder / "fiftyone_snippet.py").read_text(), "snippet", "exec")


def test_label_studio_tasks_fit_their_config(db: Path, oracle: pd.DataFrame):
    """Names, types and choices of each task's result are those of the labeling interface.

    The SDK would bring an older numpy, so its documented form is the oracle.
    """
    folder = written(db, "label-studio")
    config = ET.fromstring((folder / "label_studio_config.xml").read_text())  # noqa: S314  our own
    (control,), (image,) = config.iter("Choices"), config.iter("Image")
    choices = [one.attrib["value"] for one in config.iter("Choice")]
    assert choices == CATEGORIES
    tasks = json.loads((folder / "label_studio_tasks.json").read_text())
    assert len(tasks) == len(oracle)
    for task, (_, row) in zip(tasks, oracle.iterrows(), strict=True):
        assert task["data"]["errortool_id"] == row.id
        assert image.attrib["value"].removeprefix("$") in task["data"]
        if not ticked(row):
            assert "predictions" not in task
            continue
        ((said,), score) = task["predictions"][0]["result"], task["predictions"][0]["score"]
        assert score == pytest.approx(row.confidence)
        assert (said["from_name"], said["to_name"]) == (
            control.attrib["name"],
            image.attrib["name"],
        )
        assert said["value"]["choices"] == ticked(row)


def test_names_of_categories_are_safe_in_every_form(tmp_path: Path):
    """Markup, slashes, formulas, and names that come to the same column."""
    db = tmp_path / "errortool.db"
    names = ["a/b", "a_b", '<Choice value="x">', "=1+1", "日本", "../up"]
    cells = {"id": ["1", "2", "3"], "label": ["a", "b", "a"], "pred": ["b", "a", "a"]}
    errortool.new(cells, name="s", categories=names, db=db)
    ticks = pd.DataFrame({"id": ["1", "2"], **{name: [1, 0] for name in names}})
    errortool.import_ticks("s", ticks, db=db)
    errortool.export("s", tmp_path / "out", targets=list(Target), db=db)
    config = ET.fromstring((tmp_path / "out" / "label_studio_config.xml").read_text())  # noqa: S314
    assert [one.attrib["value"] for one in config.iter("Choice")] == names
    table = parquet.read_table(tmp_path / "out" / "errortool.parquet")
    columns = [name for name in table.column_names if name.startswith("errortool_")]
    assert len(columns) == len(names)
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text())
    shares = [name for name in metrics if name.startswith("share.") and name.count(".") == 1]
    assert len(shares) == len(names)
    assert all(not {"/", "\\", ".."} & set(name.split(".")) for name in metrics)
    plots = (tmp_path / "out" / "plots.csv").read_text()
    assert "\n=1+1" not in plots
    frame = parquet.read_table(tmp_path / "out" / "table.parquet").to_pandas()
    assert frame["=1+1"].tolist() == [True, False]


def test_what_is_not_known_is_left_out(tmp_path: Path):
    """Of errors only there is no dev error: no key says one."""
    db = tmp_path / "errortool.db"
    with pytest.warns(UserWarning, match="errors only"):
        errortool.new({"id": ["1", "2"], "label": ["a", "b"], "pred": ["b", "a"]}, name="s", db=db)
    errortool.export("s", tmp_path / "out", targets="mlflow", db=db)
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert metrics == {"errors": 2.0, "looked_at": 0.0}
