"""Images of other machines are found by name, and never the wrong one."""

from pathlib import Path

import pytest
from PIL import Image

from errortool import folder_index, images
from errortool.actions.new_session import image_problems
from errortool.errors import ImageError
from errortool.model import Example, Part


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walk each folder anew: files are made faster here than by people."""
    monkeypatch.setattr(folder_index, "_indexes", {})


def made(folder: Path, *names: str) -> Path:
    """Make images in a folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4)).save(folder / name, "PNG")
    return folder


@pytest.mark.parametrize(
    ("there", "path", "found"),
    [
        (["dog/a.png"], "Dog/A.PNG", "dog/a.png"),  # Windows wrote it, Linux reads it
        (["dog/a.png"], r"C:\data\Dog\A.PNG", "dog/a.png"),
        (["val/dog/a.png"], "dog/a.png", "val/dog/a.png"),
        (["val/dog/1.png", "val/cat/1.png"], "dog/1.png", "val/dog/1.png"),
        (["x/y/a17.png"], "/content/images/a17.png", "x/y/a17.png"),
        (["x/y/a17.png"], "a17", "x/y/a17.png"),
        (["x/a b.png"], "s3://bucket/val/a%20b.png", "x/a b.png"),
        (["x/a.png", "y/A.png"], "z/A.png", "y/A.png"),
    ],
)
def test_the_only_file_that_can_be_meant_is_found(tmp_path: Path, there, path: str, found: str):
    """By letter case, by the folders it shares, by its name alone."""
    made(tmp_path, *there)
    assert images.locate(tmp_path, path) == tmp_path.resolve() / found


@pytest.mark.parametrize(
    ("there", "path"),
    [
        (["x/1.png", "y/1.png"], "z/1.png"),  # two could be meant
        (["dog/a.png", "dog/A.png"], "dog/a.PNG"),  # letter case alone doesn't tell
        (["cat/1.png", "dog/2.png"], "dog/1.png"),  # its own folder is here, without it
        (["x/a.png", "x/a.jpg"], "a"),
        ([".hidden/a.png"], "b/a.png"),
        (["x/a.png"], "x/b.png"),
    ],
)
def test_none_is_better_than_a_wrong_one(tmp_path: Path, there, path: str):
    """Ambiguous is not found."""
    made(tmp_path, *there)
    with pytest.raises(ImageError, match="is not in the image folder"):
        images.locate(tmp_path, path)


def test_nothing_outside_is_found(tmp_path: Path):
    """A link that leads out isn't followed, whatever it is called."""
    made(tmp_path / "outside", "secret.png")
    inside = made(tmp_path / "inside", "x/a.png")
    (inside / "link").symlink_to(tmp_path / "outside")
    (inside / "x" / "other.png").symlink_to(tmp_path / "outside" / "secret.png")
    for path in ("secret.png", "y/OTHER.png"):
        with pytest.raises(ImageError):
            images.locate(inside, path)


def test_a_file_that_arrives_is_found_within_seconds(tmp_path: Path, monkeypatch):
    """An index is believed for some seconds only; without these, at once."""
    made(tmp_path, "x/a.png")
    monkeypatch.setattr(folder_index, "_SECONDS", 0.0)
    monkeypatch.setattr(folder_index, "_TIMES", 0.0)
    assert images.found_by_end(tmp_path, "z/b.png") is None
    made(tmp_path, "y/b.png")
    assert images.found_by_end(tmp_path, "z/b.png") == tmp_path.resolve() / "y" / "b.png"


def test_a_folder_of_too_many_files_is_not_walked_to_its_end(tmp_path: Path, monkeypatch):
    """Then only what the path says is found."""
    monkeypatch.setattr(folder_index, "MOST_FILES", 2)
    made(tmp_path, "x/a.png", "x/b.png", "x/c.png")
    assert images.found_by_end(tmp_path, "z/a.png") is None
    assert images.found_by_end(tmp_path, "z/x/a.png") == tmp_path.resolve() / "x" / "a.png"


def test_one_walk_serves_many_questions(tmp_path: Path, monkeypatch):
    """A hundred missing images cost one."""
    walks: list[Path] = []
    walked = folder_index._walked
    monkeypatch.setattr(folder_index, "_walked", lambda root: (walks.append(root), walked(root))[1])
    made(tmp_path, "x/a.png")
    for number in range(100):
        assert images.found_by_end(tmp_path, f"z/{number}.png") is None
    assert len(walks) == 1


def test_the_note_says_how_images_were_found(tmp_path: Path):
    """By the end of the path; of these, in another letter case, or by the name alone."""
    made(tmp_path, "val/1.png", "dog/a.png", "deep/er/z9.png")
    paths = ["/content/val/1.png", "Dog/A.PNG", "/mnt/photos/z9.png", "val/1.png"]
    sample = [
        Example(position=n, key=path, image=path, label="a", prediction="b", confidence=None,
                weight=None, extra={}, part=Part.ERROR)
        for n, path in enumerate(paths)
    ]  # fmt: skip
    found = image_problems(sample, tmp_path)
    assert found.unshown == 0
    assert found.notes[0] == (
        "3 of 4 sampled images were found by the end of the path, 1 of them in another letter case "
        "(first: 'Dog/A.PNG' as 'dog/a.png'), 1 of them by the file's name alone (first: "
        "'/mnt/photos/z9.png' as 'deep/er/z9.png')"
    )
