"""Say who reviews here, and which errortool this is."""

import getpass
from importlib.metadata import version

from errortool.errors import SessionError
from errortool.model import (
    checked_name,
)


def reviewer(name: str = "") -> str:
    """Return a reviewer's name as it is kept; for a blank one that of this computer's user.

    Raises SessionError if it can't be a name.
    """
    if name.strip():
        return checked_name(name, "a reviewer")
    try:
        return checked_name(getpass.getuser(), "a reviewer")
    except (OSError, KeyError, SessionError):  # no such user, as in some containers
        return "reviewer"


def made_by() -> str:
    """Say with which errortool something was made."""
    return f"errortool {version('errortool')}"
