"""Files that come along are found, in a checkout as in an installed wheel."""

from pathlib import Path

import pytest

from errortool import resources


def test_files_of_a_checkout_are_found():
    """The sample data and the settings lie beside the package."""
    assert (resources.folder("sample_data") / "predictions.csv").is_file()
    assert resources.config().name == "config.toml"
    assert "[server]" in resources.config().read_text()


def test_files_of_a_wheel_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where they lie inside the package they are taken from there."""
    package = tmp_path / "errortool"
    (package / "web").mkdir(parents=True)
    (package / "sample_data").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.folder("sample_data") == package / "sample_data"
    assert resources.config() == tmp_path / ".streamlit" / "config.toml"
    (package / "web" / "config.toml").write_text("")
    assert resources.config() == package / "web" / "config.toml"
