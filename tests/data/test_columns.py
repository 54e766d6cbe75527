"""Columns are found by name, whatever people call them."""

import pytest

from errortool.data.columns import detect, guess
from errortool.errors import AmbiguousColumnsError, TableError


def found(header: str, **chosen: str) -> dict[str, str | None]:
    """Detect the columns of a header line and return those that were found."""
    columns = detect(header.split(","), chosen, "p.csv")
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
        ("label,pred,image,image_path", "image", "'image' and 'image_path'"),
        ("label,pred,score,probability", "confidence", "'score' and 'probability'"),
        ("label,pred,id,uid", "id", "'id' and 'uid'"),
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
    )
    assert columns.image is None
