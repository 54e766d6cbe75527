"""Join ES modules into one, so that neither installing nor running errortool needs node."""

import re
from pathlib import Path
from typing import Final

_IMPORT: Final = re.compile(
    r'^import \{\s*\w+(?:,\s*\w+)*,?\s*\} from "\./(\w+\.js)";\n', re.MULTILINE
)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async function|function|class|const|let)\b)", re.MULTILINE
)
_OTHER: Final = re.compile(r"^(?:import\b|export (?!default\b)).*", re.MULTILINE)


def joined(folder: Path, entry: str) -> str:
    """Return `entry` and all that it imports as one module, each file after what it imports.

    The files share one scope then, so names are imported as they are, never renamed. Raises
    ValueError on a cycle, on a missing file, and on other kinds of import and export.
    """
    texts: dict[str, str] = {}

    def add(name: str, importers: tuple[str, ...]) -> None:
        if name in importers:
            message = f"modules import each other: {' -> '.join((*importers, name))}"
            raise ValueError(message)
        if name in texts:
            return
        if not (folder / name).is_file():
            message = f"{importers[-1] if importers else folder} imports {name}, which isn't there"
            raise ValueError(message)
        text = (folder / name).read_text(encoding="utf-8")
        for imported in _IMPORT.findall(text):
            add(imported, (*importers, name))
        texts[name] = _EXPORT.sub("", _IMPORT.sub("", text)).strip()
        if unknown := _OTHER.search(texts[name]):
            message = f"{name} has a line that can't be joined: {unknown[0]}"
            raise ValueError(message)

    add(entry, ())
    return "\n\n".join(texts.values()) + "\n"
