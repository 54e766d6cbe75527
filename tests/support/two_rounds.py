"""Tables of two models on one small dev set, and sessions on them."""

import csv
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from helpers import draw_image

import errortool
from errortool.changes import CategoryValues, Change, ExampleValues, Ref
from errortool.model import About, Session, Status
from errortool.store import Store


class TwoRounds:
    """A dev set of cats and dogs in a folder, with a session file."""

    def __init__(self, folder: Path, examples: int = 40) -> None:
        """Make the images, all alike in size and no two alike."""
        self.folder, self.db = folder, folder / "errortool.db"
        self.keys = [f"e{number:02d}" for number in range(examples)]
        self.sent = 0
        for number, key in enumerate(self.keys):
            draw_image(folder / "images" / f"{key}.png", number, (16, 12))

    def table(
        self,
        name: str,
        wrong: Mapping[str, str] | Sequence[str],
        *,
        labels: Mapping[str, str] | None = None,
        columns: Mapping[str, Sequence[object]] | None = None,
    ) -> Path:
        """Write predictions that are wrong for these ids: "dog", or what a mapping says.

        Labels are "cat", the last one "dog", but where `labels` says another; a prediction is right
        otherwise.
        """
        said = wrong if isinstance(wrong, Mapping) else dict.fromkeys(wrong, "dog")
        columns = columns or {}
        path = self.folder / name
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "image", "label", "prediction", *columns])
            for number, key in enumerate(self.keys):
                usual = "dog" if key == self.keys[-1] else "cat"
                label = (labels or {}).get(key, usual)
                others = [values[number] for values in columns.values()]
                writer.writerow([key, f"{key}.png", label, said.get(key, label), *others])
        return path

    def new(self, table: Path, name: str, **options) -> Session:
        """Begin a session on a table."""
        return errortool.new(table, images=self.folder / "images", name=name, db=self.db, **options)

    def tick(
        self,
        session: Session,
        ticks: Mapping[str, Sequence[str]],
        reviewer: str = "ann",
        **more,
    ) -> None:
        """Look at examples by id, ticking these categories; the others are a no."""
        with closing(Store(self.db)) as store:
            categories = store.categories(session)
            positions = {one.key: one.position for one in store.examples(session)}
            for key, ticked in ticks.items():
                values = ExampleValues(
                    ticks={str(one.id): 1 if one.name in ticked else 0 for one in categories},
                    status=Status.LOOKED_AT,
                    seconds=2.0,
                    **more,
                )
                self._apply(store, session, reviewer, "look", examples={positions[key]: values})

    def about(self, session: Session, name: str, about: About) -> None:
        """Say what a category's ticks are about."""
        with closing(Store(self.db)) as store:
            (number,) = [one.id for one in store.categories(session) if one.name == name]
            values = CategoryValues(about=about)
            self._apply(store, session, "ann", "concern", categories={str(number): values})

    def change(self, session: Session, name: str, /, **values) -> None:
        """Change a category."""
        with closing(Store(self.db)) as store:
            (number,) = [one.id for one in store.categories(session) if one.name == name]
            changed = {str(number): CategoryValues(**values)}
            self._apply(store, session, "ann", "edit", categories=changed)

    def _apply(self, store: Store, session: Session, reviewer: str, kind: str, **values) -> None:
        self.sent += 1
        change = Change(ref=Ref("tests-client", self.sent), reviewer=reviewer, kind=kind, **values)
        assert store.apply(session, [change]).refusals == ()

    def said(self, session: Session, reviewer: str = "ann") -> dict[str, tuple[set[str], str]]:
        """Return what a reviewer's word is on each example: what is ticked, and the status."""
        with closing(Store(self.db)) as store:
            review = store.review(session, reviewer)
            names = {one.id: one.name for one in review.categories}
            keys = {one.position: one.key for one in review.examples}
            found: dict[str, tuple[set[str], str]] = {}
            for look in review.looks:
                ticked = {
                    names[category]
                    for category, ticks in review.ticks.items()
                    if look.position in ticks.yes
                }
                status = "carried" if look.carried and look.status else str(look.status)
                found[keys[look.position]] = (ticked, status)
            return found
