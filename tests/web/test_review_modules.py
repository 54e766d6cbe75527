"""The browser's modules, joined into the one script that Streamlit takes."""

import re
from pathlib import Path

import pytest

from errortool.web import review
from errortool.web.review.modules import joined

FOLDER = Path(review.__file__).parent
ENTRIES = (
    "review_entry.js",
    "table_entry.js",
    "report_entry.js",
    "comparison_entry.js",
    "courier_entry.js",
)
DECLARED = re.compile(
    r"^(?:export )?(?:async )?(?:function|class|const|let|var) (\w+)", re.MULTILINE
)


def written(folder: Path, **modules: str) -> Path:
    """Write modules by their names without the ending; return their folder."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_each_module_comes_once_after_what_it_imports(tmp_path: Path):
    """Two ways to the same module include it once, before both."""
    folder = written(
        tmp_path,
        entry='import { b } from "./b.js";\nimport {\n  c,\n} from "./c.js";\nexport default b;\n',
        b='import { d } from "./d.js";\n\nexport const b = d;\n',
        c='import { d } from "./d.js";\n\nexport const c = d;\n',
        d="export const d = 1;\n",
    )
    assert joined(folder, "entry.js") == (
        "const d = 1;\n\nconst b = d;\n\nconst c = d;\n\nexport default b;\n"
    )


def test_a_cycle_is_refused(tmp_path: Path):
    """The error names the way round."""
    folder = written(
        tmp_path,
        a='import { b } from "./b.js";\nexport const a = 1;\n',
        b='import { a } from "./a.js";\nexport const b = 1;\n',
    )
    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        joined(folder, "a.js")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('import { b } from "./b.js";\n', "a.js imports b.js, which isn't there"),
        ('import { c as b } from "./c.js";\n', "can't be joined: import"),
        ('import * as c from "./c.js";\n', "can't be joined: import"),
        ('import c from "c";\n', "can't be joined: import"),
        ('export * from "./c.js";\n', "can't be joined: export"),
        ("const b = 1;\nexport { b };\n", "can't be joined: export"),
    ],
)
def test_what_can_not_be_joined_is_refused(tmp_path: Path, text: str, message: str):
    """A missing module, a renamed import, a bare one, and exports apart from declarations."""
    folder = written(tmp_path, a=text, c="export const c = 1;\n")
    with pytest.raises(ValueError, match=re.escape(message)):
        joined(folder, "a.js")


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_component_is_one_script_with_one_export(entry: str):
    """No import is left, the only export is the default one, and no name is declared twice."""
    script = joined(FOLDER, entry)
    assert not re.search(r"^import\b", script, re.MULTILINE)
    assert re.findall(r"^export .*", script, re.MULTILINE) == [script.splitlines()[-1]]
    assert script.splitlines()[-1].startswith("export default ")
    names = DECLARED.findall(script)
    assert sorted(names) == sorted(set(names))


def test_every_module_belongs_to_a_component():
    """A file that no entry leads to would be shipped for nothing."""
    scripts = "".join(joined(FOLDER, entry) for entry in ENTRIES)
    left = [
        path.name
        for path in FOLDER.glob("*.js")
        for name in DECLARED.findall(path.read_text(encoding="utf-8"))
        if not re.search(
            rf"^(?:async )?(?:function|class|const|let) {name}\b", scripts, re.MULTILINE
        )
    ]
    assert left == []
