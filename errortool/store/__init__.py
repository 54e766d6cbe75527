"""The session file: with everything below this folder, the only SQL."""

from errortool.store.store import Store, restore
from errortool.store.writing import checked_name

__all__ = ["Store", "checked_name", "restore"]
