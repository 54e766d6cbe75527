"""A predictions file becomes errors to review, or all that is wrong with it."""

import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from errortool.data.predictions import Predictions, load, validate
from errortool.data.tables import parse
from errortool.errors import TableError

Load = Callable[[str], Predictions]


def loaded(text: str, **chosen: str) -> Predictions:
    """Check a table given as text."""
    return validate(parse(text.encode(), "p.csv"), chosen)


def faults(text: str, **chosen: str) -> str:
    """Return what is wrong with a table given as text."""
    with pytest.raises(TableError) as caught:
        loaded(text, **chosen)
    return str(caught.value)


def warnings(text: str) -> str:
    """Return the warnings about a table given as text."""
    return "\n".join(loaded(text).warnings)


def test_errors_are_counted_and_drawn():
    """Two of four are wrong; the sample tells all about them, in the order of their ranks."""
    found = loaded(
        "id,image,label,prediction,confidence,camera,note\n"
        "a,a.jpg,cat,cat,0.9,front,\n"
        "b,b.jpg,cat,dog,0.8,back,odd\n"
        "c,c.jpg,dog,cat,0.7,front,\n"
        "d,d.jpg,dog,dog,0.6,front,\n"
    )
    assert (found.dev_examples, found.errors, found.dev_error) == (4, 2, 0.5)
    sample = {example.key: example for example in found.sample(10, 0)}
    assert set(sample) == {"b", "c"}
    assert [example.position for example in found.sample(10, 0)] == [0, 1]
    assert sample["b"].image == "b.jpg"
    assert (sample["b"].label, sample["b"].prediction, sample["b"].confidence) == (
        "cat",
        "dog",
        0.8,
    )
    assert sample["b"].extra == {"camera": "back", "note": "odd"}
    assert found.warnings == ()


def test_the_image_or_else_the_row_number_serves_as_id():
    """Ids come from the image's path, else from the row's number, with a warning."""
    by_image = loaded("image,label,pred\na.jpg,x,y\nb.jpg,x,x\n")
    assert [example.key for example in by_image.sample(5, 0)] == ["a.jpg"]
    by_row = loaded("text,label,pred\nhello,x,y\nworld,y,y\n")
    assert [example.key for example in by_row.sample(5, 0)] == ["2"]
    assert by_row.sample(5, 0)[0].extra == {"text": "hello"}
    assert "each example goes by its row's number" in by_row.warnings[0]


@pytest.mark.parametrize(
    ("label", "prediction", "warning"),
    [
        ("1", "1.0", "compared as whole numbers, e.g. '1.0' as '1' (1 cell)"),
        ("1", " 1", "spaces around or in a label were evened out, e.g. ' 1' as '1'"),
        ("not cat", "not  cat", "spaces around or in a label"),
        ("Cat", "cat", "differ only in letter case were read as the same, e.g. 'cat' as 'Cat'"),
        ("caf\u00e9", "cafe\u0301", "written in another Unicode form were read as the same"),
    ],
)
def test_labels_are_compared_by_meaning(label: str, prediction: str, warning: str):
    """1, 1.0 and " 1" are one class, and a warning says what was done."""
    text = f'id,label,pred\n1,"{label}","{prediction}"\n2,"{label}",other\n3,other,other\n'
    assert loaded(text).errors == 1
    assert warning in warnings(text)


def test_letters_of_both_cases_stay_two_classes():
    """Where one column itself holds a and A they differ, as in a set of letters."""
    text = "id,label,pred\n1,a,A\n2,A,A\n3,a,a\n"
    assert loaded(text).errors == 1
    assert "'A' and 'a' differ only in letter case and count as different" in warnings(text)


def test_codes_with_leading_zeros_are_not_numbers():
    """01 isn't 1."""
    assert loaded("id,label,pred\n1,01,1\n2,1,1\n3,01,01\n").errors == 1


def test_missing_columns_are_reported_with_other_faults():
    """A file that is ragged and has no label gets both reported."""
    told = faults("id,pred\n1,a\n2\n")
    assert "row 3 with 1 cell " in told
    assert "no column for the label" in told


def test_a_bad_confidence_is_left_out_and_an_odd_one_shown():
    """Text and infinity give no confidence; 87 stays 87."""
    found = loaded("id,label,pred,conf\n1,x,y,high\n2,x,y,inf\n3,x,y,87\n4,x,y,\n5,y,y,0.5\n")
    values = {example.key: example.confidence for example in found.sample(9, 0)}
    assert values == {"1": None, "2": None, "3": 87.0, "4": None}


def test_weights_are_kept():
    """A weight column is not an extra column."""
    example = loaded("id,label,pred,weight\n1,x,y,2.5\n2,y,y,1\n").sample(1, 0)[0]
    assert example.weight == 2.5
    assert example.extra == {}


def test_two_hundred_columns_are_kept():
    """Wide tables are fine."""
    names = ",".join(f"f{number}" for number in range(200))
    values = ",".join(str(number) for number in range(200))
    example = loaded(f"id,label,pred,{names}\n1,x,y,{values}\n2,y,y,{values}\n").sample(1, 0)[0]
    assert len(example.extra) == 200


def test_parquet_and_csv_come_to_the_same(write):
    """Numbers as labels, in Parquet whole or not, are the classes of the CSV."""
    out = io.BytesIO()
    parquet.write_table(
        pa.table({"id": [1, 2, 3], "label": [0, 1, 1], "pred": [0.0, 0.0, 1.0]}), out
    )
    from_parquet = load(write(out.getvalue(), "p.parquet"))
    from_csv = loaded("id,label,pred\n1,0,0\n2,1,0\n3,1,1\n")
    assert from_parquet.sample(5, 0) == from_csv.sample(5, 0)
    assert [example.key for example in from_parquet.sample(5, 0)] == ["2"]


def test_a_missing_label_of_parquet_is_a_fault(write):
    """Null isn't a class."""
    out = io.BytesIO()
    parquet.write_table(pa.table({"id": [1, 2], "label": ["a", None], "pred": ["b", "b"]}), out)
    with pytest.raises(TableError, match=r"column 'label' \(label\) is empty in row 2"):
        load(write(out.getvalue(), "p.parquet"))


rows = st.lists(
    st.tuples(st.sampled_from("xyz"), st.sampled_from("xyz")), min_size=2, max_size=40
).filter(lambda pairs: any(label != prediction for label, prediction in pairs))


@given(rows, st.randoms())
def test_the_same_seed_draws_the_same_whatever_the_row_order(pairs, random):
    """Shuffling the file changes nothing, and 150 begins with the 100."""
    lines = [f"k{number},{label},{pred}" for number, (label, pred) in enumerate(pairs)]
    if not {label for label, _ in pairs} & {pred for _, pred in pairs}:
        return
    shuffled = lines[:]
    random.shuffle(shuffled)
    first = loaded("\n".join(["id,label,pred", *lines]))
    second = loaded("\n".join(["id,label,pred", *shuffled]))
    assert first.sample(10, 4) == second.sample(10, 4)
    assert [e.key for e in first.sample(5, 4)] == [e.key for e in second.sample(50, 4)][:5]
    assert first.errors == sum(label != prediction for label, prediction in pairs)


def test_every_warning_and_fault_is_one_line(tmp_path: Path):
    """A message never breaks into lines, whatever the cells hold."""
    path = tmp_path / "p.csv"
    path.write_text('id,label,pred\n"1\n2","x\ny",z\n"1\n2",q,\n')
    with pytest.raises(TableError) as caught:
        load(path)
    assert "\n" not in str(caught.value)
