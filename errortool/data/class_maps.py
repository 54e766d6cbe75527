"""Read which name stands for which class: what a `--classes` file holds, in any usual form."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from errortool.data import tables
from errortool.errors import TableError
from errortool.messages import count, shown

_MOST_BYTES: Final = 16 << 20
_SYNSET: Final = re.compile(r"(n\d{8})\s+(\S.*)")  # of ImageNet's synset_words.txt
_WHOLE: Final = re.compile(r"-?\d{1,9}")


def read(path: Path) -> dict[str, str]:
    """Return the names in a file, by what stands for each: a number from 0, or another name.

    It is JSON (a list, or an object either way round, also with lists as values, whose last is the
    name), YAML with `names:`, a CSV of two columns, or text with a name a line. Raises TableError
    if it is none of these.
    """
    return parse(tables.file_bytes(path, path.name), path.name)


def parse(data: bytes, name: str) -> dict[str, str]:
    """Return the names in a file's bytes; `name` stands for it in messages."""
    if len(data) > _MOST_BYTES:
        raise TableError(name, [f"holds {len(data) >> 20} MB: is it the file of the classes?"])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError(name, ["is not UTF-8: save the names as UTF-8"]) from None
    names = _of_text(text, name)
    if not names:
        raise TableError(name, ["names no classes: give a name a line, or JSON"])
    return names


def _of_text(text: str, name: str) -> dict[str, str]:
    if re.match(r"\s*[\[{]", text):
        try:
            return of_value(json.loads(text), name)
        except (ValueError, RecursionError):
            pass  # such as the lists of YAML, which need no quotes
    if re.search(r"^\s*names\s*:|^\s*[\[{]", text, re.MULTILINE):
        import yaml

        try:
            return of_value(yaml.safe_load(text), name)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            where = getattr(error, "problem_mark", None)
            line = f" in line {where.line + 1}" if where else ""
            raise TableError(name, [f"is damaged YAML or JSON{line}: write it again"]) from None
    return _of_lines([line.strip() for line in text.splitlines() if line.strip()])


def of_value(value: Any, name: str) -> dict[str, str]:  # noqa: ANN401  whatever JSON holds
    """Return the names in a value of JSON or YAML: a list, or a dict either way round.

    Raises TableError, which names the value as `name`, for any other.
    """
    if isinstance(value, dict):
        for key in ("names", "classes", "id2label", "label2id", "class_to_idx"):
            if isinstance(value.get(key), list | dict):
                return of_value(value[key], name)
        return _either_way(_item(str(key), one, name) for key, one in value.items())
    if not isinstance(value, list):
        raise TableError(name, ["names no classes: give a list of names, or numbers with names"])
    if value and all(isinstance(one, dict) and {"id", "name"} <= one.keys() for one in value):
        return {str(one["id"]): str(one["name"]) for one in value}
    return _unique((str(n), *_item(str(n), one, name)[1:]) for n, one in enumerate(value))


def _item(key: str, value: object, name: str) -> tuple[str, str]:
    """Return what stands for a class, and its name: of a list the last, as in ImageNet's index."""
    if isinstance(value, list) and value:
        value = value[-1]
    if isinstance(value, dict | list) or value is None:
        raise TableError(name, [f"gives {shown(key)} no name, but {shown(json.dumps(value))}"])
    return key, str(value)


def _of_lines(lines: Sequence[str]) -> dict[str, str]:
    """Return the names in lines: one a line, or two columns."""
    synsets = [_SYNSET.fullmatch(line) for line in lines]
    if all(synsets):
        return _unique((match[1], match[2]) for match in synsets if match)
    for separator in ("\t", ",", ";", " "):
        pairs = [[cell.strip().strip('"') for cell in line.split(separator)] for line in lines]
        if len(lines) > 1 and all(len(pair) == 2 and all(pair) for pair in pairs):  # noqa: PLR2004
            numbered = [any(_WHOLE.fullmatch(cell) for cell in pair) for pair in pairs[1:]]
            if separator == " " and not all(numbered):
                continue
            header = all(numbered) and not any(map(_WHOLE.fullmatch, pairs[0]))
            return _either_way((pair[0], pair[1]) for pair in pairs[header:])
    return {str(number): line for number, line in enumerate(lines)}


def _either_way(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return names by number, whichever of the two stands first."""
    pairs = list(items)
    turned = all(_WHOLE.fullmatch(value) for _, value in pairs) and not all(
        _WHOLE.fullmatch(key) for key, _ in pairs
    )
    return _unique((value, key) if turned else (key, value) for key, value in pairs)


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {key: name.strip() for key, name in pairs}


def hint(unknown: Sequence[str], names: Mapping[str, str]) -> str:
    """Return what may help with classes that a map doesn't name."""
    numbers = [int(one) for one in unknown if _WHOLE.fullmatch(one)]
    known = [int(one) for one in names if _WHOLE.fullmatch(one)]
    if len(numbers) == len(unknown) == 1 and known and numbers[0] == max(known) + 1:
        return (
            f"the file names {min(known)} to {max(known)}: if the table counts from 1, give "
            "--label-offset -1"
        )
    return f"it names {count(len(names), 'class')}: add these, or give another file"
