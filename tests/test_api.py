"""From Python: the same verbs, the same figures."""

import importlib
import re
from pathlib import Path

import pytest
from helpers import cats_and_dogs

import errortool

README = Path(__file__).parents[1] / "README.md"


def test_the_public_names_are_sorted_there_and_in_the_readme():
    """What can be imported is what is told of."""
    assert errortool.__all__ == sorted(errortool.__all__)
    told = set(re.findall(r"`errortool\.(\w+)", README.read_text()))
    assert set(errortool.__all__) <= told
    for name in errortool.__all__:
        assert getattr(errortool, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        errortool.nonsense  # noqa: B018  asking is the test


def test_a_notebook_does_what_the_command_line_does(tmp_path: Path, monkeypatch):
    """New, import, report, export, sessions, backup, check and restore, by function."""
    monkeypatch.chdir(tmp_path)
    path = cats_and_dogs(tmp_path)
    session = errortool.new(path, images="images", name="pets", categories=["Dog"], sample=10)
    assert (session.sampled, session.dev_error) == (10, 0.3)
    (tmp_path / "ticks.csv").write_text("id,Dog,Wet\n" + "".join(
        f"dev-{n},{n % 2},x\n" for n in range(12)))  # fmt: skip
    with pytest.warns(UserWarning, match=r"ticks.csv: not in the session's sample"):
        done = errortool.import_ticks("pets", "ticks.csv", new_categories=True)
    assert done.new_categories == ("Wet",)
    dog, wet = errortool.report("pets").categories
    assert (dog.looked_at, wet.share) == (10, 1.0)
    assert dog.share_low < dog.share < dog.share_high
    assert [file.name for file in errortool.export("pets", "out")] == ["tally.csv", "table.csv"]
    (summary,) = errortool.sessions()
    assert (summary.looked_at, summary.leading) == (10, "Wet")
    errortool.backup("copy.db")
    assert errortool.report("pets", db="copy.db").looked_at == 10
    assert errortool.check("copy.db") == ()
    former = errortool.restore("copy.db")
    assert former is not None
    assert errortool.check(former) == errortool.check() == ()


def test_faults_are_one_kind_of_error(tmp_path: Path):
    """Whatever can't be done raises an ErrortoolError with a sentence."""
    for call in (
        lambda: errortool.new(tmp_path / "missing.csv"),
        lambda: errortool.report("x", db=tmp_path / "missing.db"),
        lambda: errortool.share_of_errors(ticked=1, looked_at=0, errors=3),
    ):
        with pytest.raises(errortool.ErrortoolError):
            call()


def test_importing_the_package_costs_nothing():
    """The names come when they are asked for."""
    module = importlib.import_module("errortool")
    assert module.ceiling is module.ceiling
