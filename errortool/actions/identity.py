"""Name the reviewer at this computer, and the version of errortool."""

import getpass
from importlib.metadata import version

from errortool.errors import SessionError
from errortool.model import checked_name


def reviewer(name: str = "") -> str:
    """Return a reviewer's name as it is stored; for a blank one that of this computer's user.

    Raises SessionError if it can't be a name.
    """
    if name.strip():
        return checked_name(name, "a reviewer")
    try:
        return checked_name(getpass.getuser(), "a reviewer")
    except (OSError, KeyError, SessionError):  # no such user, as in some containers
        return "reviewer"


def made_by() -> str:
    """Return the name and version of this errortool, for the files that it writes."""
    return f"errortool {version('errortool')}"
