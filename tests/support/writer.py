"""A process that saves changes to a session file without end and tells of each that is saved.

python writer.py DB CLIENT [COUNT]
"""

import sys
from itertools import count
from pathlib import Path

from errortool.changes import Change, ExampleValues, Ref
from errortool.model import Session, Status
from errortool.store import Store


def save(store: Store, session: Session, client: str, seq: int) -> None:
    """Save one change: ticks, a status and a comment."""
    category = str(store.categories(session)[0].id)
    values = ExampleValues(
        ticks={category: 1 - seq % 2}, status=Status.LOOKED_AT, comment=f"{seq} " * (seq % 40)
    )
    change = Change(
        ref=Ref(client, seq), reviewer=client, kind="look", examples={seq % session.sampled: values}
    )
    assert store.apply(session, [change]).refusals == ()


def main() -> None:
    """Save until COUNT, or until killed."""
    path, client, *most = sys.argv[1:]
    store = Store(Path(path))
    session = store.sessions()[0]
    for seq in range(int(most[0])) if most else count():
        save(store, session, client, seq)
        print(seq, flush=True)
    store.close()


if __name__ == "__main__":
    main()
