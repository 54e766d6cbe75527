"""The session file: with everything below this folder, the only SQL."""

from errortool.store.store import Store, restore

__all__ = ["Store", "restore"]
