"""Every error that errortool raises on purpose.

Each carries one sentence for the user: what is wrong, where, and what to do::

    ErrortoolError
    ├── TableError                   a table can't be used: all its faults at once
    │   └── AmbiguousColumnsError    ... because several columns could play one role
    ├── ImageError                   an image can't be shown
    ├── EstimateError                a figure asked of numbers that can't have one
    ├── SessionError                 no such session, or a value a session can't take
    ├── StoreError                   the session file: missing, not ours, newer, damaged, full
    └── ExposureError                the app would be open to strangers, or its sign-in can't work

Front ends translate them once: the command line into a line on stderr and exit 1, a page
into an error box, a route into JSON. Anything else that escapes is a bug.
"""

from collections.abc import Mapping, Sequence


class ErrortoolError(Exception):
    """The root: `str(error)` is a sentence fit for the user."""


class TableError(ErrortoolError):
    """A table (of predictions or of ticks) can't be used.

    `faults` holds every fault found, each a clause that names the rows or the column.
    """

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        """Tell of `source` (the file's name) and all its `faults`, at least one."""
        self.source = source
        self.faults = tuple(faults)
        super().__init__(f"{source}: {'; '.join(self.faults)}")


class AmbiguousColumnsError(TableError):
    """Several columns could play one role; `candidates` names them, role by role."""

    def __init__(
        self, source: str, faults: Sequence[str], candidates: Mapping[str, Sequence[str]]
    ) -> None:
        """Keep `candidates` (role to column names) so that a page can ask."""
        super().__init__(source, faults)
        self.candidates = dict(candidates)


class ImageError(ErrortoolError):
    """One image can't be shown; the session goes on."""


class EstimateError(ErrortoolError):
    """A share or an interval was asked of numbers that can't have one."""


class SessionError(ErrortoolError):
    """A session is unknown, or a name or value given for it can't be taken."""


class StoreError(ErrortoolError):
    """The session file can't be opened, read or written; it was left as it was."""


class ExposureError(ErrortoolError):
    """The app would be open to strangers, or its sign-in can't work; nothing was served."""
