"""The session file that the pages and routes find."""

from collections.abc import Iterator

import pytest

from errortool.store import Store
from errortool.web import service


@pytest.fixture
def served(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Let pages and routes find the session file `store`."""
    monkeypatch.setenv(service.DB_VARIABLE, str(store.path))
    service.service.cache_clear()
    yield store
    service.service().store.close()
    service.service.cache_clear()
