"""What a change makes of a session: the server's half of the contract with the browser.

The cases are in patches.json, and tests/js/contract.test.js replays the same with the browser's
model: a patch shown before it is saved must be what is saved.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from helpers import begin, cats_and_dogs

from errortool.changes import Applied, CategoryValues, Change, ExampleValues, Ref
from errortool.model import Session
from errortool.store import Store
from errortool.web import protocol

CONTRACT = json.loads(Path(__file__).with_name("patches.json").read_text(encoding="utf-8"))
CASES = CONTRACT["cases"]
BLANK = [None, "", None, 0]

State = dict[str, Any]
Patch = dict[str, Any]


def begun(store: Store, folder: Path, state: State) -> Session:
    """Begin a session, and bring it to a state by changes of another page."""
    categories = state["categories"]
    path = cats_and_dogs(folder, errors=CONTRACT["size"])
    names = [f"category {category['id']}" for category in categories]
    session = begin(store, path, categories=names)
    assert [category.id for category in store.categories(session)] == [
        category["id"] for category in categories
    ]
    examples = {
        position: ExampleValues(
            status=status,
            comment=comment,
            corrected_label=label,
            seconds=seconds,
            ticks={
                category: int(position in yes)
                for category, (yes, no) in state["ticks"].items()
                if position in yes + no
            },
        )
        for position, status, comment, label, seconds in [
            next((look for look in state["looks"] if look[0] == position), [position, *BLANK])
            for position in range(CONTRACT["size"])
        ]
    }
    values = {
        str(category["id"]): CategoryValues(
            **{name: category[name] for name in ("name", "kind", "position", "description")},
            retired=int(category["retired"]),
        )
        for category in categories
    }
    before = Change(
        ref=Ref("before-it", 0), reviewer="ann", kind="", examples=examples, categories=values
    )
    assert store.apply(session, [before]).refusals == ()
    return session


def send(store: Store, session: Session, *changes: dict) -> Applied:
    """Apply changes as the browser sends them, numbered from 0."""
    numbered = [{"seq": seq, **change} for seq, change in enumerate(changes)]
    body = {"client": CONTRACT["client"], "after": 0, "changes": numbered}
    batch = protocol.received(json.dumps(body).encode(), lambda _: "ann")
    assert batch.refusals == ()
    applied = store.apply(session, batch.changes)
    assert applied.refusals == ()
    return applied


def state_of(store: Store, session: Session) -> State:
    """Return the state as the browser is told, without looks that say nothing."""
    state = json.loads(protocol.review_json(store.review(session, "ann"), "ann"))
    looks = [look[:-1] for look in state["looks"]]  # none of these was carried
    for category in state["categories"]:
        assert category.pop("about") == "image"
    return {
        "categories": sorted(state["categories"], key=lambda category: category["id"]),
        "looks": sorted(look for look in looks if look[1:] != BLANK),
        "ticks": {key: ticks for key, ticks in state["ticks"].items() if ticks != [[], []]},
    }


def effective(before: Any, after: Any) -> Any:
    """Return of a patch only what it would change once `after` was applied."""
    if not isinstance(before, dict):
        return before
    changed = {
        key: effective(value, after[key]) for key, value in before.items() if value != after[key]
    }
    return {key: value for key, value in changed.items() if value != {}}


def without_empty(patch: Any) -> Any:
    """Return a patch without parts that name nothing."""
    if not isinstance(patch, dict):
        return patch
    parts = {key: without_empty(value) for key, value in patch.items()}
    return {key: value for key, value in parts.items() if value != {}}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_server_keeps_the_contract(store: Store, tmp_path: Path, case: dict):
    """Sent as JSON, saved, read back; undone, all is as before; redone, all is as after."""
    state = CONTRACT["base"] | case.get("state", {})
    session = begun(store, tmp_path, state)
    assert state_of(store, session) == state
    applied = send(store, session, *case["changes"])
    assert {str(seq): number for seq, (number,) in applied.made.items()} == case.get("made", {})
    assert state_of(store, session) == state | case["after"]
    events = [
        event
        for event in store.news(session.uid, after=0, client="nobody").events
        if event.ref.client == CONTRACT["client"]
    ]
    undo = [effective(json.loads(event.before), json.loads(event.after)) for event in events]
    assert undo == [without_empty(patch) for patch in case["undo"]]
    undoings = [{"kind": "undo", "undo": event.id} for event in reversed(events)]
    send(store, session, *case["changes"], *undoings)
    assert state_of(store, session) == state | case.get("restored", {})
    undone = len(case["changes"]) + len(undoings)
    first = len(case["changes"])
    redoings = [
        {"kind": "undo", "undo": f"{CONTRACT['client']}:{seq}"}
        for seq in reversed(range(first, undone))
    ]
    send(store, session, *case["changes"], *undoings, *redoings)
    assert state_of(store, session) == state | case["after"]
    assert store.check() == ()
