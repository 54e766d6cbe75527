"""More errors are the next of the same order, and nothing else changes."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import cats_and_dogs
from hypothesis import given, settings
from hypothesis import strategies as st

from errortool.actions import drawing, kept_tables, new_session, reporting
from errortool.actions.drawing import MoreDrawn, draw_more, drawn_text
from errortool.changes import Change, ExampleValues, Ref, Undo
from errortool.data import predictions, tables
from errortool.errors import SessionError
from errortool.model import Example, Part, Session, Status
from errortool.store import Store


def started(store: Store, path: Path, *, size: int = 5, right: int = 0, seed: int = 0) -> Session:
    """Begin a session with a sample of a size."""
    found = predictions.load(path)
    drawn = new_session.draw_sample(found, predictions_file=path, size=size, right=right, seed=seed)
    return new_session.begin(store, drawn, name=f"pets {size} {right} {seed}")


def errors(examples: Sequence[Example]) -> list[Example]:
    """Return the errors in their order, whatever their places."""
    wrong = [example for example in examples if example.part is Part.ERROR]
    return [replace(example, position=place) for place, example in enumerate(wrong)]


def look(store: Store, session: Session, *positions: int) -> None:
    """Look at these, with a tick of the first category each."""
    first = str(store.categories(session)[0].id)
    store.apply(session, [
        Change(
            ref=Ref("test-client", position), reviewer="ann", kind="look",
            examples={position: ExampleValues(ticks={first: 1}, status=Status.LOOKED_AT)},
        )
        for position in positions
    ])  # fmt: skip


@settings(max_examples=20)
@given(
    size=st.integers(1, 12),
    numbers=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    right=st.integers(0, 3),
    seed=st.integers(-5, 5),
)
def test_more_is_what_a_larger_sample_would_have_been(size, numbers, right, seed):
    """Drawing 5, then 3 more, gives the errors that drawing 8 at first gives, in their order."""
    with tempfile.TemporaryDirectory() as name:
        path = cats_and_dogs(Path(name), errors=14, right=4)
        store = Store(Path(name) / "s.db", create=True)
        session = started(store, path, size=size, right=right, seed=seed)
        before = store.examples(session)
        total = size
        for number in numbers:
            known = store.session_of(session.uid)
            if known.sampled == known.errors:
                with pytest.raises(SessionError, match="none is left"):
                    draw_more(store, known, number)
                continue
            total = min(total + number, 14)
            done = draw_more(store, known, number)
            assert (done.drawn, done.left) == (total - known.sampled, 14 - total)
        after = store.examples(session)
        assert after[: len(before)] == before
        assert [example.position for example in after] == list(range(len(after)))
        other = Store(Path(name) / "other.db", create=True)
        whole = started(other, path, size=total, right=right, seed=seed)
        assert errors(after) == errors(other.examples(whole))
        assert store.session_of(session.uid).sampled_right == right
        assert store.check() == ()
        store.close()
        other.close()


@pytest.mark.parametrize(
    ("done", "late", "held"),
    [
        (range(5), {}, "planned"),
        (range(4), {}, "always"),
        (range(5), {4: Status.UNREADABLE}, "planned"),
        (range(5), {4: Status.DEFERRED}, "always"),
        (range(4), {5: Status.LOOKED_AT}, "always"),
        (range(8), {}, "always"),
        (range(14), {}, "count"),
    ],
)
def test_drawing_more_keeps_the_plan(
    store: Store, tmp_path: Path, done: range, late: dict[int, Status], held: str
):
    """5 were planned: the intervals are for these until one of those drawn later was looked at."""
    session = started(store, cats_and_dogs(tmp_path, errors=14))
    draw_more(store, session, 9)
    look(store, session, *(position for position in done if position not in late))
    ticks = {str(store.categories(session)[0].id): 0}
    store.apply(store.session_of(session.uid), [
        Change(
            ref=Ref("other-client", position), reviewer="ann", kind="look",
            examples={position: ExampleValues(ticks=ticks, status=status)},
        )
        for position, status in late.items()
    ])  # fmt: skip
    session = store.session_of(session.uid)
    assert (session.planned, session.sampled) == (5, 14)
    report = reporting.compute(store.snapshot(session))
    assert report.categories[0].holds == held


def test_ticks_stay_and_the_event_is_recorded(store: Store, tmp_path: Path):
    """Nothing judged changes; open pages hear of the draw, and it can't be undone."""
    session = started(store, cats_and_dogs(tmp_path), right=2)
    look(store, session, 0, 1, 5)
    before = store.snapshot(session)
    draw_more(store, session, 3, reviewer="bob")
    after = store.snapshot(store.session_of(session.uid))
    assert after.judged.counts() == before.judged.counts()
    assert after.judged.places == (0, 1, 2, 3, 4, 7, 8, 9)
    assert after.right is not None
    assert after.right.places == (5, 6)
    (event,) = store.news(session.uid, after=before.cursor, client="somebody").events
    assert (event.kind, event.reviewer, event.before, event.after) == (
        "draw more",
        "bob",
        "{}",
        "{}",
    )
    assert "draw more" not in [step.kind for step in store.review(session, "bob").steps]
    undo = Undo(ref=Ref("test-client", 99), reviewer="bob", undoes=event.id)
    assert store.apply(session, [undo]).refusals[0].reason == "a draw can't be undone"


def test_figures_point_at_their_own_images_after_a_draw(store: Store, tmp_path: Path):
    """Errors that stand behind right ones are found by their places, and reports count them."""
    session = started(store, cats_and_dogs(tmp_path), right=2)
    draw_more(store, session, 3)
    session = store.session_of(session.uid)
    look(store, session, 0, 5, 8)
    snapshot = store.full_snapshot(session)
    first = store.categories(session)[0].id
    rows = snapshot.judged.rows()[first]
    assert [snapshot.judged.places[row] for row in rows] == [0, 8]
    report = reporting.compute(snapshot)
    assert (report.looked_at, report.sampled) == (2, 8)
    assert "dev-" in reporting.report_html(snapshot, report)
    assert [row.example.position for row in snapshot.part(Part.ERROR)] == [0, 1, 2, 3, 4, 7, 8, 9]


def test_a_changed_table_draws_nothing(store: Store, tmp_path: Path):
    """One sentence says what is wrong and what to do, and nothing is written."""
    path = cats_and_dogs(tmp_path)
    session = started(store, path)
    text = path.read_text()
    path.write_text(text.replace("dev-1,", "dev-one,", 1))
    with pytest.raises(SessionError, match=r"has changed since .* put the file back as it was"):
        draw_more(store, session, 3)
    path.unlink()
    with pytest.raises(SessionError, match=r"is no longer at .*: put the same file back there"):
        draw_more(store, session, 3)
    assert store.session_of(session.uid) == session
    path.write_text(text)
    assert draw_more(store, session, 3).drawn == 3


def test_an_upload_is_kept_and_drawn_from_again(store: Store, tmp_path: Path):
    """Its table lies nowhere else: a copy beside the session file does, until nobody needs it."""
    path = cats_and_dogs(tmp_path / "elsewhere")
    data = path.read_bytes()
    found = predictions.validate(tables.parse(data, "predictions.csv"))
    drawn = new_session.draw_sample(
        found,
        predictions_file=Path("predictions.csv"),
        images_folder=path.parent / "images",
        size=4,
    )
    one = new_session.begin(store, drawn, name="one", data=data)
    two = new_session.begin(store, drawn, name="two", data=data)
    with pytest.raises(SessionError, match="already a session 'one'"):
        new_session.begin(store, drawn, name="one", data=data)
    (kept,) = kept_tables.folder_of(store.path).iterdir()
    assert (kept.name, kept.read_bytes()) == (f"{found.sha256}.csv", data)
    assert draw_more(store, one, 50) == MoreDrawn(drawn=8, left=0, warnings=())
    for session in (one, two):
        assert kept.exists()
        store.trash(session)
        store.delete(session)
        kept_tables.forget(store, session.predictions_sha256)
    assert not kept.parent.exists()


def test_missing_images_of_the_new_ones_are_told(store: Store, tmp_path: Path):
    """They are drawn all the same, with a warning as at the beginning."""
    session = started(store, cats_and_dogs(tmp_path), size=11)
    (last,) = {f"dev-{n}" for n in range(12)} - {one.key for one in store.examples(session)}
    (tmp_path / "images" / "dogs" / f"{int(last[4:]):03d}.png").unlink()
    (warning,) = draw_more(store, session, 1).warnings
    assert warning.startswith("1 of 1 sampled image can't be shown, first: image 'dogs/")


def test_two_draws_at_once_are_one(store: Store, session: Session, tmp_path: Path):
    """Whoever comes second is told, and no error is in the session twice."""
    small = started(store, tmp_path / "predictions.csv")
    added = store.examples(session)[5:7]
    store.extend(small, added, reviewer="ann")
    with pytest.raises(SessionError, match="drew more at the same moment"):
        store.extend(small, added, reviewer="bob")
    store.trash(small)
    with pytest.raises(SessionError, match="in the trash"):
        store.extend(small, added, reviewer="bob")


@pytest.mark.parametrize("number", [0, -3])
def test_less_than_one_is_refused(store: Store, session: Session, number: int):
    """Before the table is read."""
    with pytest.raises(SessionError, match="ask for 1 or more"):
        draw_more(store, session, number)


@pytest.mark.parametrize(
    ("drawn", "left", "asked", "says"),
    [
        (50, 850, 50, "50 more errors drawn for session 'pets'; 850 of 12 errors are left."),
        (50, 1, 50, "50 more errors drawn for session 'pets'; 1 of 12 errors is left."),
        (6, 0, 50, "6 more errors drawn for session 'pets' of the 50 asked for: these were all "
         "that were left."),
        (50, 0, 50, "50 more errors drawn for session 'pets': these were all that were left."),
        (1, 0, 50, "1 more error drawn for session 'pets': it was the last one left."),
    ],
)  # fmt: skip
def test_a_draw_in_words(session: Session, drawn: int, left: int, asked: int, says: str):
    """How many, and how many are left; fewer than asked for is said."""
    done = MoreDrawn(drawn=drawn, left=left, warnings=())
    assert drawn_text(session, done, asked) == says
    assert drawing.NUMBER == 50
