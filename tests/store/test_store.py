"""What is recorded stays, can be undone, and is never half."""

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs, query
from hypothesis import given, settings
from hypothesis import strategies as st

from errortool.changes import (
    CategoryValues,
    Change,
    ExampleValues,
    Merge,
    Preferences,
    Ref,
    Split,
    Undo,
)
from errortool.errors import SessionError, StoreError
from errortool.model import NOT_LOOKED_AT, Kind, NewCategory, Session, Status
from errortool.store import Store, schema
from errortool.store.patches import Patches
from errortool.store.schema import APPLICATION_ID, VERSION

LOOKED_AT = Status.LOOKED_AT


class Hand:
    """A reviewer's browser: numbers its changes."""

    def __init__(self, store: Store, session: Session, reviewer: str = "ann") -> None:
        """Work on `session` as `reviewer`."""
        self.store, self.session, self.reviewer = store, session, reviewer
        self.client = f"hand-{reviewer}"
        self.seq = -1
        self.ids = {category.name: category.id for category in store.categories(session)}

    def ref(self) -> Ref:
        """Return the next change's Ref."""
        self.seq += 1
        return Ref(self.client, self.seq)

    def change(self, position: int, *, kind: str = "look", **values) -> Change:
        """Make a change of one example; ticks go by the category's name."""
        ticks = {
            str(self.ids.get(name, name)): None if value is None else int(value)
            for name, value in values.pop("ticks", {}).items()
        }
        return Change(
            ref=self.ref(),
            reviewer=self.reviewer,
            kind=kind,
            examples={position: ExampleValues(ticks=ticks, **values)},
        )

    def category(self, number: int | None = None, *, kind: str = "edit", **values) -> Change:
        """Make a change of a category, or a new one."""
        new = CategoryValues(**values)
        return Change(
            ref=self.ref(),
            reviewer=self.reviewer,
            kind=kind,
            categories={} if number is None else {str(number): new},
            new=new if number is None else None,
        )

    def add(self, name: str) -> int:
        """Make a new category and return its number."""
        ((number,),) = self.do(self.category(name=name)).made.values()
        self.ids[name] = number
        return number

    def undo(self, undoes: int | Ref):
        """Undo a change."""
        return self.do(Undo(ref=self.ref(), reviewer=self.reviewer, undoes=undoes))

    def look(self, position: int, **ticks: bool | None):
        """Tick, and finish with the example."""
        return self.do(self.change(position, ticks=ticks, status=LOOKED_AT))

    def do(self, *changes):
        """Apply changes."""
        return self.store.apply(self.session, changes)


@pytest.fixture
def hand(store: Store, session: Session) -> Hand:
    """Give a reviewer at work."""
    return Hand(store, session)


def values(store: Store, session: Session) -> list[list[int]]:
    """Return what counts, as a matrix."""
    return store.judged(session).ticks.tolist()


# --- sessions ------------------------------------------------------------------------------------


def test_a_session_comes_back_as_it_was_begun(store: Store, session: Session, tmp_path: Path):
    """Closed and opened again, by name in any case, by number or by uid, it is the same."""
    store.close()
    again = Store(store.path)
    assert again.session("PETS") == again.session("1") == session
    assert again.session_of(session.uid) == again.session_numbered("1") == session
    assert (session.dev_examples, session.errors, session.sampled) == (40, 12, 12)
    assert session.images == str(tmp_path / "images")
    assert [row.example.label for row in again.rows(session)] == ["not cat"] * 12
    assert [category.name for category in again.categories(session)] == ["Dog", "Blurry"]
    again.close()


def test_several_sessions_share_a_file(store: Store, session: Session, tmp_path: Path):
    """Each has its own examples and ticks; the last opened stands first in the list."""
    other = begin(store, cats_and_dogs(tmp_path / "more", errors=3), name="more")
    Hand(store, other).look(0, Dog=True)
    assert values(store, session) == [[NOT_LOOKED_AT] * 2] * 12
    assert values(store, other)[0] == [1, NOT_LOOKED_AT]
    store.opened(session)
    assert [found.name for found in store.sessions()] == ["pets", "more"]


def test_a_folder_below_the_file_moves_with_it(store: Store, session: Session, tmp_path: Path):
    """Session file and images can be moved together: the folder is kept relative."""
    assert query(store.path, "select images from sessions") == [("images",)]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x07b"])
def test_a_session_needs_a_proper_name(store: Store, session: Session, name: str):
    """Blank, endless and unprintable names are refused."""
    with pytest.raises(SessionError, match="can't name a session"):
        store.rename(session, name)


def test_names_are_taken_in_any_case(store: Store, session: Session, tmp_path: Path):
    """Two sessions can't have names that differ only in case."""
    with pytest.raises(SessionError, match="already a session 'PETS'"):
        begin(store, tmp_path / "predictions.csv", name="PETS")
    store.rename(session, "Pets")
    assert store.session("pets").name == "Pets"


def test_an_unknown_session_names_the_known(store: Store, session: Session):
    """The message helps to find the right name."""
    with pytest.raises(SessionError, match=r"no session 'dogs' .* 'pets'"):
        store.session("dogs")


@pytest.mark.parametrize("names", [("Dog", "dog"), ("Comment",), ("looked_at",), ("",)])
def test_a_session_with_bad_categories_is_not_begun(store: Store, tmp_path: Path, names):
    """Repeated and reserved names are refused, and nothing is written."""
    with pytest.raises(SessionError):
        begin(store, cats_and_dogs(tmp_path), categories=names)
    assert store.sessions() == []


def test_a_trashed_session_is_hidden_and_comes_back_whole(hand, store: Store, session: Session):
    """It is in no list and no view, and can't be opened; restored, it is as it was."""
    hand.look(0, Dog=True)
    before = values(store, session), store.categories(session)
    store.trash(session)
    assert store.sessions() == []
    assert store.trashed() == [session]
    with pytest.raises(SessionError, match="no session 'pets'"):
        store.session("pets")
    for found in (store.session_numbered, store.session_of):
        with pytest.raises(SessionError, match="is in the trash: restore it to go on"):
            found(str(session.id) if found == store.session_numbered else session.uid)
    for view in ("tally", "tick_table"):
        assert query(store.path, f"select count(*) from {view}") == [(0,)]
    assert store.check() == ()
    store.untrash(session)
    assert store.trashed() == []
    assert store.session("pets") == session
    assert (values(store, session), store.categories(session)) == before


def test_a_trashed_session_takes_no_changes_until_it_is_back(hand, store, session):
    """A page that is still open keeps them meanwhile, and sends them again."""
    change = hand.change(0, ticks={"Dog": True}, status=LOOKED_AT)
    store.trash(session)
    with pytest.raises(SessionError, match="is in the trash"):
        hand.do(change)
    store.untrash(session)
    hand.do(change)
    assert values(store, session)[0][0] == 1


def test_the_name_of_a_trashed_session_is_free(store: Store, session: Session, tmp_path: Path):
    """Another may take it; then the old one comes back only when that is renamed."""
    store.trash(session)
    other = begin(store, tmp_path / "predictions.csv", name="Pets")
    with pytest.raises(SessionError, match="already a session 'pets': rename that one first"):
        store.untrash(session)
    assert store.sessions() == [other]
    store.rename(other, "other pets")
    store.untrash(session)
    assert {found.name for found in store.sessions()} == {"pets", "other pets"}


def test_the_trash_is_searched_by_name(store: Store, session: Session, tmp_path: Path):
    """The last trashed of a name, in any case, or a number; else it says what is there."""
    with pytest.raises(
        SessionError, match=r"no session 'pets' in the trash of .* \(it has: nothing"
    ):
        store.trashed_session("pets")
    store.trash(session)
    other = begin(store, tmp_path / "predictions.csv", name="Pets")
    store.trash(other)
    assert store.trashed_session("PETS") == other
    assert store.trashed_session(str(session.id)) == session
    with pytest.raises(SessionError, match=r"it has: 'Pets', 'pets'"):
        store.trashed_session("cats")


SAME = (
    "select e.position, e.key, e.image, e.label, e.prediction, e.confidence, e.extra, e.part "
    "from examples e where session = ? order by 1",
    "select name, kind, description, position, retired from categories where session = ? "
    "order by id",
    "select c.position, c.name, e.position, j.reviewer, j.value, (select count(*) from events v "
    "where v.session = c.session and v.id <= j.event) "
    "from judgements j join examples e on e.id = j.example join categories c on c.id = j.category "
    "where e.session = ? order by 1, 2, 3, 4, 5, 6",
    "select e.position, l.reviewer, l.status, l.comment, l.corrected_label, l.seconds "
    "from looks l join examples e on e.id = l.example where e.session = ? order by 1, 2",
)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.deferred(lambda: step)), max_size=14))
def test_a_copy_with_ticks_is_the_same_in_everything(actions):
    """Whatever happened in a session; and what happened can be undone there, and only there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder / "s.db", create=True)
        session = begin(store, cats_and_dogs(folder, errors=4, right=1))
        hands = {who: Hand(store, session, who) for who in ("ann", "bob")}
        numbers = list(hands["ann"].ids.values())
        for who, action in actions:
            done(hands[who], action, numbers)
        before = [query(store.path, sql, session.id) for sql in SAME]
        copy = store.duplicate(session, "copy", with_ticks=True)
        assert [query(store.path, sql, copy.id) for sql in SAME] == before
        assert store.check() == ()
        for who in hands:
            undo = store.review(copy, who).steps
            assert [one.kind for one in undo] == [
                one.kind for one in store.review(session, who).steps
            ]
            for one in reversed(undo):
                ref = Ref(f"undo-{who}-copy", one.id)
                assert not store.apply(copy, [Undo(ref=ref, reviewer=who, undoes=one.id)]).refusals
        assert [query(store.path, sql, session.id) for sql in SAME] == before
        assert store.check() == ()
        store.trash(session)
        store.delete(session)
        assert store.check() == ()
        assert query(store.path, "select distinct session from events") == [(copy.id,)]
        store.close()


def test_a_copy_without_ticks_begins_anew(hand: Hand, store: Store, session: Session):
    """The same examples, the categories as they are now, nothing judged."""
    hand.look(0, Dog=True)
    hand.do(hand.category(hand.ids["Blurry"], retired=1))
    hand.do(hand.category(hand.ids["Dog"], name="Dogs", description="all breeds"))
    hand.add("Wet")
    copy = store.duplicate(session, "again", with_ticks=False)
    assert copy.uid != session.uid
    assert [(one.name, one.description) for one in store.categories(copy)] == [
        ("Dogs", "all breeds"), ("Wet", ""),
    ]  # fmt: skip
    assert store.examples(copy) == store.examples(session)
    assert not store.judged(copy).looked_at.any()
    assert store.check() == ()
    for name in ("PETS", " ", "x" * 101):
        with pytest.raises(SessionError):
            store.duplicate(session, name, with_ticks=True)


# --- three states --------------------------------------------------------------------------------


def test_a_tick_counts_once_its_image_was_looked_at(hand: Hand, store: Store, session: Session):
    """Until the reviewer is through with an image its ticks are kept but count nowhere.

    Else a share would count the images with a tick and forget those without.
    """
    hand.do(hand.change(0, kind="tick", ticks={"Dog": True}))
    assert values(store, session)[0] == [NOT_LOOKED_AT] * 2
    assert store.rows(session)[0].ticks == {hand.ids["Dog"]: True}
    assert not store.rows(session)[0].looked_at
    hand.do(hand.change(0, ticks={"Blurry": False}, status=LOOKED_AT))
    assert values(store, session)[0] == [1, 0]


def test_a_deferred_image_does_not_count(hand: Hand, store: Store, session: Session):
    """Deferring takes it out of the counts, and looking at it puts it back."""
    hand.look(0, Dog=True, Blurry=False)
    hand.do(hand.change(0, kind="defer", status=Status.DEFERRED))
    judged = store.judged(session)
    assert judged.counts() == ([0, 0], [0, 0])
    assert judged.deferred.tolist() == [True] + [False] * 11
    hand.do(hand.change(0, status=LOOKED_AT))
    assert values(store, session)[0] == [1, 0]


def test_a_new_category_was_not_looked_at_on_earlier_images(hand, store, session):
    """Its share has its own denominator; the earlier images are not read as no."""
    hand.look(0, Dog=True, Blurry=False)
    hand.add("Wet")
    hand.look(1, Dog=False, Blurry=False, Wet=True)
    assert store.judged(session).counts() == ([1, 0, 1], [2, 2, 1])


def test_the_latest_judgement_of_several_reviewers_counts(store, session):
    """Judgements are per reviewer; figures take the last that was said by one who finished."""
    ann, bob = Hand(store, session, "ann"), Hand(store, session, "bob")
    ann.look(0, Dog=True, Blurry=False)
    bob.look(0, Dog=False)
    assert values(store, session)[0] == [0, 0]
    ann.look(0, Dog=True)
    assert values(store, session)[0] == [1, 0]
    bob.do(bob.change(1, kind="tick", ticks={"Dog": True}))
    assert values(store, session)[1] == [NOT_LOOKED_AT] * 2
    assert [look.reviewer for look in store.review(session, "bob").looks] == ["bob", "bob"]
    assert store.rows(session)[0].reviewer == "ann"
    assert store.snapshot(session).reviewers == ("ann", "bob")
    assert store.judged(session, "bob").ticks[0].tolist() == [0, NOT_LOOKED_AT]
    assert store.judged(session, "ann").ticks[0].tolist() == [1, 0]


# --- changes -------------------------------------------------------------------------------------


def test_sending_twice_changes_nothing(hand: Hand, store: Store, session: Session):
    """A batch whose answer was lost is sent again, and recorded once."""
    change = hand.change(0, ticks={"Dog": True}, status=LOOKED_AT)
    new = hand.category(name="Wet")
    first = hand.do(change, new)
    hand.look(0, Dog=False)
    again = hand.do(change, new)
    assert again.made == first.made
    assert values(store, session)[0][0] == 0
    assert query(store.path, "select count(*) from events where client = 'hand-ann'") == [(3,)]


def test_a_category_may_go_by_the_change_that_made_it(hand, store, session):
    """The browser can tick a category before it knows the category's number."""
    new = hand.category(name="Wet")
    made = hand.do(new, hand.change(0, ticks={new.ref: True}, status=LOOKED_AT)).made
    (number,) = made[new.ref.seq]
    assert store.rows(session)[0].ticks == {number: True}


def test_invalid_changes_are_refused_and_the_rest_applied(hand, store, session):
    """An unknown image or category, or a taken name, stops nothing else."""
    changes = [
        hand.change(99, status=LOOKED_AT),
        hand.change(0, ticks={"no such": True}),
        hand.category(name="dog"),
        hand.category(),
        hand.category(77, name="x"),
        Undo(ref=hand.ref(), reviewer="ann", undoes=9_999),
        Merge(
            ref=hand.ref(), reviewer="ann", source=str(hand.ids["Dog"]), target=str(hand.ids["Dog"])
        ),
        Split(ref=hand.ref(), reviewer="ann", source=str(hand.ids["Dog"]), names=()),
        hand.change(1, ticks={"Dog": True}, status=LOOKED_AT),
    ]
    applied = hand.do(*changes)
    assert [refusal.seq for refusal in applied.refusals] == list(range(8))
    assert len(store.categories(session)) == 2
    assert "image number 100" in applied.refusals[0].reason
    assert "already a category 'dog'" in applied.refusals[2].reason
    assert values(store, session)[1][0] == 1


def test_a_category_of_another_session_is_not_this_ones(hand, store, session, tmp_path):
    """Ids of other sessions are strangers."""
    other = begin(store, cats_and_dogs(tmp_path / "more"), name="more")
    (dog, _) = store.categories(other)
    assert hand.do(hand.change(0, ticks={dog.id: True})).refusals


def test_an_event_tells_before_and_after(hand: Hand, store: Store, session: Session):
    """What undo and audit read: each change with the values it replaced, who, when."""
    hand.look(0, Dog=True)
    hand.do(hand.change(0, kind="comment", comment="odd", ticks={"Dog": None}))
    (event,) = store.news(session.uid, after=3, client="nobody").events
    dog = str(hand.ids["Dog"])
    assert json.loads(event.before) == {"examples": {"0": {"comment": "", "ticks": {dog: 1}}}}
    assert json.loads(event.after) == {"examples": {"0": {"comment": "odd", "ticks": {dog: None}}}}
    assert (event.reviewer, event.kind) == ("ann", "comment")


def test_undo_restores_the_former_values(hand: Hand, store: Store, session: Session):
    """Any number of steps, also after the file was reopened; undone steps are none any more."""
    hand.look(0, Dog=True)
    hand.look(1, Dog=True)
    hand.do(hand.change(1, kind="comment", comment="odd"))
    steps = store.review(session, "ann").steps
    assert [json.loads(step.after)["examples"].keys() for step in steps] == [{"0"}, {"1"}, {"1"}]
    hand.undo(steps[-1].id)
    hand.undo(steps[-2].ref)
    assert [step.id for step in store.review(session, "ann").steps] == [steps[0].id]
    assert values(store, session)[1] == [NOT_LOOKED_AT] * 2
    assert store.rows(session)[1].comment == ""
    assert "undone already" in hand.undo(steps[-1].id).refusals[0].reason
    assert store.review(session, "bob").steps == ()
    assert "nothing of yours" in Hand(store, session, "bob").undo(steps[0].id).refusals[0].reason


def test_what_was_undone_is_done_again_until_something_else_is(hand, store, session):
    """Undoing an undo is called what it does again, and is a step like any other."""
    hand.look(0, Dog=True)
    hand.do(hand.change(1, kind="defer", status=Status.DEFERRED))
    before = values(store, session)
    for kind in ("defer", "look"):
        review = store.review(session, "ann")
        assert review.steps[-1].kind == kind
        hand.undo(review.steps[-1].id)
    store.close()
    hand.store = store = Store(store.path)
    undone = store.review(session, "ann").undone
    assert [event.kind for event in undone] == ["defer", "look"]
    assert store.review(session, "bob").undone == ()
    hand.undo(undone[-1].id)
    assert values(store, session) == before
    review = store.review(session, "ann")
    assert [event.kind for event in review.steps] == ["look"]
    assert [event.kind for event in review.undone] == ["defer"]
    assert "undone already" in hand.undo(undone[-1].id).refusals[0].reason
    hand.undo(review.steps[-1].id)
    assert [event.kind for event in store.review(session, "ann").undone] == ["defer", "look"]
    hand.look(5, Dog=False)
    assert store.review(session, "ann").undone == ()
    hand.undo(store.review(session, "ann").steps[-1].id)
    assert [event.kind for event in store.review(session, "ann").undone] == ["look"]
    assert store.check() == ()
    store.close()


def test_a_merge_and_a_new_category_are_done_again(hand: Hand, store: Store, session: Session):
    """With all their ticks and numbers; sending it twice makes no category twice."""
    wet = hand.add("Wet")
    hand.look(0, Dog=True, Blurry=False, Wet=False)
    dog, blurry = str(hand.ids["Dog"]), str(hand.ids["Blurry"])
    hand.do(Merge(ref=hand.ref(), reviewer="ann", source=dog, target=blurry))
    merged = store.judged(session).counts()
    for _ in range(3):
        hand.undo(store.review(session, "ann").steps[-1].id)
    assert [category.name for category in store.categories(session)] == ["Dog", "Blurry"]
    for event in reversed(store.review(session, "ann").undone):
        again = Undo(ref=hand.ref(), reviewer="ann", undoes=event.id)
        assert hand.do(again).made == hand.do(again).made == {}
    assert [category.id for category in store.categories(session)] == [int(blurry), wet]
    assert store.judged(session).counts() == merged
    assert store.check() == ()


def test_older_steps_are_returned_on_request(hand: Hand, store: Store, session: Session):
    """A review begins with the latest steps; those before them can be had as well."""
    for number in range(5):
        hand.look(number, Dog=True)
    steps = store.review(session, "ann").steps
    assert store.steps(session, "ann", before=steps[3].id) == steps[:3]
    assert store.steps(session, "ann", before=steps[0].id) == ()


def test_many_examples_change_in_one_step(hand: Hand, store: Store, session: Session):
    """As the contact sheet ticks: one event, one undo."""
    dog = hand.ids["Dog"]
    hand.look(2, Dog=False)
    change = Change(
        ref=hand.ref(),
        reviewer="ann",
        kind="tick many",
        examples={
            n: ExampleValues(ticks={str(dog): 1}, status=LOOKED_AT, corrected_label="cat")
            for n in (0, 2, 5)
        },
    )
    hand.do(change)
    assert [row[0] for row in values(store, session)][:6] == [1, -1, 1, -1, -1, 1]
    hand.undo(change.ref)
    assert [row[0] for row in values(store, session)][:6] == [-1, -1, 0, -1, -1, -1]


def test_a_merge_is_a_yes_where_either_was(hand: Hand, store: Store, session: Session):
    """Yes where either was, no where both were, else not looked at; for every reviewer."""
    wet = hand.add("Wet")
    dog = hand.ids["Dog"]
    said = [(True, False), (False, True), (False, False), (True, None), (None, True), (False, None)]
    for position, (first, second) in enumerate(said):
        hand.look(position, **{n: v for n, v in (("Dog", first), ("Wet", second)) if v is not None})
    bob = Hand(store, session, "bob")
    bob.look(6, Dog=False, Wet=True)
    before = store.judged(session)
    merge = Merge(ref=hand.ref(), reviewer="ann", source=str(wet), target=str(dog))
    hand.do(merge)
    assert [category.name for category in store.categories(session)] == ["Dog", "Blurry"]
    assert [row[0] for row in values(store, session)][:7] == [1, 1, 0, 1, 1, -1, 1]
    hand.undo(merge.ref)
    after = store.judged(session)
    assert after.categories == before.categories
    assert after.ticks.tolist() == before.ticks.tolist()


def test_a_split_asks_again_only_where_it_was_a_yes(hand: Hand, store: Store, session: Session):
    """What wasn't blurry is neither kind of blurry; what was has to be looked at once more."""
    hand.look(0, Blurry=True)
    hand.look(1, Blurry=False)
    split = Split(
        ref=hand.ref(), reviewer="ann", source=str(hand.ids["Blurry"]), names=("Moved", "Blurry")
    )
    made = hand.do(split).made[split.ref.seq]
    categories = store.categories(session)
    assert [category.name for category in categories] == ["Dog", "Moved", "Blurry"]
    assert tuple(category.id for category in categories[1:]) == made
    assert values(store, session)[:2] == [[-1, -1, -1], [-1, 0, 0]]
    hand.undo(split.ref)
    assert [category.id for category in store.categories(session)] == list(hand.ids.values())
    assert values(store, session)[:2] == [[-1, 1], [-1, 0]]


def test_the_order_of_categories_changes_in_one_step(hand: Hand, store: Store, session: Session):
    """Reordering is one change of several categories."""
    dog, blurry = hand.ids.values()
    change = Change(
        ref=hand.ref(),
        reviewer="ann",
        kind="reorder",
        categories={str(dog): CategoryValues(position=1), str(blurry): CategoryValues(position=0)},
    )
    hand.do(change)
    assert [category.name for category in store.categories(session)] == ["Blurry", "Dog"]
    hand.undo(change.ref)
    assert [category.name for category in store.categories(session)] == ["Dog", "Blurry"]


def test_news_contain_the_changes_of_others_alone(store, session):
    """A second tab hears of what the first did, and not of its own."""
    ann, bob = Hand(store, session, "ann"), Hand(store, session, "bob")
    cursor = ann.look(0, Dog=True).cursor
    bob.look(1, Dog=True)
    news = store.news(session.uid, after=cursor, client=ann.client)
    assert [(event.reviewer, event.ref.client) for event in news.events] == [("bob", bob.client)]
    assert news.cursor == news.events[-1].id


def test_a_category_changes_without_losing_a_tick(hand: Hand, store: Store, session: Session):
    """Rename, describe, mark as label error, reorder, retire and restore keep all ticks."""
    hand.look(0, Dog=True, Blurry=True)
    dog = hand.ids["Dog"]

    def change(**new: object) -> None:
        values_ = CategoryValues(**new)
        hand.do(Change(ref=hand.ref(), reviewer="ann", kind="edit", categories={str(dog): values_}))

    change(name="Wolf", description="or dog", kind=Kind.LABEL_ERROR, position=9)
    blurry, wolf = store.categories(session)
    assert (wolf.name, wolf.description, wolf.kind) == ("Wolf", "or dog", Kind.LABEL_ERROR)
    assert values(store, session)[0] == [1, 1]
    change(retired=1)
    assert store.categories(session) == (blurry,)
    change(retired=0)
    assert values(store, session)[0] == [1, 1]


def test_a_retired_name_is_free_until_it_comes_back(hand: Hand, store: Store, session: Session):
    """Restoring a category whose name was given away is refused."""
    dog = hand.ids["Dog"]
    hand.do(hand.category(dog, retired=1))
    hand.add("Dog")
    refused = hand.do(hand.category(dog, retired=0)).refusals
    assert "already a category 'Dog'" in refused[0].reason


step = st.one_of(
    st.tuples(
        st.just("look"),
        st.integers(0, 3),
        st.dictionaries(st.integers(0, 3), st.sampled_from([None, False, True]), max_size=3),
        st.sampled_from([None, Status.LOOKED_AT, Status.DEFERRED, "keep"]),
    ),
    st.tuples(st.just("comment"), st.integers(0, 3), st.sampled_from(["", "hm"])),
    st.tuples(st.just("add"), st.sampled_from("xyz")),
    st.tuples(st.just("retire"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("split"), st.integers(0, 3), st.sampled_from(["p", "q"])),
    st.tuples(st.just("undo"), st.integers(1, 5)),
)


def done(hand: Hand, action: tuple, numbers: list[int]) -> None:  # noqa: C901  a case a kind
    """Do what an action says; `numbers` are the categories made so far."""

    def number(index: int) -> int:
        return numbers[index % len(numbers)]

    what, *rest = action
    if what == "look":
        position, ticks, status = rest
        new = {} if status == "keep" else {"status": status}
        ticks = {number(index): value for index, value in ticks.items()}
        hand.do(hand.change(position, ticks=ticks, **new))
    elif what == "comment":
        hand.do(hand.change(rest[0], kind="comment", comment=rest[1]))
    elif what == "add":
        for made in hand.do(hand.category(name=rest[0])).made.values():
            numbers.extend(made)
    elif what == "retire":
        hand.do(hand.category(number(rest[0]), retired=int(rest[1])))
    elif what == "merge":
        source, target = (str(number(index)) for index in rest)
        hand.do(Merge(ref=hand.ref(), reviewer=hand.reviewer, source=source, target=target))
    elif what == "split":
        parts = Split(
            ref=hand.ref(), reviewer=hand.reviewer, source=str(number(rest[0])), names=(rest[1],)
        )
        for made in hand.do(parts).made.values():
            numbers.extend(made)
    elif what == "undo":
        hand.undo(Ref(hand.client, max(0, hand.seq - rest[0])))
    elif steps := hand.store.review(hand.session, hand.reviewer).steps:
        hand.undo(steps[-1].id)


STATE = (
    "select j.category, e.position, j.reviewer, j.value, j.event from judgements j "
    "join examples e on e.id = j.example order by 1, 2, 3",
    "select e.position, l.reviewer, l.status, l.comment from looks l "
    "join examples e on e.id = l.example order by 1, 2",
    "select id, name, kind, description, position, retired from categories order by 1",
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["ann", "bob"]), step), max_size=18))
def test_the_events_alone_rebuild_the_state(actions):
    """Applying every event's `after`, in order, gives exactly the tables as they are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder / "s.db", create=True)
        session = begin(store, cats_and_dogs(folder, errors=4, right=1))
        hands = {who: Hand(store, session, who) for who in ("ann", "bob")}
        numbers = list(hands["ann"].ids.values())
        for who, action in actions:
            done(hands[who], action, numbers)
        found = [query(store.path, sql) for sql in STATE]
        with store._file.writing() as db:
            db.execute("delete from judgements")
            db.execute("delete from looks")
            db.execute("update categories set name = id, retired = 1, position = 0")
            patches = Patches(db, session.id)
            for event in db.execute("select * from events order by id").fetchall():
                patches.apply(json.loads(event["after"]), event["reviewer"], event["id"])
        assert [query(store.path, sql) for sql in STATE] == found
        store.close()


in_order = st.one_of(
    step.filter(lambda action: action[0] != "undo"), st.tuples(st.just("undo the last"))
)


@settings(max_examples=40)
@given(st.lists(in_order, min_size=1, max_size=12))
def test_undoing_everything_gives_the_beginning(actions):
    """After all steps are undone, last first, nothing is judged and the categories are as new."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder / "s.db", create=True)
        session = begin(store, cats_and_dogs(folder, errors=4, right=1))
        hand = Hand(store, session)
        numbers = list(hand.ids.values())
        categories = store.categories(session)
        for action in actions:
            done(hand, action, numbers)
        while steps := store.review(session, "ann").steps:
            assert hand.undo(steps[-1].id).refusals == ()
        assert query(store.path, STATE[0]) == []
        assert {(row[2], row[3]) for row in query(store.path, STATE[1])} <= {(None, "")}
        assert store.categories(session) == categories
        store.close()


def test_time_is_an_argument(tmp_path: Path):
    """The clock can be set, and events carry its time in UTC."""
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    store = Store(tmp_path / "s.db", create=True, clock=lambda: noon)
    session = begin(store, cats_and_dogs(tmp_path))
    assert session.created_at == "2026-01-02T12:00:00.000+00:00"
    store.close()


# --- open to everyone ----------------------------------------------------------------------------


def test_the_views_are_always_current(hand: Hand, store: Store, session: Session):
    """`tally` and `tick_table` say what the report says, by plain SQL."""
    hand.look(0, Dog=True, Blurry=False)
    hand.look(1, Dog=False, Blurry=False)
    hand.do(hand.change(2, kind="tick", ticks={"Dog": True}))
    tally = query(store.path, "select category, looked_at, ticked, share, ceiling from tally")
    assert tally == [("Dog", 2, 1, 0.5, pytest.approx(0.15)), ("Blurry", 2, 0, 0.0, 0.3)]
    table = query(
        store.path,
        "select position, category, tick, status from tick_table where position < 4 order by 1, 2",
    )
    assert table == [
        (0, "Blurry", 0, "looked at"),
        (0, "Dog", 1, "looked at"),
        (1, "Blurry", 0, "looked at"),
        (1, "Dog", 0, "looked at"),
        (2, "Blurry", None, None),
        (2, "Dog", 1, None),
        (3, "Blurry", None, None),
        (3, "Dog", None, None),
    ]


def test_every_table_is_strict_and_the_file_says_whose_it_is(store: Store, session: Session):
    """The file is marked as ours, in WAL, and no column takes a value of another type."""
    assert query(store.path, "pragma application_id") == [(APPLICATION_ID,)]
    assert query(store.path, "pragma user_version") == [(VERSION,)]
    assert query(store.path, "pragma journal_mode") == [("wal",)]
    loose = query(
        store.path,
        "select name from pragma_table_list where type = 'table' and not strict "
        "and name not like 'sqlite_%' and name not like '_sqlite_%'",
    )
    assert loose == []


def definitions(db: sqlite3.Connection) -> dict[str, tuple[str, set[str], list[str]]]:
    """Return what a file's tables, indexes and views are made of, however that is written."""
    found = {}
    for name, sql in db.execute("select name, sql from sqlite_master where name not like '%sql%'"):
        text = " ".join(re.sub(r"--.*", "", sql).replace('"', "").lower().split())
        head, _, body = text.partition("(" if text.startswith("create table") else " as ")
        parts = re.split(r",(?![^(]*\))", body.rpartition(")")[0] if "table" in head else body)
        end = body.rpartition(")")[2] if "table" in head else ""
        columns = [row[1] for row in db.execute(f"pragma table_xinfo({name})")]
        found[name] = f"{head.strip()} {end.strip()}", {part.strip() for part in parts}, columns
    return found


def test_the_schema_for_readers_is_what_the_migrations_give(store: Store):
    """schema.sql says what a file holds today; in the migrations that can be read nowhere."""
    text = Path(schema.__file__).with_name("schema.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(":memory:")) as read, closing(sqlite3.connect(store.path)) as made:
        read.executescript(text)
        assert definitions(read) == definitions(made)
        assert len(definitions(read)) == 18


def test_every_connection_syncs_every_commit(store: Store, session: Session):
    """WAL without synchronous=FULL would lose acknowledged ticks in a power cut."""
    with store._file.reading() as db:
        assert db.execute("pragma synchronous").fetchone()[0] == 2
        assert db.execute("pragma foreign_keys").fetchone()[0] == 1
    with store._file.writing() as db:
        assert db.execute("pragma synchronous").fetchone()[0] == 2


# --- files that aren't ours, or not any more -----------------------------------------------------


def test_a_missing_file_is_only_made_when_asked(tmp_path: Path):
    """A mistyped path makes no empty session file."""
    with pytest.raises(StoreError, match="is not there"):
        Store(tmp_path / "typo.db")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError, match="there is no folder"):
        Store(tmp_path / "nowhere" / "x.db", create=True)


def test_a_backup_is_a_session_file_and_never_overwrites(hand, store, session, tmp_path):
    """It holds everything, while the original is in use."""
    hand.look(0, Dog=True)
    store.backup(tmp_path / "copy.db")
    copy = Store(tmp_path / "copy.db")
    assert values(copy, copy.session("pets")) == values(store, session)
    copy.close()
    with pytest.raises(StoreError, match="is already there"):
        store.backup(tmp_path / "copy.db")
    with pytest.raises(StoreError, match="can't be written"):
        store.backup(tmp_path / "nowhere" / "copy.db")


WRITER = Path(__file__).parents[1] / "support" / "writer.py"


def test_two_processes_share_a_file(store: Store, session: Session):
    """The command line may write while the app is open; nobody is locked out."""
    hand = Hand(store, session)
    with subprocess.Popen(
        [sys.executable, WRITER, store.path, "other"], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        for number in range(60):
            hand.look(number % 12, Dog=True)
        for _ in range(20):
            assert writer.stdout.readline()  # it goes on, too: its own errors would end it
        writer.kill()
    assert query(store.path, "select count(*) from events where reviewer = 'ann'") == [(60,)]
    assert query(store.path, "select count(*) > 20 from events where reviewer = 'other'") == [(1,)]


def test_first_categories_may_blame_the_label(store: Store, tmp_path: Path):
    """A label error is known as one from the start."""
    from errortool.actions import new_session
    from errortool.data import predictions

    path = cats_and_dogs(tmp_path)
    drawn = new_session.draw_sample(
        predictions.load(path), predictions_file=path, images_folder=tmp_path / "images"
    )
    session = new_session.begin(
        store, drawn, categories=[NewCategory(name="Mislabeled", kind=Kind.LABEL_ERROR)]
    )
    assert store.categories(session)[0].kind is Kind.LABEL_ERROR


# --- preferences ---------------------------------------------------------------------------------


def test_preferences_are_kept_per_reviewer(store: Store):
    """What somebody chose holds for them in every session; another has the defaults."""
    store.prefer("ann", "level", 0.9)
    store.prefer("ann", "crisp", value=True)
    store.prefer("ann", "crisp", value=False)
    store.prefer("ann", "tile", 240)
    assert store.preferences("ann") == Preferences(level=0.9, tile=240)
    assert store.preferences("bob") == Preferences()


@pytest.mark.parametrize(
    ("name", "value"), [("theme", 1), ("level", 2), ("level", True), ("crisp", 1), ("tile", 0.5)]
)
def test_a_preference_that_no_page_takes_is_refused(store: Store, name: str, value: float):
    """An unknown name, or a value out of its bounds, isn't kept."""
    with pytest.raises(SessionError, match=f"the preference '{name}' can't be"):
        store.prefer("ann", name, value)
    assert store.preferences("ann") == Preferences()


def test_a_preference_of_a_later_version_is_left_out(store: Store):
    """What this version doesn't know, in name or value, changes nothing."""
    store.prefer("ann", "tile", 240)
    with closing(sqlite3.connect(store.path)) as db:
        db.executemany(
            "insert into preferences values ('ann', ?, ?)",
            [("theme", '"dark"'), ("level", "7"), ("pace", "not json")],
        )
        db.commit()
    assert store.preferences("ann") == Preferences(tile=240)
