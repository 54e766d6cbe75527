"""Tables and image folders are found below a folder, quickly and without leaving it."""

import os
from pathlib import Path

import pytest
from helpers import cats_and_dogs, draw_image

from errortool.actions.finding import files_below, image_folder
from errortool.model import Example


def example(image: str) -> Example:
    """Return an example with an image."""
    return Example(position=0, key="a", image=image, label="cat", prediction="dog")


def test_tables_are_found_the_latest_first(tmp_path: Path):
    """By their endings; hidden ones, empty ones, links, backups and other people's code are not."""
    for number, name in enumerate((
        "a.csv", "deep/b.TSV", "deep/er/c.parquet", "deep/er/still/d.csv.gz",
        "deep/er/still/more/too-deep.csv", ".git/e.csv", "node_modules/f.csv", "g.txt", ".h.csv",
        "errortool.db.backups/i.csv", "errortool.db.tables/j.csv",
    )):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a,b\n")
        os.utime(path, (number, number))
    (tmp_path / "empty.csv").touch()
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    found = files_below(tmp_path)
    assert [str(one.path.relative_to(tmp_path)) for one in found] == [
        "deep/er/still/d.csv.gz", "deep/er/c.parquet", "deep/b.TSV", "a.csv",
    ]  # fmt: skip
    assert [(one.size, one.modified) for one in found[-1:]] == [(4, 0.0)]
    assert files_below(tmp_path, most=1) == found[:1]


def test_a_folder_that_can_not_be_read_is_passed_by(tmp_path: Path):
    """As is one that isn't there."""
    assert files_below(tmp_path / "nowhere") == []


def test_the_image_folder_is_found(tmp_path: Path):
    """A likely one first, else one below the start, else none."""
    cats_and_dogs(tmp_path / "data" / "cats", errors=2, right=1)
    images = tmp_path / "data" / "cats" / "images"
    one = example("dogs/000.png")
    assert image_folder(one, [], tmp_path) == images
    draw_image(tmp_path / "mine" / "dogs" / "000.png")
    assert image_folder(one, [tmp_path / "mine"], tmp_path) == tmp_path / "mine"
    dogs = tmp_path / "mine" / "dogs"
    assert image_folder(one, [], dogs) is None
    assert image_folder(one, [dogs], dogs) == dogs  # by the end of its path
    assert image_folder(one, [dogs], tmp_path / "mine") == tmp_path / "mine"


@pytest.mark.parametrize("path", ["../outside.png", "/etc/passwd", "", "http://x/y.png"])
def test_a_path_that_leads_out_is_in_no_folder(tmp_path: Path, path: str):
    """It is never opened."""
    draw_image(tmp_path / "outside.png")
    (tmp_path / "start" / "below").mkdir(parents=True)
    assert image_folder(example(path), [], tmp_path / "start") is None
