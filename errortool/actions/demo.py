"""Begin the session on the sample data."""

from errortool import resources
from errortool.actions.identity import reviewer
from errortool.actions.imports import import_ticks
from errortool.actions.new_session import begin, draw_sample
from errortool.data import predictions, tables
from errortool.errors import SessionError
from errortool.model import Kind, NewCategory, Session
from errortool.store import Store

DEMO = "demo"

DEMO_CATEGORIES = (
    NewCategory(name="Dog"),
    NewCategory(name="Great cat"),
    NewCategory(name="Blurry"),
    NewCategory(name="Photo filter"),
    NewCategory(name="Mislabeled", kind=Kind.LABEL_ERROR),
)


def demo_session(store: Store) -> Session:
    """Return the session on the sample data, a third of it judged; begin it if it isn't there."""
    try:
        return store.session(DEMO)
    except SessionError:
        pass
    folder = resources.folder("sample_data")
    found = predictions.load(folder / "predictions.csv")
    drawn = draw_sample(
        found, predictions_file=folder / "predictions.csv", images_folder=folder / "images"
    )
    session = begin(store, drawn, name=DEMO, categories=DEMO_CATEGORIES)
    import_ticks(store, session, tables.read(folder / "ticks.csv"), reviewer=reviewer())
    return session
