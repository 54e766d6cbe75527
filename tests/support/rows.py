"""The rows and categories of a small session, made without a session file."""

from errortool.model import Category, Columns, Example, Kind, Row

CATEGORIES = tuple(
    Category(id=number, name=name, kind=Kind.CAUSE, position=number)
    for number, name in enumerate(("Dog", "Great cat", "=Blurry"))
)


def row(position: int, **values) -> Row:
    """Return the latest word on one example of the session."""
    known = {"ticks": {}, "status": None, "comment": "", "corrected_label": None, "reviewer": ""}
    return Row(
        example=Example(
            position=position,
            key=f"k{position}",
            image=f"cats/{position}.jpg",
            label="cat",
            prediction="dog",
            confidence=0.5,
            extra={"camera": "front"},
        ),
        **known | values,
    )


ROWS = tuple(row(position) for position in range(4))
COLUMNS = Columns(label="label", prediction="prediction", id="id", image="image")
