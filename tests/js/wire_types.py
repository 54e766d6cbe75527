"""Writes errortool/web/review/wire.d.ts: the wire's messages as TypeScript types.

python tests/js/wire_types.py
"""

import json
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from errortool.web import protocol

FILE: Final = Path(protocol.__file__).parent / "review" / "wire.d.ts"

_HEAD: Final = """\
/**
 * What goes between the browser and our routes, as JSON.
 *
 * Generated from errortool/web/protocol.py and errortool/changes.py by tests/js/wire_types.py.
 */
"""

_FORMS: Final = get_args(protocol.NumberedChange)
_MESSAGES: Final = (
    *_FORMS,
    protocol.Batch,
    protocol.Preference,
    protocol.Part,
    protocol.Begun,
    protocol.Answer,
    protocol.NewsAnswer,
    protocol.Patch,
    protocol.ReviewState,
    protocol.Advice,
    protocol.Ends,
    protocol.Fault,
)

_PLAIN: Final = {
    "string": "string", "integer": "number", "number": "number", "boolean": "boolean",
    "null": "null",
}  # fmt: skip


class Types:
    """Turns JSON schemas into types; those with a title are declared by it."""

    def __init__(self) -> None:
        """Begin without any."""
        self.declared: dict[str, str] = {}

    def of(self, schema: dict[str, Any]) -> str:
        """Return a schema as a type."""
        match schema:
            case {"$ref": reference}:
                text = str(reference).rpartition("/")[2]
            case {"title": name}:
                self.declare(name, schema)
                text = name
            case {"anyOf": kinds}:
                text = " | ".join(self.of(kind) for kind in kinds)
            case {"enum": values}:
                text = " | ".join(json.dumps(value) for value in values)
            case {"prefixItems": items}:
                text = f"[{', '.join(self.of(item) for item in items)}]"
            case {"type": "array", "items": items}:
                item = self.of(items)
                text = f"({item})[]" if "anyOf" in items else f"{item}[]"
            case {"type": "object", "additionalProperties": values}:
                text = f"Record<string, {self.of(values)}>"
            case _:
                text = _PLAIN[schema["type"]]
        return text

    def declare(self, name: str, schema: dict[str, Any]) -> None:
        """Declare a type of its own, once."""
        if name in self.declared:
            return
        lines = schema.get("description", "").splitlines()
        about = f"/** {lines[0]} */\n" if lines else ""
        if len(lines) > 1:
            text = "".join(f" * {line.strip()}".rstrip() + "\n" for line in lines)
            about = f"/**\n{text} */\n"
        if "properties" not in schema:
            untitled = {key: value for key, value in schema.items() if key != "title"}
            self.declared[name] = f"{about}export type {name} = {self.of(untitled)};\n"
            return
        fields = "".join(
            f"  {field}{'' if field in schema['required'] else '?'}: {self.of(value)};\n"
            for field, value in schema["properties"].items()
        )
        self.declared[name] = f"{about}export interface {name} {{\n{fields}}}\n"


def typescript() -> str:
    """Return the types of all messages."""
    types = Types()
    _, components = msgspec.json.schema_components(_MESSAGES)
    for name, schema in components.items():
        types.declare(name, schema)
    forms = " | ".join(form.__name__ for form in _FORMS)
    types.declared["NumberedChange"] = (
        "/** A change as it is sent, and kept in the browser's storage until then. */\n"
        f"export type NumberedChange = {forms};\n"
    )
    return "\n".join([_HEAD, *(text for _, text in sorted(types.declared.items()))])


if __name__ == "__main__":
    FILE.write_text(typescript(), encoding="utf-8")
