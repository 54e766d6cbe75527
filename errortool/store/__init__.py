"""The session file: with everything below this folder, the only SQL."""

from errortool.store.store import Store

__all__ = ["Store"]
