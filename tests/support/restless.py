"""A reviewer who never stops: a process that judges examples at random, one after the other.

python restless.py DB CLIENT
"""

import random
import sys
from itertools import count
from pathlib import Path

from errortool.changes import Change, ExampleValues, Ref
from errortool.model import Status
from errortool.store import Store


def main() -> None:
    """Judge until killed; print a line once the first judgement is saved."""
    path, client = sys.argv[1:]
    store = Store(Path(path))
    (session,) = store.sessions()
    categories = [str(category.id) for category in store.categories(session)]
    chance = random.Random(client)
    for seq in count():
        values = ExampleValues(
            ticks={category: int(chance.random() < 0.4) for category in categories},
            status=Status.LOOKED_AT,
            corrected_label=chance.choice((None, "cat", "not cat", "dog")),
        )
        position = chance.randrange(session.sampled + session.sampled_right)
        change = Change(
            ref=Ref(client, seq), reviewer=client, kind="look", examples={position: values}
        )
        assert store.apply(session, [change]).refusals == ()
        if seq == 0:
            print("judging", flush=True)


if __name__ == "__main__":
    main()
