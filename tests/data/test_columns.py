"""Columns are found by name, whatever people call them."""

import pytest

from errortool.data.columns import Evidence, detect, guess
from errortool.errors import AmbiguousColumnsError, TableError


def found(header: str, **chosen: str) -> dict[str, str | None]:
    """Detect the columns of a header line and return those that were found."""
    columns = detect(header.split(","), chosen, "p.csv").columns
    return {
        role: name
        for role in ("id", "image", "label", "prediction", "confidence", "weight")
        if (name := getattr(columns, role)) is not None
    }


@pytest.mark.parametrize(
    ("header", "image", "label", "prediction", "confidence"),
    [
        ("image_path,true,pred,conf", "image_path", "true", "pred", "conf"),
        ("file,y_true,y_pred,score", "file", "y_true", "y_pred", "score"),
        ("Image Path,True Label,Predicted Label,probability", "Image Path", "True Label",
         "Predicted Label", "probability"),
        ("filename,target,predicted_label,Confidence", "filename", "target", "predicted_label",
         "Confidence"),
        ("IMAGE,ground_truth,output,prob", "IMAGE", "ground_truth", "output", "prob"),
        ("file,expected,prediction,class,predicted_class", "file", "expected", "prediction", None),
    ],
)  # fmt: skip
def test_real_names_are_known(header, image, label, prediction, confidence):
    """The names of real files, in any case and with any punctuation."""
    roles = found(header)
    assert roles["image"] == image
    assert roles["label"] == label
    assert roles["prediction"] == prediction
    assert roles.get("confidence") == confidence


def test_label_is_the_prediction_only_if_nothing_else_is():
    """Beside true_label, `label` is the prediction; with a prediction column, it has to be said."""
    assert found("image,true_label,label") == {
        "image": "image",
        "label": "true_label",
        "prediction": "label",
    }
    with pytest.raises(AmbiguousColumnsError) as caught:
        found("image,true_label,label,pred")
    assert caught.value.candidates == {"label": ["true_label", "label"]}
    assert "'true_label' and 'label'" in str(caught.value)
    assert "--label-column" in str(caught.value)


def test_swapped_order_does_not_matter():
    """Names decide, not places."""
    assert found("pred,label")["label"] == "label"


@pytest.mark.parametrize(
    ("header", "role", "names"),
    [
        ("y_true,target,pred", "label", "'y_true' and 'target'"),
        ("label,pred,y_pred", "prediction", "'pred' and 'y_pred'"),
    ],
)
def test_two_candidates_are_named_with_the_way_out(header: str, role: str, names: str):
    """The message names both columns and the option that chooses; choosing works."""
    with pytest.raises(AmbiguousColumnsError) as caught:
        found(header)
    assert names in str(caught.value)
    assert f"--{role}-column" in str(caught.value)
    first = names.split("'")[1]
    assert found(header, **{role: first})[role] == first


@pytest.mark.parametrize(
    ("header", "role", "taken", "told"),
    [
        ("label,pred,image,image_path", "image", "image", "'image' and 'image_path'"),
        ("label,pred,path,image", "image", "image", "'path' and 'image'"),
        ("label,pred,score,probability", "confidence", "score", "'score' and 'probability'"),
        ("label,pred,uid,id", "id", "id", "'uid' and 'id'"),
        ("label,pred,Confidence_%,Confidence", "confidence", "Confidence", ""),
        ("label,pred,weight,importance", "weight", "weight", "'weight' and 'importance'"),
    ],
)
def test_a_role_that_may_have_no_column_never_refuses(
    header: str, role: str, taken: str, told: str
):
    """The exact name beats one that is alike, and what was chosen between is told."""
    made = detect(header.split(","), {}, "p.csv")
    assert getattr(made.columns, role) == taken
    assert told in "".join(made.warnings)
    assert (f"--{role}-column" in "".join(made.warnings)) is bool(told)


@pytest.mark.parametrize(
    ("header", "image", "label", "prediction"),
    [
        ("path,true_class_index,true_class_name,pred_class_index,pred_class_name", "path",
         "true_class_name", "pred_class_name"),
        ("Actual Species ID,Actual Species,Predicted Species ID,Predicted Species", None,
         "Actual Species", "Predicted Species"),
        ("text,true_sentiment,predicted_sentiment,confidence", None, "true_sentiment",
         "predicted_sentiment"),
        ("img,breed_gt,breed_pred", "img", "breed_gt", "breed_pred"),
        ("img,original_grade,pred_grade", "img", "original_grade", "pred_grade"),
        ("file_id,true_label,predicted_label", "file_id", "true_label", "predicted_label"),
        ("image_name,y_test,y_pred", "image_name", "y_test", "y_pred"),
        ("box,given_label,predicted_label", None, "given_label", "predicted_label"),
        ("filename,target,label_0,label_1,prob_0,prob_1", "filename", "target", "label_0"),
        ("filename,Ground Truth,Class_1,Class_2", "filename", "Ground Truth", "Class_1"),
    ],
)  # fmt: skip
def test_pairs_are_known_whatever_they_are_of(header, image, label, prediction):
    """`true_X` and `pred_X` belong together; names beat numbers; the first of many is the best."""
    roles = found(header)
    assert roles.get("image") == image
    assert (roles["label"], roles["prediction"]) == (label, prediction)


TWO_PAIRS = "true_label,pred_label,true_class,pred_class"


def of(**cells: list[str]) -> Evidence:
    """Return what these cells tell."""
    return Evidence(
        first=lambda name: cells.get(name, []),
        repeats=lambda name: len(set(cells.get(name, []))) < len(cells.get(name, [])),
    )


def test_two_pairs_are_one_question():
    """Both pairs are named, and the label's column chooses the prediction's with it."""
    with pytest.raises(AmbiguousColumnsError) as caught:
        found(TWO_PAIRS)
    assert caught.value.faults == (
        "columns 'true_label' with 'pred_label' and 'true_class' with 'pred_class' could each be "
        "the label and the prediction: choose with --label-column",
    )
    assert found(TWO_PAIRS, label="true_class")["prediction"] == "pred_class"
    assert found(TWO_PAIRS, prediction="pred_label")["label"] == "true_label"


@pytest.mark.parametrize("named", ["label", "class"])
def test_of_two_pairs_the_one_with_names_is_taken(named: str):
    """Numbers stand beside the names that they stand for."""
    other = {"label": "class", "class": "label"}[named]
    cells = {
        f"true_{named}": ["cat", "dog"],
        f"pred_{named}": ["cat", "cat"],
        f"true_{other}": ["0", "1"],
        f"pred_{other}": ["0", "0"],
    }
    made = detect(TWO_PAIRS.split(","), {}, "p.csv", evidence=of(**cells)).columns
    assert (made.label, made.prediction) == (f"true_{named}", f"pred_{named}")


def test_what_repeats_is_no_id_where_there_is_an_image():
    """An `index` beside an image may be the number of a class; one called `id` is an id."""
    twice = of(index=["1", "1"], id=["1", "1"])
    names = ["filename", "index", "label", "pred"]
    assert detect(names, {}, "p", evidence=twice).columns.id is None
    assert detect(names, {}, "p", evidence=of(index=["1", "2"])).columns.id == "index"
    assert detect(["filename", "id", "label", "pred"], {}, "p", evidence=twice).columns.id == "id"
    assert detect(["index", "label", "pred"], {}, "p", evidence=twice).columns.id == "index"


def test_a_column_of_pictures_is_the_image_whatever_its_name():
    """Also one that would be an id; a column of words isn't one."""
    pictures = ["a/1.JPG", "b.png", ""]
    for name in ("image_id", "sample"):
        made = detect([name, "label", "pred"], {}, "p", evidence=of(**{name: pictures}))
        assert (made.columns.image, made.columns.id) == (name, None)
        assert f"column {name!r} holds the names of pictures" in made.warnings[0]
    words = detect(["words", "label", "pred"], {}, "p", evidence=of(words=["a.b", "c"]))
    assert words.columns.image is None
    labels = detect(["label", "pred"], {}, "p", evidence=of(label=pictures))
    assert labels.columns.image is None


def test_a_missing_role_lists_the_columns():
    """Without label and prediction both are reported at once, with the columns and the options."""
    with pytest.raises(TableError) as caught:
        found("picture,width")
    assert "no column for the label among 'picture' and 'width'" in str(caught.value)
    assert "--prediction-column" in str(caught.value)


def test_a_chosen_column_must_be_there():
    """A typing error gets a suggestion; case and punctuation are forgiven."""
    with pytest.raises(TableError, match="did you mean 'verdict'"):
        found("label,verdict", prediction="verdikt")
    assert found("label,My Verdict", prediction="my_verdict")["prediction"] == "My Verdict"


def test_one_column_plays_one_role():
    """The same column can't be label and prediction."""
    with pytest.raises(TableError, match="can't be the label and the prediction at once"):
        found("a,b", label="a", prediction="a")


def test_guess_leaves_ambiguous_roles_open():
    """For a form: what is clear is filled in, what is ambiguous is left blank."""
    guessed = guess(["y_true", "target", "pred", "path"])
    assert guessed["label"] is None
    assert guessed["prediction"] == "pred"
    assert guessed["image"] == "path"


def test_only_chosen_looks_for_nothing_else():
    """A form that says "no image" is taken at its word."""
    columns = detect(
        ["image", "label", "pred"], {"label": "label", "prediction": "pred"}, "p", only_chosen=True
    ).columns
    assert columns.image is None
