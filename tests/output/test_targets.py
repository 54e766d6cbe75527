"""What other tools read is read back by them, or by their documented form."""

import json
import ntpath
import os
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from helpers import draw_image
from pyarrow import parquet

import errortool
from errortool.actions import demo, imports
from errortool.data import tables
from errortool.model import Target
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
    import datasets  # takes seconds, so only the test that needs it imports it

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
    run = logged(folder)
    assert run["metrics"]["share.Dog"] == metrics["share.Dog"]
    assert run["metrics"].keys() == metrics.keys()
    assert run["artifacts"] == ["errortool/plots.csv", "errortool/report.json"]


def logged(folder: Path) -> dict:
    """Run the snippet of a folder, from another one, and return what MLflow has logged."""
    code = (
        "import json, mlflow, runpy, sys; mlflow.set_tracking_uri(sys.argv[1]); "
        "runpy.run_path(sys.argv[2]); number = mlflow.active_run().info.run_id; "
        "files = mlflow.MlflowClient().list_artifacts(number, 'errortool'); "
        "metrics = mlflow.get_run(number).data.metrics; "
        "print(json.dumps({'metrics': metrics, 'artifacts': sorted(f.path for f in files)}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, (folder / "runs").as_uri(), folder / "mlflow_snippet.py"],
        cwd=folder.parent, capture_output=True, text=True, check=False,
        env={"PATH": "", "HOME": str(folder), "MLFLOW_ALLOW_FILE_STORE": "true"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


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
        from cleanlab.classification import CleanLearning
        from sklearn.dummy import DummyClassifier

        model = CleanLearning(DummyClassifier(strategy="prior"))
        model.fit(np.zeros((len(labels), 1)), labels, label_issues=frame)
    assert model.clf.class_prior_[1] == pytest.approx(labels[~issue].mean())


def imported(folder: Path) -> dict[str, list[str]]:
    """Return the categories of each file as FiftyOne imports them.

    FiftyOne itself needs a database server, so what its FiftyOneImageClassificationDatasetImporter
    does is done here: it cuts the ending off each key of data.json, takes what folders it names for
    folders, and looks each label's key up there.
    """
    data = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    assert labels.keys() == {"classes", "labels"}
    stems = {key: os.path.splitext(key)[0] for key in data}  # noqa: PTH122  as it does
    files = {ntpath.normpath(stem): data[key] for key, stem in stems.items()}  # Windows' is harder
    assert len(files) == len(data)
    assert {name for names in labels["labels"].values() for name in names} <= {*labels["classes"]}
    return {files[key]: names for key, names in labels["labels"].items()}


def test_fiftyone_finds_labels_and_images(db: Path, oracle: pd.DataFrame):
    """What counts, by the path of the file; tags of the same for samples that are there already."""
    folder = written(db, "fiftyone")
    with closing(Store(db)) as store:
        images = Path(store.session("demo").images)
    looked_at = oracle[oracle.looked_at == 1]
    wanted = {str(images / row.image): ticked(row) for _, row in looked_at.iterrows()}
    assert imported(folder) == wanted
    assert all(Path(path).is_file() for path in wanted)
    assert json.loads((folder / "labels.json").read_text())["classes"] == CATEGORIES
    tags = json.loads((folder / "fiftyone_tags.json").read_text())
    assert tags == {
        path: [f"errortool:{name}" for name in names] for path, names in wanted.items() if names
    }


def session_of(folder: Path, table: dict[str, list[str]], ticks: dict[str, list], **values) -> Path:
    """Begin session s with these examples and ticks in a folder; return its session file."""
    db = folder / "errortool.db"
    errortool.new(table, name="s", db=db, **values)
    errortool.import_ticks("s", pd.DataFrame(ticks), db=db)
    return db


@pytest.mark.filterwarnings("ignore:.*repeats", "ignore:.*can't be shown", "ignore:.*not found")
def test_fiftyone_finds_the_image_of_any_id(tmp_path: Path):
    """Dots, folders and percent signs; one without an image has no label that nothing could find.

    Two examples of one image share its tags, and a linked folder stays as the user wrote it.
    """
    for number in range(4):
        draw_image(tmp_path / "there" / f"{number}.png", number)
    (tmp_path / "there/0.png").rename(tmp_path / "there/bare")
    (tmp_path / "linked").symlink_to(tmp_path / "there")
    ids = ["v1.5", "dogs/001.png", "/data/100%.png", ".hidden", "1.png", "gone.png"]
    pictures = ["bare", "1.png", "2.png", "3.png", "1.png", "gone.png"]
    table = {"id": ids, "image": pictures, "label": [*"abcabc"], "pred": [*"bcabca"]}
    ticks = {"id": ids, "Dog": [1, 1, 0, 1, 0, 1], "Wet": [0, 0, 0, 0, 1, 1]}
    db = session_of(
        tmp_path, table, ticks,
        images=tmp_path / "linked", categories=["Dog", "Wet"], dev_examples=60,
    )  # fmt: skip
    errortool.export("s", tmp_path / "out", targets="fiftyone", db=db)
    labels = json.loads((tmp_path / "out/labels.json").read_text())["labels"]
    assert len(labels) == 5
    linked = tmp_path / "linked"
    found = imported(tmp_path / "out")
    assert found[str(linked / "bare")] == found[str(linked / "3.png")] == ["Dog"]
    assert found[str(linked / "2.png")] == []
    tags = json.loads((tmp_path / "out/fiftyone_tags.json").read_text())
    assert sorted(tags[str(linked / "1.png")]) == ["errortool:Dog", "errortool:Wet"]
    assert tags["gone.png"] == ["errortool:Dog", "errortool:Wet"]
    assert str(linked / "2.png") not in tags


def test_the_snippet_tags_the_samples_that_it_finds(db: Path, tmp_path: Path):
    """It runs from anywhere, keeps the tags that are there, and says how many it found."""
    folder = written(db, "fiftyone")
    first, *others = json.loads((folder / "fiftyone_tags.json").read_text()).items()
    (tmp_path / "fiftyone.py").write_text(
        "import types\n"
        f"sample = types.SimpleNamespace(filepath={first[0]!r}, tags=['mine', {first[1][0]!r}])\n"
        "sample.save = lambda: print(sorted(sample.tags))\n"
        "class Samples:\n"
        "    def select_by(self, field, values):\n"
        "        assert field == 'filepath'\n"
        "        return [sample] if sample.filepath in values else []\n"
        "load_dataset = {'pets': Samples()}.__getitem__\n"
    )
    done = subprocess.run(
        [sys.executable, folder / "fiftyone_snippet.py", "pets"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": "", "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        str(sorted({"mine", *first[1]})),
        f"1 of {len(others) + 1} images found and tagged",
    ]


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


def test_label_studio_shows_text_where_there_is_no_image(tmp_path: Path):
    """The interface asks only for what the tasks hold."""
    table = {"id": ["1", "2"], "label": ["a", "b"], "pred": ["b", "b"]}
    db = session_of(tmp_path, table, {"id": ["1"], "Dog": [1]}, categories=["Dog"])
    errortool.export("s", tmp_path / "out", targets="label-studio", db=db)
    config = ET.fromstring((tmp_path / "out/label_studio_config.xml").read_text())  # noqa: S314
    assert config[0].tag == "Text"
    assert config[0].attrib == {"name": "image", "value": "$errortool_id"}
    assert config[1].attrib["toName"] == "image"


def test_no_right_label_is_no_class(tmp_path: Path):
    """Where no class fits, there is no corrected label; that the label is wrong is a tick."""
    table = {"id": ["1", "2"], "label": ["a", "b"], "pred": ["b", "b"]}
    ticks = {"id": ["1"], "Mislabeled": [1], "corrected_label": ["no right label"]}
    db = session_of(tmp_path, table, ticks, label_errors=["Mislabeled"])
    errortool.export("s", tmp_path, targets=["huggingface", "cleanlab"], db=db)
    path = str(tmp_path / "errortool.parquet")
    import datasets  # takes seconds, so only the test that needs it imports it

    read = datasets.Dataset.from_parquet(path, cache_dir=str(tmp_path / "cache"))
    assert read.features["corrected_label"].names == ["a", "b"]
    assert read["corrected_label"][:] == [None]
    assert read["errortool_mislabeled"][:] == [1]
    assert pd.read_csv(tmp_path / "cleanlab_issues.csv").is_label_issue.tolist() == [True]


def test_metrics_keep_letters_of_every_script(tmp_path: Path):
    """MLflow takes them as they are, so two categories aren't called `_` and `_ 2`."""
    table = {"id": ["1", "2"], "label": ["a", "b"], "pred": ["b", "b"]}
    ticks = {"id": ["1"], "日本": [1], "Größe: v1.5": [0]}
    db = session_of(tmp_path, table, ticks, categories=["日本", "Größe: v1.5"])
    errortool.export("s", tmp_path / "out", targets="mlflow", html=True, db=db)
    run = logged(tmp_path / "out")
    assert run["metrics"]["share.日本"] == 1
    assert run["metrics"]["share.Größe_ v1_5"] == 0
    assert "errortool/report.html" in run["artifacts"]


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
