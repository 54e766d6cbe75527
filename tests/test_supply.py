"""What comes along: pinned with hashes, and never older than what mended a known hole."""

import re
import tomllib

import pytest
from helpers import ROOT
from packaging.requirements import Requirement
from packaging.version import Version

PINNED = (ROOT / "tests" / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def direct() -> list[Requirement]:
    """Return what pyproject.toml asks for, for running, signing in and testing."""
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *extras["auth"], *extras["test"]]
    return [Requirement(line) for line in lines if not line.startswith("errortool")]


def test_every_pinned_package_carries_its_hashes():
    """`pip install --require-hashes` takes the tested files and no others."""
    blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", PINNED, flags=re.MULTILINE))
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"[a-z0-9.-]+==\S+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


def test_the_pinned_set_is_one_that_pyproject_allows():
    """After a change of pyproject.toml the set is made anew; CONTRIBUTING says how."""
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", PINNED, re.MULTILINE))
    for wanted in direct():
        assert wanted.name.lower() in pinned, f"{wanted}: make tests/requirements.txt anew"
        assert wanted.specifier.contains(pinned[wanted.name.lower()]), wanted


@pytest.mark.parametrize(
    ("name", "mended"),
    [
        ("streamlit", "1.54"),
        ("starlette", "1.1"),
        ("pillow", "12.3"),
        ("pyarrow", "14.0.1"),
        ("sqlite-utils", "4.2.1"),
        ("authlib", "1.6.9"),
    ],
)
def test_no_version_with_a_known_hole_is_allowed(name: str, mended: str):
    """The lower bound is at or above the version that mended it."""
    bounds = [
        Version(part.version)
        for wanted in direct()
        if wanted.name.lower() == name
        for part in wanted.specifier
        if part.operator == ">="
    ]
    assert max(bounds) >= Version(mended)
