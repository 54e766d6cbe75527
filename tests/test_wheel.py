"""The wheel holds what an installed errortool needs, and nothing else."""

import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from subprocess import run

import pytest
from helpers import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.Path(path)


def files(folder: zipfile.Path | Path, within: str = "") -> set[str]:
    """Return the paths of the files in a folder, or a wheel, at any depth."""
    found: set[str] = set()
    for path in folder.iterdir():
        name = within + path.name
        if path.is_dir():
            found |= files(path, f"{name}/")
        elif "__pycache__" not in name:
            found.add(name)
    return found


def test_the_wheel_holds_the_package_the_sample_and_the_settings(wheel: zipfile.Path):
    """Every file of the package is in it, and what the demo reads; the truth isn't."""
    sample = {f"sample_data/images/{path.name}" for path in (ROOT / "sample_data/images").iterdir()}
    sample |= {"sample_data/predictions.csv", "sample_data/ticks.csv"}
    package = files(ROOT / "errortool")
    assert "py.typed" in package
    assert files(wheel / "errortool") == package | sample | {"web/config.toml"}


def test_the_wheel_brings_its_licence(wheel: zipfile.Path):
    """The licence's text is in the wheel, where its metadata says."""
    (info,) = (path for path in wheel.iterdir() if path.name.endswith(".dist-info"))
    metadata = Parser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
    assert metadata["License-Expression"] == "MIT"
    text = (info / "licenses" / metadata["License-File"]).read_text(encoding="utf-8")
    assert text == (ROOT / "errortool" / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 The errortool authors\n")
