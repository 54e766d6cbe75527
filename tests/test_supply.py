"""Dependencies: pinned with hashes, never older than a known fix, tested on every Python."""

import re
import tomllib

import pytest
from helpers import ROOT
from packaging.requirements import Requirement
from packaging.version import Version

PINNED = (ROOT / "tests" / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def direct() -> list[Requirement]:
    """Return what pyproject.toml requires for running, signing in and testing."""
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
    """After a change of pyproject.toml the set is made again; CONTRIBUTING says how."""
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", PINNED, re.MULTILINE))
    for wanted in direct():
        assert wanted.name.lower() in pinned, f"{wanted}: make tests/requirements.txt again"
        assert wanted.specifier.contains(pinned[wanted.name.lower()]), wanted


@pytest.mark.parametrize(
    ("name", "fixed"),
    [
        ("streamlit", "1.54"),
        ("starlette", "1.1"),
        ("pillow", "12.3"),
        ("pyarrow", "14.0.1"),
        ("sqlite-utils", "4.2.1"),
        ("authlib", "1.6.9"),
    ],
)
def test_no_lower_bound_falls_below_a_known_fix(name: str, fixed: str):
    """Lowering it would allow a version with a known vulnerability again.

    These are the fixes known when the bounds were set; `tests/run --audit` asks for newer ones.
    """
    bounds = [
        Version(part.version)
        for wanted in direct()
        if wanted.name.lower() == name
        for part in wanted.specifier
        if part.operator == ">="
    ]
    assert max(bounds) >= Version(fixed)


WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


def test_every_python_that_is_named_is_tested():
    """The workflow's matrix is what the classifiers say, from the lowest that is required on."""
    (job,) = re.findall(r"^  tests:\n((?:    .*\n)+)", WORKFLOW, re.MULTILINE)
    assert "- run: bash tests/run\n" in job
    tested = [Version(text) for text in re.findall(r'"(3\.\d+)"', job)]
    language = "Programming Language :: Python :: "
    named = [text.removeprefix(language) for text in PROJECT["classifiers"] if language in text]
    assert tested == sorted(map(Version, named))
    assert PROJECT["requires-python"] == f">={tested[0]}"


def test_every_action_is_pinned_by_its_commit():
    """A tag can be moved to other code; a commit can't."""
    actions = re.findall(r"uses: (\S+)", WORKFLOW)
    assert len(actions) >= 2
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action) for action in actions)
