"""Run commands as the command line does, and keep what they print."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from errortool.cli import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command did: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]
"""Runs a command with these arguments."""


def run_here(capture: pytest.CaptureFixture[str], *arguments: object) -> Result:
    """Run a command in this process."""
    capture.readouterr()
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    printed = capture.readouterr()
    assert isinstance(stop.value.code, int)
    return Result(code=stop.value.code, out=printed.out, err=printed.err)
