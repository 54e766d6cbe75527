"""The page Help shows the whole manual, and its links stay on it."""

import re

from documents import MANUAL, headings, prose, text_of
from streamlit.testing.v1 import AppTest

from errortool.web.pages import help as manual


def help_page() -> None:
    """Run the page Help."""
    from errortool.web.pages import help as manual

    manual.render()


def shown() -> AppTest:
    """Return the page as it is shown."""
    app = AppTest.from_function(help_page, default_timeout=60).run()
    assert not app.exception
    return app


def test_every_document_is_on_the_page():
    """All headings are, a level deeper than in the documents, and the contents list each once."""
    assert sorted(manual.DOCUMENTS) == [path.stem for path in MANUAL]
    app = shown()
    text = "\n".join(part.value for part in app.markdown)
    wanted = sorted(head for document in MANUAL for head in headings(document))
    assert sorted(re.findall(r"^##+ (.+)$", text, re.MULTILINE)) == wanted
    contents = app.get("html")[1].proto.body
    assert sorted(re.findall(r">([^<>]+)</a>", contents)) == wanted


def test_links_between_documents_lead_to_headings_of_the_page():
    """No link leads to a file, and none to a heading that isn't there."""
    app = shown()
    text = "\n".join(part.value for part in app.markdown)
    contents = app.get("html")[1].proto.body
    targets = re.findall(r"\]\(([^)]+)\)", text) + re.findall(r'href="([^"]+)"', contents)
    known = {manual._anchor(head) for document in MANUAL for head in headings(document)}
    assert len(targets) > 50
    for target in targets:
        assert target.startswith("https://") or target.removeprefix("#") in known, target


def test_files_that_are_not_shown_are_named_and_not_linked():
    """A link into the repository works on GitHub alone; code is left as it is."""
    code = "```bash\n# [b](c)\n```"
    markdown = f"# A\n[the schema](../store/schema.sql), [tally](files.md#the-tally)\n{code}"
    assert manual._on_page(markdown) == f"## A\nthe schema, [tally](#the-tally)\n{code}"


def test_documents_hold_nothing_that_only_one_of_the_two_understands():
    """GitHub and Streamlit read them alike: no image, no HTML, no formula, no icon."""
    for document in MANUAL:
        text = re.sub(r"`[^`\n]*`", "", prose(document))
        text = re.sub(r"<!-- keys:(begin|end) -->", "", text)
        assert re.findall(r"!\[|<\w|\$|~|:\w+:|:\w+\[", text) == [], document
        assert "\t" not in text_of(document)
