"""A session that follows another takes over what still holds, and nothing else."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from helpers import draw_image, query
from two_rounds import TwoRounds

import errortool
from errortool.actions import dev_sets
from errortool.changes import Ref, Undo
from errortool.errors import SessionError, TableError
from errortool.model import About, Session
from errortool.store import Store

WRONG = [f"e{number:02d}" for number in range(12)]


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be ann at this computer."""
    monkeypatch.setenv("LOGNAME", "ann")


@pytest.fixture
def made(tmp_path: Path) -> TwoRounds:
    """Give a dev set."""
    return TwoRounds(tmp_path)


def first(made: TwoRounds, **options) -> Session:
    """Begin the first round; all of its errors are looked at, every other one is blurry."""
    table = made.table("v3.csv", WRONG)
    session = made.new(table, "v3", categories=["Blurry"], label_errors=["Mislabeled"], **options)
    made.tick(session, {key: ["Blurry"] if int(key[1:]) % 2 else [] for key in WRONG})
    return session


def check(made: TwoRounds) -> None:
    """Find the file whole: its events account for everything in it."""
    assert errortool.check(made.db) == ()


@pytest.mark.filterwarnings("ignore:v4.csv")
def test_what_is_still_wrong_is_carried_and_what_is_new_is_left(made: TwoRounds):
    """With the ticks, the status and no seconds, as one event that says where it is from."""
    before = first(made)
    v4 = made.table("v4.csv", [*WRONG[4:], "e20", "e21"])
    after = made.new(v4, "v4", follows="v3")
    said = made.said(after)
    assert said == {
        key: ({"Blurry"} if int(key[1:]) % 2 else set(), "carried") for key in WRONG[4:]
    }
    ((reviewer, origin, number),) = query(
        made.db,
        "select reviewer, origin, json_array_length(json_group_array(1)) from events "
        "where kind = 'carry' group by id",
    )
    assert (reviewer, number) == ("ann", 1)
    assert json.loads(origin) == {"session": before.uid, "reviewer": "ann"}
    assert query(made.db, "select sum(seconds) from looks l join events v on v.id = l.event "
                 "where v.kind = 'carry'") == [(0,)]  # fmt: skip
    assert (after.follows, after.seed, after.sampled) == (before.uid, before.seed, 10)
    check(made)


def test_seed_size_right_ones_and_categories_are_taken_over(made: TwoRounds):
    """With descriptions and what they are about; what is given counts before."""
    table = made.table("v3.csv", WRONG)
    before = made.new(table, "v3", sample=5, right=4, seed=7, categories=["Blurry", "Dog"])
    made.change(before, "Dog", description="or a wolf")
    made.about(before, "Dog", About.MISTAKE)
    v4 = made.table("v4.csv", WRONG[2:])
    after = made.new(v4, "v4", follows="v3", categories=["Snow", "dog"])
    assert (after.seed, after.sampled, after.sampled_right) == (7, 5, 4)
    with closing(Store(made.db)) as store:
        found = [(one.name, one.description, one.about) for one in store.categories(after)]
        ids = [one.id for one in store.categories(before)]
        follows = [one.follows for one in store.categories(after)]
    assert found == [
        ("Blurry", "", About.IMAGE),
        ("Dog", "or a wolf", About.MISTAKE),
        ("Snow", "", About.IMAGE),
    ]
    assert follows == [*ids, None]
    other = made.new(v4, "v4b", follows="v3", sample=3, seed=1, right=0)
    assert (other.seed, other.sampled, other.sampled_right) == (1, 3, 0)


def test_another_wrong_answer_comes_again_for_what_is_about_the_mistake(made: TwoRounds):
    """With what is about the image ticked; where nothing is about the mistake, it is carried."""
    before = first(made)
    answers = dict.fromkeys(WRONG, "dog") | {"e01": "fox", "e03": "fox"}
    v4 = made.table("v4.csv", answers)
    assert made.said(made.new(v4, "v4", follows="v3"))["e01"] == ({"Blurry"}, "carried")
    with closing(Store(made.db)) as store:
        store.trash(store.session("v4"))
    made.about(before, "Blurry", About.MISTAKE)
    again = made.said(made.new(v4, "v4", follows="v3"))
    assert again["e01"] == (set(), "None")
    assert again["e05"] == ({"Blurry"}, "carried")
    check(made)


def test_a_corrected_label_takes_label_errors_with_it(made: TwoRounds):
    """What is about the image stays ticked, and the image comes again."""
    session = first(made)
    made.tick(session, {"e01": ["Blurry", "Mislabeled"]}, corrected_label="fox")
    labels = {"e01": "fox", "e02": "fox"}
    v4 = made.table("v4.csv", WRONG, labels=labels)
    with pytest.warns(UserWarning, match="2 shared examples have another label"):
        after = made.new(v4, "v4", follows="v3")
    said = made.said(after)
    assert said["e01"] == ({"Blurry"}, "None")
    assert said["e02"] == (set(), "None")
    assert said["e03"] == ({"Blurry"}, "carried")
    assert query(made.db, "select count(*) from looks where corrected_label = 'fox'") == [(1,)]
    check(made)


def test_nothing_is_carried_to_another_picture(made: TwoRounds):
    """Told by the hash of what the file held when it was drawn, though its path is the same."""
    first(made)
    draw_image(made.folder / "images" / "e01.png", 39, (16, 12))
    v4 = made.table("v4.csv", WRONG)
    with pytest.warns(UserWarning, match="1 picture has changed: nothing is taken over there"):
        after = made.new(v4, "v4", follows="v3")
    assert made.said(after).keys() == set(WRONG) - {"e01"}


def test_pictures_of_older_sessions_are_compared_with_where_they_were(made: TwoRounds):
    """Without a hash, the two files are; one that is gone can't be known, and is carried."""
    first(made)
    shutil.copytree(made.folder / "images", made.folder / "moved")
    draw_image(made.folder / "moved" / "e01.png", 39, (16, 12))
    (made.folder / "images" / "e02.png").unlink()
    with closing(Store(made.db)) as store, store._file.writing() as db:
        db.execute("update examples set picture = null")
    v4 = made.table("v4.csv", WRONG)
    with pytest.warns(UserWarning, match="1 picture has changed"):
        after = errortool.new(v4, images=made.folder / "moved", name="v4", follows="v3", db=made.db)
    assert made.said(after).keys() == set(WRONG) - {"e01"}


def test_each_reviewer_keeps_his_word_and_who_begins_takes_over_the_others(
    made: TwoRounds, monkeypatch: pytest.MonkeyPatch
):
    """Each as a step of its own, with whose word it was."""
    session = first(made)
    made.tick(session, {"e01": []}, reviewer="bob")
    made.tick(session, {"e02": ["Blurry"]}, reviewer="bob")
    monkeypatch.setenv("LOGNAME", "cleo")
    after = made.new(made.table("v4.csv", WRONG[1:]), "v4", follows="v3")
    assert made.said(after, "ann")["e01"] == ({"Blurry"}, "carried")
    assert made.said(after, "bob") == {"e01": (set(), "carried"), "e02": ({"Blurry"}, "carried")}
    mine = made.said(after, "cleo")
    assert mine.keys() == set(WRONG[1:])
    assert (mine["e01"], mine["e02"]) == ((set(), "carried"), ({"Blurry"}, "carried"))
    origins = query(
        made.db,
        "select reviewer, json_extract(origin, '$.reviewer') from events where kind = 'carry' "
        "order by 1, 2",
    )
    assert origins == [("ann", "ann"), ("bob", "bob"), ("cleo", "ann"), ("cleo", "bob")]
    report = errortool.report("v4", db=made.db)
    assert (report.looked_at, report.carried, report.follows) == (11, 11, "v3")
    check(made)


def test_the_carry_is_undone_and_done_again_like_any_step(made: TwoRounds):
    """Undone, nothing is looked at; done again, all stands as carried."""
    first(made)
    after = made.new(made.table("v4.csv", WRONG[3:]), "v4", follows="v3")
    whole = made.said(after)
    with closing(Store(made.db)) as store:
        (step,) = store.review(after, "ann").steps
        assert step.kind == "carry"
        store.apply(after, [Undo(ref=Ref("tests-undoing", 0), reviewer="ann", undoes=step.id)])
        assert store.snapshot(after).judged.looked_at.sum() == 0
        (undone,) = store.review(after, "ann").undone
        store.apply(after, [Undo(ref=Ref("tests-undoing", 1), reviewer="ann", undoes=undone.id)])
    assert made.said(after) == whole
    check(made)


def test_both_sides_are_carried(made: TwoRounds):
    """What was right and is right again keeps its ticks; what is wrong now comes anew."""
    before = made.new(made.table("v3.csv", WRONG), "v3", right=28, categories=["Blurry"])
    made.tick(before, {key: ["Blurry"] for key in made.keys})
    made.about(before, "Blurry", About.MISTAKE)
    after = made.new(made.table("v4.csv", [*WRONG[1:], "e30"]), "v4", follows="v3")
    said = made.said(after)
    assert said["e29"] == ({"Blurry"}, "carried")
    assert "e30" not in said  # right before, wrong now: about another thing
    assert "e00" not in said
    assert said["e01"] == ({"Blurry"}, "carried")


def test_what_became_of_categories_in_between(made: TwoRounds):
    """Hidden ones aren't taken over; a renamed one is under its new name."""
    before = made.new(made.table("v3.csv", WRONG), "v3", categories=["Blurry", "Dog", "Snow"])
    made.tick(before, {key: ["Blurry", "Dog"] for key in WRONG})
    made.change(before, "Dog", name="Wolf")
    made.change(before, "Snow", retired=1)
    after = made.new(made.table("v4.csv", WRONG), "v4", follows="v3")
    assert made.said(after)["e01"] == ({"Blurry", "Wolf"}, "carried")
    with closing(Store(made.db)) as store:
        assert [one.name for one in store.categories(after)] == ["Blurry", "Wolf"]


def test_a_session_that_is_not_there_is_named(made: TwoRounds):
    """In the trash it says how to get it back; nothing is begun."""
    session = first(made)
    v4 = made.table("v4.csv", WRONG[1:])
    with pytest.raises(SessionError, match="there is no session 'v2'"):
        made.new(v4, "v4", follows="v2")
    with closing(Store(made.db)) as store:
        store.trash(session)
    with pytest.raises(SessionError, match="session 'v3' is in the trash: put it back first"):
        made.new(v4, "v4", follows="v3")
    assert errortool.sessions(made.db) == []


def test_another_dev_set_is_refused(made: TwoRounds):
    """With an example of both ids, before anything is written."""
    first(made)
    other = made.folder / "other.csv"
    other.write_text("id,label,prediction\nf1,cat,dog\nf2,dog,dog\n")
    with pytest.raises(SessionError, match="share no id"):
        errortool.new(other, name="v4", follows="v3", with_images=False, db=made.db)
    assert [one.session.name for one in errortool.sessions(made.db)] == ["v3"]


def test_half_of_the_ids_are_told(made: TwoRounds):
    """What is shared is carried."""
    first(made)
    rows = made.table("v4.csv", WRONG).read_text().splitlines()
    half = made.folder / "half.csv"
    half.write_text("\n".join([*rows[:20], rows[-1]]) + "\n")
    with pytest.warns(UserWarning, match=r"half\.csv: 20 ids only in session 'v3'"):
        after = made.new(half, "v4", follows="v3")
    assert made.said(after).keys() == set(WRONG)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_ids_written_as_numbers_are_carried(made: TwoRounds):
    """`0001` in one table and `1` in the other."""
    for name, form in (("v3.csv", "{:04d}"), ("v4.csv", "{}")):
        lines = [f"{form.format(n)},cat,{'dog' if n < 6 else 'cat'}" for n in range(20)]
        lines[-1] = f"{form.format(19)},dog,dog"
        (made.folder / name).write_text("\n".join(["id,label,prediction", *lines]) + "\n")
    options = {"with_images": False, "db": made.db}
    before = errortool.new(made.folder / "v3.csv", name="v3", categories=["Dog"], **options)
    made.tick(before, {f"{n:04d}": ["Dog"] for n in range(6)})
    after = errortool.new(made.folder / "v4.csv", name="v4", follows="v3", **options)
    assert made.said(after).keys() == set("012345")


def test_what_was_chosen_for_the_table_before_holds(made: TwoRounds):
    """Columns named by hand are those of the session that is followed."""
    lines = [f"{n},cat,{'dog' if n < 6 else 'cat'},cat" for n in range(19)]
    lines.append("19,dog,dog,dog")
    for name in ("v3.csv", "v4.csv"):
        (made.folder / name).write_text("\n".join(["id,truth_a,out_b,out_c", *lines]) + "\n")
    options = {"with_images": False, "db": made.db}
    columns = {"label": "truth_a", "prediction": "out_b"}
    errortool.new(made.folder / "v3.csv", name="v3", columns=columns, **options)
    with pytest.warns(UserWarning, match="read as for session 'v3'"):
        after = errortool.new(made.folder / "v4.csv", name="v4", follows="v3", **options)
    assert after.columns.prediction == "out_b"


def test_older_sessions_fetch_their_predictions_from_their_path(made: TwoRounds):
    """If its hash agrees; they are kept from then on. Else one sentence says what is needed."""
    session = first(made)
    table = made.folder / "v3.csv"
    with closing(Store(made.db)) as store:

        def forget() -> None:
            with store._file.writing() as db:
                db.execute("update sessions set dev_set = null")
                db.execute("delete from dev_sets")

        forget()
        assert len(dev_sets.of_session(store, session)) == 40
        assert store.dev_set(session) is not None
        forget()
        table.write_bytes(table.read_bytes() + b"\n")
        with pytest.raises(SessionError, match="has changed since session 'v3' was drawn"):
            dev_sets.of_session(store, session)
        table.unlink()
        with pytest.raises(SessionError, match="put the same file back there to compare it"):
            dev_sets.of_session(store, session)


def test_kept_predictions_go_with_the_last_session_that_has_them(made: TwoRounds):
    """A copy shares them with the session it is of."""
    first(made)
    errortool.duplicate("v3", "copy", db=made.db)
    assert query(made.db, "select count(*) from dev_sets") == [(1,)]
    for name, left in (("v3", 1), ("copy", 0)):
        errortool.trash(name, db=made.db)
        errortool.delete(name, db=made.db)
        assert query(made.db, "select count(*) from dev_sets") == [(left,)]


def test_a_copy_of_a_round_is_one_too(made: TwoRounds):
    """With all that was carried."""
    first(made)
    made.new(made.table("v4.csv", WRONG[2:]), "v4", follows="v3")
    copy = errortool.duplicate("v4", "v4 copy", with_ticks=True, db=made.db)
    with closing(Store(made.db)) as store:
        assert copy.follows == store.session("v3").uid
    assert made.said(copy) == made.said(store_session(made, "v4"))
    check(made)


def store_session(made: TwoRounds, name: str) -> Session:
    """Return a session by name."""
    with closing(Store(made.db)) as store:
        return store.session(name)


# --- what counts of a round ----------------------------------------------------------------------


def test_the_figures_of_a_round_count_up_to_its_first_open_image(made: TwoRounds):
    """Carried looks beyond it would count what both models got wrong too much."""
    first(made)
    after = made.new(made.table("v4.csv", [*WRONG[4:], *made.keys[20:28]]), "v4", follows="v3")
    with closing(Store(made.db)) as store:
        keys = [one.key for one in store.examples(after)]
    open_ = [at for at, key in enumerate(keys) if key not in WRONG]
    carried = 12 - len(open_)
    assert len(open_) > 2
    report = errortool.report("v4", db=made.db)
    assert (report.looked_at, report.ahead) == (open_[0], carried - open_[0])
    made.tick(after, {keys[open_[0]]: []})
    report = errortool.report("v4", db=made.db)
    assert report.looked_at == open_[1]
    assert report.looked_at + report.ahead == carried + 1
    for at in open_[1:]:
        made.tick(after, {keys[at]: []})
    report = errortool.report("v4", db=made.db)
    assert (report.looked_at, report.ahead, report.carried) == (12, 0, carried)
    (listed,) = [one for one in errortool.sessions(made.db) if one.session.name == "v4"]
    assert (listed.looked_at, listed.follows) == (12, "v3")


def test_a_session_that_follows_none_counts_all_that_was_looked_at(made: TwoRounds):
    """In whatever order."""
    session = made.new(made.table("v3.csv", WRONG), "v3", categories=["Dog"])
    with closing(Store(made.db)) as store:
        last = store.examples(session)[-1].key
    made.tick(session, {last: ["Dog"]})
    report = errortool.report("v3", db=made.db)
    assert (report.looked_at, report.ahead, report.follows) == (1, 0, "")


# --- eyeball and blackbox ------------------------------------------------------------------------


def test_people_look_at_the_eyeball_only_in_all_rounds(made: TwoRounds):
    """No error of the blackbox is drawn, now or later, with whatever seed."""
    before = made.new(made.table("v3.csv", WRONG), "v3", eyeball=20, sample=3)
    assert before.eyeball is not None
    assert before.eyeball.number == 20
    errors = before.eyeball.errors
    assert 0 < errors < 12
    done = errortool.more("v3", 100, db=made.db)
    assert (done.drawn, done.left) == (errors - 3, 0)
    with pytest.raises(SessionError, match="that people may look at were drawn already"):
        errortool.more("v3", db=made.db)
    v4 = made.table("v4.csv", made.keys[:30])
    after = made.new(v4, "v4", follows="v3", sample=40, seed=5)
    assert after.eyeball is not None
    assert (after.eyeball.last, after.eyeball.seed) == (before.eyeball.last, 0)
    assert after.sampled == after.eyeball.errors
    everything = made.new(v4, "all", sample=40)
    assert everything.sampled == 30
    assert after.sampled < 30


@pytest.mark.filterwarnings("ignore:errors.csv")
def test_an_eyeball_that_can_not_be_is_refused(made: TwoRounds):
    """Of all dev examples it is no part; without an error in it there is nothing to look at."""
    table = made.table("v3.csv", WRONG)
    with pytest.raises(TableError, match="holds 40 dev examples, so 40 aren't a part of them"):
        made.new(table, "v3", eyeball=40)
    with pytest.raises(TableError, match="none of its 1 error is among the 1 dev examples"):
        made.new(made.table("one.csv", _unlucky(made)), "v3", eyeball=1)
    wrong = made.folder / "errors.csv"
    wrong.write_text("id,label,prediction\na,cat,dog\nb,dog,cat\n")
    with pytest.raises(TableError, match="holds errors only"):
        errortool.new(wrong, name="v3", eyeball=1, with_images=False, db=made.db)


def _unlucky(made: TwoRounds) -> list[str]:
    """Return an example that isn't the one of lowest random number."""
    from errortool.data import sampling

    return [key for key in made.keys if key not in sampling.draw(made.keys, 1, 0)][:1]
