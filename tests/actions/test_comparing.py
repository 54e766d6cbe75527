"""Two rounds, or two tables, compared: right values, and cases that need another outcome."""

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from two_rounds import TwoRounds

import errortool
from errortool.actions import comparing, subsets
from errortool.analysis import comparison
from errortool.analysis.comparison import Shared
from errortool.analysis.paired import Surely
from errortool.data import sampling
from errortool.errors import SessionError
from errortool.model import Kind, Session, Subset
from errortool.output import json_files
from errortool.store import Store

KEYS = (
    "a b shared only_a only_b fixed still_wrong newly_wrong both_right gain gain_low gain_high "
    "mid_p negative_flip_rate relative_negative_flip_rate categories"
).split()
CATEGORY_KEYS = "name possible gained gained_low gained_high fixed newly_wrong still_wrong".split()


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be ann at this computer."""
    monkeypatch.setenv("LOGNAME", "ann")


@pytest.fixture
def made(tmp_path: Path) -> TwoRounds:
    """Give a dev set."""
    return TwoRounds(tmp_path)


def compare(made: TwoRounds, a: str = "v3", b: str = "v4", **options) -> comparison.Comparison:
    """Compare two sessions."""
    return errortool.compare(a, b, db=made.db, **options)


def shared_of(*, fixed: int, newly_wrong: int, same: int, other: int, right: int, **more) -> Shared:
    """Return shared examples of so many kinds, one kind after the other."""
    sizes = [fixed, newly_wrong, same, other, right]
    kind = np.repeat(np.arange(5), sizes)
    a = np.isin(kind, [0, 2, 3])
    return Shared(
        was_wrong=a,
        wrong_a=a,
        wrong_b=np.isin(kind, [1, 2, 3]),
        same_answer=np.isin(kind, [2, 4]),
        label_changed=np.zeros(len(kind), dtype=bool),
        **more,
    )


# --- two tables ----------------------------------------------------------------------------------


def tables(folder: Path) -> tuple[Path, Path]:
    """Write tables as two published classifiers have them: 306 and 285 errors of 3,000."""
    rows = {"a": ["image,label,pred"], "b": ["image,label,pred"]}
    number = 0
    # What each says: the label, the other class, or a third one.
    for times, answers in ((163, "or"), (122, "oo"), (21, "ot"), (142, "ro"), (2_552, "rr")):
        for _ in range(times):
            label, other = ("x", "y") if number % 2 else ("y", "x")
            said = {"r": label, "o": other, "t": "z"}
            for side, answer in zip("ab", answers, strict=True):
                rows[side].append(f"dev/{number}.jpg,{label},{said[answer]}")
            number += 1
    found = folder / "one.csv", folder / "other.csv"
    for path, side in zip(found, "ab", strict=True):
        path.write_text("\n".join(rows[side]) + "\n")
    return found


def test_two_published_classifiers_can_not_be_told_apart(tmp_path: Path):
    """The right values of Intel's scenes by two EfficientNets, from tables with these counts."""
    found = errortool.compare(*tables(tmp_path), margin=0.5, db=tmp_path / "none.db")
    flips = found.flips
    assert (found.shared, flips.before, flips.after) == (3_000, 306, 285)
    assert (flips.fixed, flips.still_wrong, flips.same_answer, flips.newly_wrong) == (
        163, 143, 122, 142,
    )  # fmt: skip
    assert (round(100 * found.gain.rate, 2), found.better) == (0.70, Surely.OPEN)
    assert [round(100 * end, 2) for end in (found.gain.low, found.gain.high)] == [-0.44, 1.84]
    assert found.mid_p == pytest.approx(0.23, abs=0.005)
    assert found.no_worse is Surely.YES
    assert (found.categories, found.looking, found.models, found.rounds) == ((), None, None, ())


def test_the_json_has_what_it_promises(tmp_path: Path):
    """First what programs rely on, then all else; null stands for what isn't known."""
    found = errortool.compare(*tables(tmp_path), db=tmp_path / "none.db")
    text = json.loads(json_files.comparison_json(found, "errortool"))
    assert list(text)[: len(KEYS)] == KEYS
    assert (text["a"], text["gain"], text["margin"]) == ("one.csv", 0.007, None)
    assert text["negative_flip_rate"] == pytest.approx(142 / 3_000)


def test_what_is_neither_a_session_nor_a_file_is_named(made: TwoRounds):
    """With the sessions that there are, if there is a session file."""
    table = str(made.table("v3.csv", made.keys[:9]))
    with pytest.raises(SessionError, match="'v9' is neither a session nor a file"):
        errortool.compare(table, "v9", db=made.folder / "none.db")
    made.new(Path(table), "v3")
    with pytest.raises(SessionError, match=r"there is no session 'v9' .* 'v3'"):
        errortool.compare("v3", "v9", db=made.db)


def test_a_session_is_compared_with_a_file(made: TwoRounds):
    """Without categories: nobody looked at anything there."""
    made.new(made.table("v3.csv", made.keys[:9]), "v3")
    found = compare(made, "v3", str(made.table("v4.csv", made.keys[3:10])))
    assert (found.flips.fixed, found.flips.newly_wrong, found.categories) == (3, 1, ())


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_tables_of_errors_only_are_refused(made: TwoRounds):
    """What became of the examples that aren't in them can't be known."""
    wrong = made.folder / "wrong.csv"
    wrong.write_text("id,label,prediction\ne01,cat,dog\ne02,dog,cat\n")
    made.new(made.table("v3.csv", made.keys[:9]), "v3")
    with pytest.raises(SessionError, match=r"wrong\.csv holds errors only"):
        compare(made, str(wrong), "v3")


# --- two rounds ----------------------------------------------------------------------------------


def rounds(made: TwoRounds, **options) -> tuple[Session, Session]:
    """Begin two rounds: ten errors, of which four were fixed, and three new ones; all looked at."""
    v3 = made.table("v3.csv", made.keys[:10])
    before = made.new(v3, "v3", categories=["Blurry", "Dog"], **options)
    made.tick(before, {key: ["Blurry"] if int(key[1:]) < 6 else ["Dog"] for key in made.keys[:10]})
    v4 = made.table("v4.csv", [*made.keys[4:10], *made.keys[20:23]])
    after = made.new(v4, "v4", follows="v3")
    made.tick(after, {key: ["Dog"] for key in made.keys[20:23]})
    return before, after


def test_all_that_was_looked_at_is_a_count(made: TwoRounds):
    """Four blurry ones were fixed; of dogs three are new: no interval has a width."""
    rounds(made)
    found = compare(made, margin=5)
    blurry, dog = found.categories
    assert blurry.possible is not None
    assert blurry.gained is not None
    assert (blurry.possible.rate, blurry.gained.rate) == pytest.approx((6 / 40, 4 / 40))
    assert blurry.gained.low == blurry.gained.high
    assert dog.gained is not None
    assert dog.gained.rate == pytest.approx(-3 / 40)
    assert [one.examples for one in (dog.fixed, dog.newly_wrong, dog.still_wrong)] == [0, 3, 4]
    assert found.looked_at == (10, 9)
    assert [(one.name, one.looked_at) for one in found.rounds] == [("v3", 10), ("v4", 9)]
    text = json.loads(json_files.comparison_json(found, "errortool"))
    for category in text["categories"]:
        assert set(CATEGORY_KEYS) <= set(category)


def test_a_category_worked_by_hand():
    """Of 400 fixed 12 of 40 carry the tick, of 200 newly wrong 2 of 20, later 20 of all."""
    shared = shared_of(fixed=400, newly_wrong=200, same=600, other=0, right=8_800)
    before, after = (np.full(10_000, -1, dtype=np.int8) for _ in range(2))
    before[:40] = [1] * 12 + [0] * 28
    after[400:420] = [1] * 2 + [0] * 18
    before[600:660] = [1] * 31 + [0] * 29
    found = comparison.category(shared, "Great cat", Kind.CAUSE, (before, after))
    assert found.gained is not None
    assert [round(10_000 * end, 1) for end in (found.gained.rate, found.gained.low)] == [100, 34.6]
    assert round(10_000 * found.gained.high, 1) == 164.3
    assert found.possible is not None
    assert found.possible.rate == pytest.approx(0.1 * 43 / 100)
    after[400:600] = [1] * 20 + [0] * 180
    found = comparison.category(shared, "Great cat", Kind.CAUSE, (before, after))
    assert found.gained is not None
    assert [round(10_000 * end, 1) for end in (found.gained.low, found.gained.high)] == [49, 162]


def test_without_a_look_at_the_new_ones_there_is_no_gain(made: TwoRounds):
    """What is fixed is known all the same, and what is still wrong."""
    before = made.new(made.table("v3.csv", made.keys[:10]), "v3", categories=["Blurry"])
    made.tick(before, {key: ["Blurry"] for key in made.keys[:10]})
    made.new(made.table("v4.csv", [*made.keys[4:10], "e20"]), "v4", follows="v3")
    (blurry,) = compare(made).categories
    assert blurry.gained is None
    assert (blurry.fixed.examples, blurry.newly_wrong.examples) == (4, None)
    assert blurry.still_wrong.examples == 6


def test_the_word_of_the_newer_round_counts_for_what_is_still_wrong(made: TwoRounds):
    """Somebody looked again, and saw something else."""
    _, after = rounds(made)
    made.tick(after, {key: ["Blurry"] for key in made.keys[4:10]})
    blurry, dog = compare(made).categories
    assert (blurry.still_wrong.examples, dog.still_wrong.examples) == (6, 0)


def test_renamed_merged_and_hidden_categories(made: TwoRounds):
    """A renamed one is the same; what was hidden, merged, or added has no figures."""
    before, after = rounds(made)
    made.change(after, "Blurry", name="Out of focus")
    made.change(after, "Dog", retired=1)
    made.change(before, "Dog", name="Wolf")
    found = compare(made)
    assert [one.name for one in found.categories] == ["Out of focus", "Wolf"]
    assert found.categories[0].gained is not None
    assert found.categories[1].newly_wrong.examples is None
    assert found.unmatched == (
        "'Wolf' was hidden, merged or split in 'v4': what came of it isn't known",
    )


def test_sessions_that_do_not_follow_each_other_match_by_name(made: TwoRounds):
    """Each lists what only the other has."""
    one = made.new(made.table("v3.csv", made.keys[:10]), "v3", categories=["Dog", "Snow"])
    other = made.new(made.table("v4.csv", made.keys[5:12]), "v4", categories=["dog", "Fog"])
    made.tick(one, {key: ["Dog"] for key in made.keys[:10]})
    made.tick(other, {key: ["dog"] for key in made.keys[5:12]})
    found = compare(made)
    assert found.categories[0].gained is not None
    assert found.unmatched == (
        "'Snow' is a category of 'v3' only: what came of it isn't known",
        "'Fog' is a category of 'v4' only: what it was before isn't known",
    )


def test_three_rounds_in_a_row(made: TwoRounds):
    """The shares of all, under the names of the last; the first and the last are compared too."""
    _, after = rounds(made)
    made.change(after, "Blurry", name="Soft")
    last = made.new(made.table("v5.csv", made.keys[6:10]), "v5", follows="v4")
    made.change(last, "Soft", name="Unsharp")
    found = compare(made, "v3", "v5")
    assert [one.name for one in found.rounds] == ["v3", "v4", "v5"]
    assert [one.dev_error for one in found.rounds] == [10 / 40, 9 / 40, 4 / 40]
    assert [set(one.shares) for one in found.rounds] == [{"Unsharp", "Dog"}, set(), set()]
    assert found.categories[0].name == "Unsharp"
    assert found.categories[0].gained is not None
    assert found.categories[0].gained.rate == pytest.approx(6 / 40)


@pytest.mark.filterwarnings("ignore:v4.csv")
def test_corrected_labels_are_apart_from_what_the_model_gained(made: TwoRounds):
    """Models are compared on the newer labels; what the labels did is a figure of its own."""
    before = made.new(made.table("v3.csv", made.keys[:10]), "v3", label_errors=["Mislabeled"])
    made.tick(before, {key: ["Mislabeled"] for key in made.keys[:2]})
    labels = {"e00": "dog", "e01": "dog"}
    made.new(made.table("v4.csv", made.keys[3:10], labels=labels), "v4", follows="v3")
    found = compare(made)
    assert (found.flips.fixed, found.flips.still_wrong, found.flips.both_right) == (1, 7, 32)
    assert found.labels is not None
    assert (found.labels.changed, found.labels.gain) == (2, pytest.approx(2 / 40))
    assert found.labels.error_before == 10 / 40
    assert found.error_before == 8 / 40
    (wrong,) = found.categories
    assert wrong.fixed.examples == 3  # by the labels that the ticks speak of
    assert found.differences == ("2 shared examples have another label",)


def test_groups_that_surely_lost(made: TwoRounds):
    """By label and by column, allowing for how many there are."""
    camera = ["back" if number < 20 else "front" for number in range(40)]
    v3 = made.table("v3.csv", made.keys[:4], columns={"camera": camera})
    v4 = made.table("v4.csv", [*made.keys[:4], *made.keys[22:36]], columns={"camera": camera})
    found = errortool.compare(v3, v4, db=made.db)
    groups = {(one.column, one.value): one for one in found.groups}
    assert groups.keys() == {("camera", "back"), ("camera", "front")}  # one dog is no group
    lost = groups["camera", "front"]
    assert (lost.before, lost.after, lost.better) == (0, 0.7, Surely.NO)
    assert groups["camera", "back"].better is Surely.OPEN
    assert lost.p is not None
    assert lost.p == pytest.approx(2 * 0.5**14)  # two groups of this column


def test_looking_rings_where_seen_errors_were_fixed_more_often():
    """40 of 100 against 225 of 900 ring; a corrected label doesn't count."""
    shared = shared_of(fixed=265, newly_wrong=50, same=735, other=0, right=8_950)
    seen = np.zeros(10_000, dtype=bool)
    seen[:40] = seen[315:375] = True
    found = comparison.looking(shared, seen)
    assert found is not None
    assert (found.seen, found.seen_fixed, found.unseen, found.unseen_fixed) == (100, 40, 900, 225)
    assert found.rings
    changed = np.zeros(10_000, dtype=bool)
    changed[:20] = True
    fewer = comparison.looking(
        Shared(
            was_wrong=shared.was_wrong,
            wrong_a=shared.wrong_a,
            wrong_b=shared.wrong_b,
            same_answer=shared.same_answer,
            label_changed=changed,
        ),
        seen,
    )
    assert fewer is not None
    assert (fewer.seen, fewer.seen_fixed, fewer.rings) == (80, 20, False)


def test_models_are_counted_once_each(made: TwoRounds):
    """The same answers twice are one model, and a part of a round isn't another."""
    rounds(made)
    made.new(made.table("again.csv", made.keys[:10]), "again")
    found = compare(made).models
    assert found is not None
    assert (found.number, found.churn) == (2, 7 / 40)
    made.new(made.table("v5.csv", made.keys[:3]), "v5")
    third = compare(made).models
    assert third is not None
    assert third.number == 3
    assert third.seeming > found.seeming


def test_weights_count_in_every_figure(made: TwoRounds):
    """The gain is that of the weights, without a p; the counts stay counts."""
    heavy = [3 if number < 2 else 1 for number in range(40)]
    v3 = made.table("v3.csv", made.keys[:4], columns={"weight": heavy})
    v4 = made.table("v4.csv", made.keys[2:5], columns={"weight": heavy})
    before = made.new(v3, "v3", categories=["Dog"])
    made.tick(before, {key: ["Dog"] for key in made.keys[:4]})
    after = made.new(v4, "v4", follows="v3")
    made.tick(after, {"e04": []})
    found = compare(made)
    assert (found.flips.fixed, found.flips.newly_wrong, found.mid_p) == (2, 1, None)
    assert found.weighted
    assert found.gain.rate == pytest.approx((6 - 1) / 44)
    assert found.error_before == pytest.approx(8 / 44)
    (dog,) = found.categories
    assert dog.gained is not None
    assert dog.gained.rate == pytest.approx(6 / 44)


def test_eyeball_and_blackbox_of_both_rounds(made: TwoRounds):
    """Each with its error, and how much more the one gained than the other."""
    made.new(made.table("v3.csv", made.keys[:20]), "v3", eyeball=20)
    seen = set(sampling.draw(made.keys, 20, 0))
    fixed = [key for key in made.keys[:20] if key in seen]
    left = [key for key in made.keys[:20] if key not in seen] + fixed[:1]
    made.new(made.table("v4.csv", left), "v4", follows="v3")
    found = compare(made).parts
    assert found is not None
    assert found.before is not None
    assert (found.before.examples, found.before.errors) == (20, len(fixed))
    assert (found.after.errors, found.after.blackbox_errors) == (1, len(left) - 1)
    assert found.difference is not None
    assert found.difference.rate == pytest.approx((len(fixed) - 1) / 20)
    assert compare(made, "v4", "v3").parts is not None
    rounds_without = errortool.compare(made.folder / "v3.csv", made.folder / "v4.csv", db=made.db)
    assert rounds_without.parts is None


def test_a_round_is_compared_with_the_one_before(made: TwoRounds):
    """For the export: one without says nothing, one that is gone says why."""
    before, after = rounds(made)
    with closing(Store(made.db)) as store:
        found, reason = comparing.with_round_before(store, after)
        assert found is not None
        assert (found.a, found.b, reason) == ("v3", "v4", "")
        assert comparing.with_round_before(store, before) == (None, "")
        store.trash(before)
        found, reason = comparing.with_round_before(store, after)
    assert found is None
    assert "can't be compared with the round before: this session is in the trash" in reason


def test_the_export_has_the_comparison(made: TwoRounds):
    """As a table of the categories and as JSON; a warning says why there is none."""
    rounds(made)
    written = errortool.export("v4", made.folder / "out", db=made.db)
    assert [path.name for path in written][-2:] == ["compare.csv", "compare.json"]
    lines = (made.folder / "out" / "compare.csv").read_text().splitlines()
    assert lines[0].startswith("category,kind,possible,gained,gained_low,gained_high,fixed,")
    assert lines[1].startswith("Blurry,cause,0.15,0.1,0.1,0.1,4.0,")
    assert errortool.export("v3", made.folder / "v3", db=made.db)[-1].name == "report.json"
    errortool.trash("v3", db=made.db)
    with pytest.warns(UserWarning, match=r"compare\.csv and compare\.json aren't written"):
        errortool.export("v4", made.folder / "alone", db=made.db)


# --- the images behind a number ------------------------------------------------------------------


def test_every_number_has_its_images(made: TwoRounds):
    """By what became of them, by category, and by group."""
    rounds(made)
    with closing(Store(made.db)) as store:
        sides = [comparing.of_session(store, store.session(name)) for name in ("v3", "v4")]
        found = comparing.compared(store, *sides)
        blurry = found.pairs[0][0].id

        def keys(what: str) -> tuple[list[str], str]:
            rows, title = found.show(what)
            places = found.match.rows_b[np.flatnonzero(rows)].tolist()
            return [found.b.dev_set.key(row) for row in places], title

        assert keys("fixed") == (made.keys[:4], "fixed")
        assert keys("newly-wrong") == (made.keys[20:23], "newly wrong")
        assert keys("still-wrong")[0] == keys("same-answer")[0] == made.keys[4:10]
        assert keys("other-answer")[0] == keys("labels")[0] == []
        assert len(keys("both-right")[0]) == 27
        assert keys(f"fixed:{blurry}") == (
            made.keys[:4],
            "Blurry among the fixed, of 4 images looked at",
        )
        assert keys(f"newly-wrong:{blurry}")[0] == []
        assert keys(f"still-wrong:{blurry}")[0] == made.keys[4:6]
        assert keys(f"category:{blurry}")[0] == made.keys[:6]
        assert keys("group:label=cat")[0] == [*made.keys[:4], *made.keys[20:23]]
        for wrong in ("", "nothing", "fixed:999", "group:label=fox", "category"):
            with pytest.raises(SessionError):
                found.show(wrong)


# --- sessions on a part of a round ---------------------------------------------------------------


def part(made: TwoRounds, subset: Subset) -> Session:
    """Begin, or go on with, a session on a part of the second round."""
    with closing(Store(made.db)) as store:
        sides = [comparing.of_session(store, store.session(name)) for name in ("v3", "v4")]
        return subsets.begin(store, comparing.compared(store, *sides), subset, "ann")


def test_all_newly_wrong_ones_are_looked_at_apart(made: TwoRounds):
    """In the order of the round, with its ticks; the comparison knows them, the round doesn't."""
    before = made.new(made.table("v3.csv", made.keys[:10]), "v3", sample=10, categories=["Dog"])
    made.tick(before, {key: [] for key in made.keys[:10]})
    after = made.new(made.table("v4.csv", made.keys[5:30]), "v4", follows="v3", sample=12)
    said = made.said(after)
    made.tick(after, {key: ["Dog"] for key in _keys(made, after) if key not in said})
    report = errortool.report("v4", db=made.db)
    new = part(made, Subset.NEWLY_WRONG)
    assert new.name == "v4, newly wrong"
    assert _keys(made, new) == sampling.draw(made.keys[10:30], 20, 0)
    assert (new.dev_examples, new.errors, new.drawable) == (None, 20, 0)
    carried = made.said(new)
    assert all(word == ({"Dog"}, "carried") for word in carried.values())
    assert part(made, Subset.NEWLY_WRONG).id == new.id
    made.tick(new, {key: [] for key in _keys(made, new) if key not in carried})
    (dog,) = compare(made).categories
    assert (dog.newly_wrong.looked_at, dog.newly_wrong.examples) == (20, len(carried))
    assert dog.newly_wrong.low == dog.newly_wrong.high
    assert errortool.report("v4", db=made.db) == report
    assert errortool.check(made.db) == ()


def _keys(made: TwoRounds, session: Session) -> list[str]:
    with closing(Store(made.db)) as store:
        return [one.key for one in store.examples(session)]


def test_unseen_errors_are_drawn_with_a_new_seed(made: TwoRounds):
    """None of what people saw; what they didn't see counts for it, so the dev error stays."""
    before = made.new(made.table("v3.csv", made.keys[:20]), "v3", sample=8, categories=["Dog"])
    saw = _keys(made, before)
    made.tick(before, {key: [] for key in saw})
    v4 = made.table("v4.csv", [*made.keys[4:20], *made.keys[30:34]])
    made.new(v4, "v4", follows="v3")
    unseen = part(made, Subset.UNSEEN)
    assert (unseen.name, unseen.seed) == ("v4, unseen", 1)
    assert not set(_keys(made, unseen)) & set(saw)
    still = len(set(made.keys[4:20]) - set(saw))
    assert unseen.errors == still + 4
    assert unseen.dev_error == pytest.approx((still * 20 / 12 + 4) / 40)
    assert errortool.check(made.db) == ()


def test_the_dev_error_of_unseen_errors_is_right_on_average():
    """Over many draws of what was seen, it is that of the whole dev set."""
    random = np.random.default_rng(3)
    wrong_b = np.repeat([True, False, True, False], [12, 8, 4, 16])
    found = []
    for _ in range(4_000):
        seen = np.zeros(40, dtype=bool)
        seen[random.permutation(20)[:8]] = True
        weights = np.where(np.arange(40) < 20, 20 / 12, 1.0)[~seen]
        found.append((weights * wrong_b[~seen]).sum() / weights.sum())
    assert np.mean(found) == pytest.approx(16 / 40, abs=0.003)


def test_where_nothing_is_left_one_sentence_says_so(made: TwoRounds):
    """Nothing newly wrong; every error seen; tables instead of sessions."""
    before = made.new(made.table("v3.csv", made.keys[:10]), "v3", categories=["Dog"])
    made.tick(before, {key: [] for key in made.keys[:10]})
    made.new(made.table("v4.csv", made.keys[4:10]), "v4", follows="v3")
    with pytest.raises(SessionError, match="nothing is newly wrong in session 'v4'"):
        part(made, Subset.NEWLY_WRONG)
    with pytest.raises(SessionError, match="no error of session 'v4' is left that nobody"):
        part(made, Subset.UNSEEN)
    sides = [comparing.side(None, str(made.folder / name)) for name in ("v3.csv", "v4.csv")]
    with (
        closing(Store(made.db)) as store,
        pytest.raises(SessionError, match="between two sessions"),
    ):
        subsets.begin(store, comparing.compared(store, *sides), Subset.NEWLY_WRONG)
