"""A list of one class is the class; of several, one is taken only where a ranking tells which."""

import json

import numpy as np
import pytest

from errortool.data import truth
from errortool.data.lists import items
from errortool.data.predictions import Predictions, validate
from errortool.data.tables import parse
from errortool.data.truth import Additions
from errortool.errors import TableError


def table(*rows: tuple[str, ...], names: str = "label prediction confidence") -> Predictions:
    """Read a table with these rows, all cells quoted."""
    lines = [names.split(), *rows]
    text = "\n".join(",".join(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in row)
                     for row in lines)  # fmt: skip
    return validate(parse(text.encode(), "t"))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("['cat']", ("cat",)), ('["cat"]', ("cat",)), ("[3]", ("3",)), ("('cat',)", ("cat",)),
        ("(3,)", ("3",)), (" [ 'cat' ] ", ("cat",)), ("['not cat']", ("not cat",)),
        ("[1.0]", ("1.0",)), ("[np.int64(3)]", ("3",)), ("[np.str_('cat')]", ("cat",)),
        ("[True]", ("True",)), ("['']", ("",)), ("[]", ()), ("['cat' 'dog']", ("cat", "dog")),
        ("['cat', 'dog']", ("cat", "dog")), ("('cat', 'dog')", ("cat", "dog")),
        ("[3 5]", ("3", "5")), ("[0.9, 0.1]", ("0.9", "0.1")), ("[1. 0. 0.]", ("1.", "0.", "0.")),
        ("[0.9\n 1.e-05]", ("0.9", "1.e-05")), ('["hen\'s" \'cat\']', ("hen's", "cat")),
        (r"['hen\'s']", ("hen's",)), (r'["\u732b"]', ("猫",)), (r'["\ud83d"]', ("ud83d",)),
        ("['a, b']", ("a, b",)),
    ],
)  # fmt: skip
def test_lists_are_read_as_python_json_and_numpy_write_them(text: str, held: tuple[str, ...]):
    """Quotes, blanks, numbers, escapes."""
    assert items(text) == held


@pytest.mark.parametrize(
    "text",
    [
        "cat", "", "[", "[]]", "A|B", "[cat]", "[cat, dog]", "(cat)", "('cat')", "(25, 32)", "(3)",
        "[0, 10)", "(0, 10]", "()", "cat [wild]", "[UNK]", "[None]", "tensor([3])", "[[1, 2]]",
        "['cat'dog']", "[,]", "['cat", "{'cat'}", "[0.1 ... 0.3]", "[3 apples]", "'cat'",
    ],
)  # fmt: skip
def test_other_texts_are_no_lists(text: str):
    """Names of classes may stand in brackets, as ages do in pairs."""
    assert items(text) is None


@pytest.mark.parametrize("kind", [np.array, list])
def test_what_numpy_and_python_print_is_read(kind: object):
    """Whatever they print of names and numbers."""
    names = ["cat", "hen's", 'the "cat"', "a\\b", "猫", "a b"]
    assert items(str(kind(names))) == tuple(names)
    assert items(json.dumps(names, ensure_ascii=False)) == tuple(names)
    numbers = items(str(kind([0.5, 1.0, 1e-7])))
    assert numbers is not None
    assert [float(one) for one in numbers] == [0.5, 1.0, 1e-7]


def test_lists_of_one_class_are_the_class():
    """In both columns, counted together; then they are compared by meaning."""
    found = table(("['cat']", "cat", "1"), ("dog", "['cat']", "1"), ("[3]", "3.0", "1"))
    assert found.class_counts() == ({"cat": 1, "3": 1, "dog": 1}, {"cat": 2, "3": 1})
    assert found.warnings[:2] == (
        "lists of one class were read as the class, e.g. \"['cat']\" as 'cat' (3 cells)",
        "labels were compared as whole numbers, e.g. '3.0' as '3' (1 cell)",
    )


def test_their_confidences_are_read_too():
    """A list of one number is the number."""
    found = table(("cat", "['dog']", "[0.9]"), ("dog", "['dog']", "[0.75]"))
    assert "lists of one number in column 'confidence' were read as the number (2 cells)" in (
        found.warnings
    )
    assert found.sample(1, 0)[0].confidence == 0.9


@pytest.mark.parametrize(
    ("probabilities", "names"),
    [("[0.9 0.1]", "label prediction confidence"), ("[0.9, 0.1]", "label prediction probs")],
)
def test_of_ranked_predictions_the_first_is_taken(probabilities: str, names: str):
    """Its probability is the confidence."""
    rows = [("cat", "['dog' 'cat']", probabilities), ("dog", "['dog' 'cat']", probabilities)]
    found = table(*rows, names=names)
    assert found.class_counts()[1] == {"dog": 2}
    column = names.split()[2]
    assert (
        "of lists of several predictions the first was taken, as the probabilities in column "
        f"{column!r} descend, e.g. 'dog' of \"['dog' 'cat']\" (2 cells)"
    ) in found.warnings
    assert not [warning for warning in found.warnings if "not a number" in warning]
    assert found.sample(1, 0)[0].confidence == 0.9


def test_a_mixture_of_one_and_several_is_read():
    """Where each cell of several has its probabilities."""
    found = table(("3", "[3 5]", "[0.9 0.1]"), ("3", "[5]", "[0.8]"), ("5", "5", "0.7"))
    assert found.class_counts()[1] == {"5": 2, "3": 1}
    assert found.sample(1, 0)[0].confidence == 0.8


@pytest.mark.parametrize(
    "second", ["[0.1 0.9]", "[0.9]", "[0.9 0.05 0.05]", "0.9", "['a' 'b']", "[9 1]", "[0.9 -0.1]"]
)
def test_without_a_ranking_several_predictions_are_refused(second: str):
    """One row that isn't ranked is enough."""
    with pytest.raises(TableError) as caught:
        table(("cat", "['cat' 'dog']", "[0.9 0.1]"), ("dog", "['cat' 'dog']", second))
    assert list(caught.value.faults) == [
        "column 'prediction' (prediction) holds several classes in rows 2, 3, e.g. "
        "\"['cat' 'dog']\": no column of descending probabilities tells that the first is the "
        "likeliest, so write the one class in each cell"
    ]


def test_several_labels_are_refused_though_ranked():
    """Nobody ranks labels."""
    with pytest.raises(TableError) as caught:
        table(("cat", "cat", "0.5"), ("['cat', 'dog']", "cat", "[0.9, 0.1]"))
    assert list(caught.value.faults) == [
        "column 'label' (label) holds several classes in row 3, e.g. \"['cat', 'dog']\": errortool "
        "reviews one label per example, so write the one class in each cell"
    ]


def test_ages_in_parentheses_and_sets_between_bars_stay_classes():
    """As they are written."""
    found = table(("(25, 32)", "(25, 32)", "1"), ("A|B", "(25, 32)", "1"))
    assert found.class_counts() == ({"(25, 32)": 1, "A|B": 1}, {"(25, 32)": 2})
    assert not [warning for warning in found.warnings if "list" in warning]


def test_a_list_of_nothing_is_an_empty_cell():
    """And is refused as one."""
    with pytest.raises(TableError, match=r"\(label\) is empty in rows 2, 3"):
        table(("[]", "cat", "1"), ("['']", "cat", "1"), ("dog", "cat", "1"))


def test_lists_in_json_are_read_alike():
    """A list in a record is one in a cell."""
    records = [{"label": ["cat"], "prediction": "dog"}, {"label": ["dog"], "prediction": ["dog"]}]
    found = validate(parse(json.dumps(records).encode(), "t"))
    assert found.class_counts() == ({"cat": 1, "dog": 1}, {"dog": 2})


def test_the_best_five_of_timm_are_read():
    """As its inference script writes them: the folder is the label, `label` the prediction."""
    text = (
        "filename,label,prob\n"
        "tench/0.jpg,['great white shark' 'tench' 'goldfish'],[0.990852   0.79308975 0.6630618 ]\n"
        "tench/1.jpg,['tench' 'hammerhead' 'goldfish'],[0.85228103 0.5095259  0.21726993]\n"
    )
    labelled, _ = truth.complete(
        parse(text.encode(), "vit.csv"), Additions(label_from_folder=True), {}
    )
    found = validate(labelled)
    assert found.class_counts() == ({"tench": 2}, {"great white shark": 1, "tench": 1})
    (example,) = found.sample(1, 0)
    assert (example.prediction, example.confidence) == ("great white shark", 0.990852)
