"""Find the files that come with errortool, in a checkout as in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return a folder of files that come along: in the wheel it lies inside the package."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def config() -> Path:
    """Return the Streamlit settings that the app runs with."""
    inside = _PACKAGE / "web" / "config.toml"
    return inside if inside.is_file() else _PACKAGE.parent / ".streamlit" / "config.toml"


def report_style() -> str:
    """Return the style of the report, the same in the page and in the file."""
    style = _PACKAGE / "output" / "templates" / "report.css"
    return style.read_text(encoding="utf-8")
