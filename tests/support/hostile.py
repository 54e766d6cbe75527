"""Session files and predictions that hold every payload wherever a text can stand."""

import csv
from pathlib import Path

from helpers import draw_image
from payloads import PAYLOADS

from errortool import images
from errortool.actions import identity, new_session
from errortool.changes import CategoryValues, Change, ExampleValues, Ref
from errortool.data import predictions
from errortool.errors import SessionError
from errortool.model import Kind, NewCategory, Session, Status
from errortool.store import Store
from errortool.store.writer import checked_category_name

MAIN = "all payloads"


def names() -> list[str]:
    """Return the payloads that can be a name: printable, spaces as they are, case by case once."""
    found: dict[str, str] = {}
    for payload in PAYLOADS:
        try:
            if checked_category_name(payload) == payload:
                found.setdefault(payload.casefold(), payload)
        except SessionError:
            continue
    return list(found.values())


def file_names(folder: Path) -> dict[str, str]:
    """Return what an image can be called for a payload, where it can be called so."""
    called = {payload: f"{payload}.png" for payload in PAYLOADS if "/" not in payload}
    strays = images.leading_out(folder, called.values())
    return {
        payload: name
        for (payload, name), stray in zip(called.items(), strays, strict=True)
        if not stray
    }


def write_predictions(folder: Path) -> Path:
    """Write predictions with every payload as id, label, prediction, column, cell and file name."""
    named = file_names(folder / "images")
    rows: list[list[str]] = []
    for number, payload in enumerate(PAYLOADS):
        image = named.get(payload, f"{number}.png")
        if number % 9:  # every ninth is missing, and its sentence shows the name
            draw_image(folder / "images" / image, number, (32, 24))
        cells = [payload if column == number else "" for column in range(len(PAYLOADS))]
        other = PAYLOADS[(number + 1) % len(PAYLOADS)]
        rows.append([payload, image, payload, other, "0.9", *cells])
    rows += [
        [f"right {number}", "1.png", "cat", "cat", "0.9", *([""] * 137)] for number in range(9)
    ]
    path = folder / "predictions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["id", "image", "label", "prediction", "confidence", *PAYLOADS])
        writer.writerows(rows)
    return path


def fill(store: Store, folder: Path) -> Session:
    """Begin sessions called after every fourth name, and one with everything in it, judged."""
    path = write_predictions(folder)
    found = predictions.load(path)
    one = new_session.draw_sample(
        found, predictions_file=path, images_folder=folder / "images", size=1
    )
    for name in names()[::4]:
        new_session.begin(store, one, name=name, categories=[NewCategory(name=name)])
    everything = new_session.draw_sample(
        found, predictions_file=path, images_folder=folder / "images", size=len(PAYLOADS)
    )
    session = new_session.begin(
        store,
        everything,
        name=MAIN,
        categories=[
            NewCategory(name=name, kind=Kind.CAUSE if number else Kind.LABEL_ERROR)
            for number, name in enumerate(names())
        ],
    )
    store.apply(session, list(changes(store, session)))
    return session


def changes(store: Store, session: Session):
    """Yield the judgements: a comment, a right label and a tick per example, and descriptions."""
    categories = store.categories(session)
    for position, row in enumerate(store.rows(session)):
        mine = categories[position % len(categories)].id
        yield Change(
            ref=Ref("hostile-1", position),
            reviewer=identity.reviewer(),
            kind="look",
            examples={
                position: ExampleValues(
                    ticks={str(category.id): int(category.id == mine) for category in categories},
                    status=Status.LOOKED_AT,
                    comment=row.example.label,
                    corrected_label=row.example.prediction,
                )
            },
        )
    for number, category in enumerate(categories):
        yield Change(
            ref=Ref("hostile-2", number),
            reviewer=identity.reviewer(),
            kind="describe",
            categories={str(category.id): CategoryValues(description=PAYLOADS[-1 - number])},
        )
