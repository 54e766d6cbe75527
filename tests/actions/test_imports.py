"""Import finds the column that identifies the images wherever `new` found it."""

from pathlib import Path

import pytest

from errortool.actions.imports import import_ticks
from errortool.actions.new_session import begin, draw_sample
from errortool.data import columns, predictions, tables
from errortool.errors import TableError
from errortool.model import NewCategory, Session
from errortool.store import Store

ID_NAMES = sorted(columns._CLEAR["id"] | columns._POSSIBLE["id"])
IMAGE_NAMES = sorted(columns._CLEAR["image"] | columns._POSSIBLE["image"])


def begun(store: Store, table: str, chosen: dict[str, str] | None = None) -> Session:
    """Begin a session with the category Dog on a predictions table given as text."""
    found = predictions.validate(tables.parse(table.encode(), "p.csv"), chosen)
    drawn = draw_sample(found, predictions_file=Path("p.csv"))
    return begin(store, drawn, name="pets", categories=[NewCategory(name="Dog")])


def imported(store: Store, session: Session, table: str, **options: bool) -> tuple[str, ...]:
    """Import a table of ticks given as text; return the warnings."""
    done = import_ticks(
        store, session, tables.parse(table.encode(), "t.csv"), reviewer="ann", **options
    )
    return done.warnings


def ticked(store: Store, session: Session) -> set[str]:
    """Return the keys of the examples that carry a tick."""
    return {row.example.key for row in store.rows(session) if any(row.ticks.values())}


@pytest.mark.parametrize("name", ID_NAMES)
def test_ids_are_found_under_every_name_that_new_knows(store: Store, name: str):
    """A table with the same column of ids, and without images, is taken without a warning."""
    session = begun(store, f"{name},label,prediction\na1,cat,dog\na2,dog,cat\na3,cat,cat\n")
    assert session.columns.id == name
    assert imported(store, session, f"{name},Dog\na2,1\na1,0\n") == ()
    assert ticked(store, session) == {"a2"}


@pytest.mark.parametrize("name", IMAGE_NAMES)
def test_images_are_found_under_every_name_that_new_knows(store: Store, name: str):
    """The same for a table whose images are its ids."""
    session = begun(store, f"{name},label,prediction\na.png,cat,dog\nb.png,dog,cat\nc.png,b,b\n")
    assert session.columns.image == name
    assert imported(store, session, f"{name},Dog\nb.png,1\na.png,0\n") == ()
    assert ticked(store, session) == {"b.png"}


@pytest.mark.parametrize("name", sorted(columns._CLEAR["id"]))
def test_ids_are_found_under_another_clear_name(store: Store, name: str):
    """The predictions may say `id` and the table of ticks `sample_id`."""
    session = begun(store, "id,label,prediction\na1,cat,dog\na2,dog,cat\na3,cat,cat\n")
    assert imported(store, session, f"{name},Dog\na2,1\n") == ()
    assert ticked(store, session) == {"a2"}


def test_ids_are_found_under_a_name_chosen_by_hand(store: Store):
    """A name that nobody knows is known from the session, in any case and punctuation."""
    predictions_table = "shot,label,prediction\na1,cat,dog\na2,dog,cat\na3,cat,cat\n"
    session = begun(store, predictions_table, {"id": "shot"})
    assert imported(store, session, "Shot,Dog\na2,1\n") == ()
    assert ticked(store, session) == {"a2"}
    with pytest.raises(TableError, match=r"it needs a column id, or image \(or 'shot'\), with"):
        imported(store, session, "who,Dog\na2,1\n")


def test_ids_of_the_session_never_become_a_category(store: Store):
    """Ids of 0 and 1 look like ticks, but --new-categories makes nothing of them."""
    session = begun(store, "sample_id,label,prediction\n0,cat,dog\n1,dog,cat\n2,cat,cat\n")
    table = "sample_id,label,Wet\n1,dog,1\n0,cat,0\n"
    assert imported(store, session, table, new_categories=True) == ()
    assert [category.name for category in store.categories(session)] == ["Dog", "Wet"]


def test_row_numbers_are_not_matched_with_an_index(store: Store):
    """Without ids and images examples go by row number, which an `index` of pandas isn't."""
    session = begun(store, "text,label,prediction\nx,cat,dog\ny,dog,cat\nz,cat,cat\n")
    with pytest.raises(TableError, match="no row belongs to the session"):
        imported(store, session, "index,Dog\n2,1\n")


def test_a_category_called_key_holds_ticks_and_no_ids(store: Store):
    """A category's own name goes before the names of ids."""
    session = begun(store, "id,label,prediction\n0,cat,dog\n1,dog,cat\n2,cat,cat\n")
    with pytest.raises(TableError, match="no row belongs to the session"):
        imported(store, session, "key,Wet\n5,1\n")
    imported(store, session, "id,Key\n0,1\n1,0\n", new_categories=True)
    imported(store, session, "Key,id,Dog\n1,0,0\n0,1,1\n")
    names = {category.id: category.name for category in store.categories(session)}
    found = {
        row.example.key: [names[number] for number, tick in row.ticks.items() if tick]
        for row in store.rows(session)
    }
    assert found == {"0": ["Key"], "1": ["Dog"]}
