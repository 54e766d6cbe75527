"""Tags and annotators of a table are reviewers' words from the start."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import errortool
from errortool.store import Store


def samples(tmp_path: Path) -> Path:
    """Write a FiftyOne data set of three errors, with tags."""
    fields = [("cat", "dog", ["blurry", "test"]), ("dog", "cat", ["Blurry", "night"]),
              ("cat", "fox", []), ("fox", "fox", ["unseen"])]  # fmt: skip
    held = [
        {
            "_id": {"$oid": f"u{number}"},
            "ground_truth": {"_cls": "Classification", "label": label},
            "predictions": {"_cls": "Classification", "label": guess},
            "tags": tags,
        }
        for number, (label, guess, tags) in enumerate(fields)
    ]
    path = tmp_path / "samples.json"
    path.write_text(json.dumps({"samples": held}))
    return path


def test_tags_are_categories_ticked_but_not_looked_at(tmp_path: Path):
    """Names of splits aren't, nor are tags of what wasn't sampled; case doesn't matter."""
    db = tmp_path / "errortool.db"
    session = errortool.new(samples(tmp_path), name="s", tags_as_categories=True, db=db)
    store = Store(db)
    names = {one.id: one.name for one in store.categories(session)}
    assert list(names.values()) == ["Blurry", "Mislabeled", "night"]
    ticked = {
        row.example.key: ({names[one] for one, yes in row.ticks.items() if yes}, row.reviewer)
        for row in store.rows(session)
        if row.ticks
    }
    assert ticked == {"u0": ({"Blurry"}, "tags"), "u1": ({"Blurry", "night"}, "tags")}
    assert not any(row.looked_at for row in store.rows(session))
    store.close()
    assert errortool.report("s", db=db).looked_at == 0


def test_without_asking_tags_stay_a_column(tmp_path: Path):
    """They are shown beside the image."""
    db = tmp_path / "errortool.db"
    session = errortool.new(samples(tmp_path), name="s", db=db)
    store = Store(db)
    assert [one.name for one in store.categories(session)] == ["Blurry", "Mislabeled"]
    assert {one.extra.get("tags") for one in store.examples(session)} >= {"Blurry, night"}
    assert not any(row.ticks for row in store.rows(session))
    store.close()


def annotation(choice: str, by: str, when: str) -> dict[str, object]:
    """Return an annotation of Label Studio."""
    result = [{"type": "choices", "value": {"choices": [choice]}}]
    return {"completed_by": {"email": by}, "created_at": when, "result": result}


def test_annotators_are_reviewers_who_propose_right_labels(tmp_path: Path):
    """The newest annotation is the label; who chose another says that it is wrong."""
    db = tmp_path / "errortool.db"
    tasks = [
        {
            "id": number,
            "data": {"text": f"words {number}"},
            "annotations": [
                annotation("cat", "ann", "2026-01-01"),
                annotation(other, "bob", "2026-01-02"),
            ],
            "predictions": [{"result": annotation("fox", "", "")["result"], "score": 0.5}],
        }
        for number, other in enumerate(["dog", "cat", "fox"])
    ]  # fmt: skip
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    session = errortool.new(tmp_path / "tasks.json", name="s", db=db)
    with closing(sqlite3.connect(db)) as held:
        ticks = held.execute(
            "select key, j.reviewer, name, value from judgements j "
            "join examples e on e.id = example join categories c on c.id = j.category "
            "order by key, j.reviewer"
        ).fetchall()
        labels = held.execute(
            "select key, l.reviewer, corrected_label, status from looks l "
            "join examples e on e.id = example where corrected_label is not null"
        ).fetchall()
    assert session.errors == 2
    assert ticks == [
        ("0", "ann", "Mislabeled", 1),
        ("0", "bob", "Mislabeled", 0),
        ("1", "ann", "Mislabeled", 0),
        ("1", "bob", "Mislabeled", 0),
    ]
    assert labels == [("0", "ann", "cat", None)]
