"""The names of classes are read in every usual form."""

from pathlib import Path

import pytest

from errortool.data import class_maps
from errortool.errors import TableError

NAMES = {"0": "cat", "1": "great white shark", "2": "dog"}


@pytest.mark.parametrize(
    "text",
    [
        '["cat", "great white shark", "dog"]',
        '{"cat": 0, "great white shark": 1, "dog": 2}',
        '{"0": "cat", "1": "great white shark", "2": "dog"}',
        '{"0": ["n01", "cat"], "1": ["n02", "great white shark"], "2": ["n03", "dog"]}',
        '{"id2label": {"0": "cat", "1": "great white shark", "2": "dog"}, "hidden": 8}',
        '[{"id": 0, "name": "cat"}, {"id": 1, "name": "great white shark"}, '
        '{"id": 2, "name": "dog"}]',
        "cat\ngreat white shark\ndog\n",
        "\ufeffcat\r\ngreat white shark\r\n\r\ndog",
        "0,cat\n1,great white shark\n2,dog\n",
        "class,name\n0,cat\n1,great white shark\n2,dog\n",
        "name;class\ncat;0\ngreat white shark;1\ndog;2\n",
        "0\tcat\n1\tgreat white shark\n2\tdog\n",
        "path: ../data\nnames:\n  0: cat\n  1: great white shark\n  2: dog\n",
        "nc: 3\nnames: [cat, great white shark, dog]\n",
        "names:\n- cat\n- great white shark\n- dog\n",
    ],
)
def test_a_map_is_the_same_in_every_form(tmp_path: Path, text: str):
    """Numbers count from 0; JSON, YAML, CSV, lines, either way round."""
    (tmp_path / "classes").write_text(text)
    assert class_maps.read(tmp_path / "classes") == NAMES


def test_names_may_stand_for_names(tmp_path: Path):
    """Synsets, or another spelling."""
    (tmp_path / "a").write_text("n01440764 tench, Tinca tinca\nn01443537 goldfish\n")
    assert class_maps.read(tmp_path / "a")["n01440764"] == "tench, Tinca tinca"
    (tmp_path / "b").write_text('{"plane": "airplane"}')
    assert class_maps.read(tmp_path / "b") == {"plane": "airplane"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "names no classes: give a name a line, or JSON"),
        (b'{"0": {"a": 1}}', "gives '0' no name"),
        (b"names: [a, b", "is damaged YAML or JSON in line"),
        (b"names: !!python/object/apply:os.system [ls]", "is damaged YAML or JSON"),
        (b"caf\xe9", "is not UTF-8"),
        (b"[" * 5000, "is damaged YAML or JSON"),
    ],
)
def test_what_names_no_classes_is_one_sentence(tmp_path: Path, data: bytes, says: str):
    """Nothing in it is run."""
    (tmp_path / "classes").write_bytes(data)
    with pytest.raises(TableError, match=says):
        class_maps.read(tmp_path / "classes")


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    """As any other."""
    with pytest.raises(TableError, match="there is no such file"):
        class_maps.read(tmp_path / "none.txt")
