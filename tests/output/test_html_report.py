"""The report as one document: its parts, where numbers lead, and that names stay text."""

import re

import numpy as np
import pytest

import errortool
from errortool.analysis.full_report import Report
from errortool.model import Category, Judged, Kind
from errortool.output import html_report
from errortool.output.html_report import Controls, Document, Gallery, Thumb

HOSTILE = "<b>Dog"


def report(ticks: dict[str, list[int]] | None = None, **options) -> Report:
    """Return a report on four errors; a category's name is HTML."""
    ticks = ticks or {HOSTILE: [1, 1, 0, 0], "Wet": [1, 0, 0, 0]}
    return errortool.estimate(
        ticks,
        errors=len(next(iter(ticks.values()))),
        dev_examples=8,
        label_errors=["Wet"],
        **options,
    )


def judged(pairs: list[tuple[str, str]] | None = None, names: tuple[str, ...] = (HOSTILE, "Wet")):
    """Return what such a report rests on, as far as the document looks at it."""
    pairs = pairs or [("<i>cat", "dog"), ("dog", "<i>cat")] * 2
    rows = len(pairs)
    ticks = np.zeros((rows, len(names)), dtype=np.int8)
    ticks[:2, 0] = 1
    return Judged(
        categories=tuple(
            Category(id=at, name=name, kind=Kind.CAUSE, position=at)
            for at, name in enumerate(names)
        ),
        ticks=ticks,
        looked_at=np.ones(rows, dtype=np.bool_),
        deferred=np.zeros(rows, dtype=np.bool_),
        unreadable=np.zeros(rows, dtype=np.bool_),
        labels=tuple(label for label, _ in pairs),
        predictions=tuple(prediction for _, prediction in pairs),
        corrected=(None,) * rows,
        weights=None,
        places=tuple(range(rows)),
        confidences=tuple(0.5 + at / 10 for at in range(rows)),
    )


def no_link(*_: str) -> None:
    """Lead nowhere."""


def to_sheet(show: str, label: str = "", prediction: str = "") -> str:
    """Lead to a contact sheet."""
    return f"x?{show}" + (f"&{label}>{prediction}" if label else "")


def document(about: Report | None = None, **options) -> Document:
    """Return a document on four errors."""
    return Document(**{"report": about or report(), "judged": judged(), "link": no_link} | options)


def controls(**options) -> Controls:
    """Return what a page offers."""
    defaults = {
        "reviewers": ("ann", '"bob'), "reviewer": None, "files": (("report.json", "Numbers"),),
        "address": "files/", "query": "?level=0.95", "drawable": 0, "review": "review?session=1",
    }  # fmt: skip
    return Controls(**defaults | options)


def thumbs(number: int) -> tuple[Thumb, ...]:
    """Return small pictures with hostile names."""
    return tuple(
        Thumb(
            key=f"<i>{at}", label='"cat', prediction="dog", url="data:image/png;base64,AA==",
            comment="<s>far", confidence=0.934,
        )
        for at in range(number)
    )  # fmt: skip


def gallery(category: int | None, number: int, shown: int) -> Gallery:
    """Return the images behind a category, some of them."""
    return Gallery(category=category, title="<u>title", number=number, thumbs=thumbs(shown))


def links(html: str) -> list[str]:
    """Return where links lead."""
    return re.findall(r'href="([^"]*)"', html)


def words(html: str) -> str:
    """Return the text of some HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_names_stay_text_in_every_part():
    """What is called like a tag is shown as that, in the file and on the page."""
    parts = [
        html_report.html(document(galleries=[gallery(0, 2, 1)], made="errortool <1>")),
        html_report.body(document(controls=controls(), link=to_sheet)),
        html_report.images("<u>title", 3, thumbs(2), "x"),
    ]
    for html in parts:
        for tag in ("<b>Dog", "<u>title", "<i>0", "<i>cat", "<1>", "<s>far", 'value=""bob'):
            assert tag not in html
    for text in ("&lt;b&gt;Dog", "&lt;u&gt;title", "&lt;i&gt;0", "&#34;cat", "errortool &lt;1&gt;"):
        assert text in parts[0]
    assert 'value="&#34;bob"' in parts[1]
    assert "&lt;s&gt;far" in parts[2]


def test_the_page_shows_what_the_file_holds():
    """Headline, tables and plots are the same; the page adds what can be done."""
    file = words(html_report.html(document()))
    page = words(html_report.body(document(controls=controls())))
    for part in (
        "Dev error left if a category were solved",
        "Order of work",
        "Label and prediction",
    ):
        assert part in file
        assert part in page
    assert "What if we solved" in page
    assert "What if we solved" not in file
    assert "<script" not in html_report.html(document())


def test_numbers_lead_to_galleries_that_are_there():
    """In the file a number leads to its images, and is plain text where it has none."""

    def to_gallery(show: str, label: str = "", prediction: str = "") -> str | None:
        return {"counted:0": "#category-0", "none": "#none"}.get(show + label + prediction)

    html = html_report.html(
        document(link=to_gallery, galleries=[gallery(0, 2, 2), gallery(None, 2, 2)])
    )
    assert set(links(html)) == {"#category-0", "#none"}
    for anchor in ("category-0", "none"):
        assert f'id="{anchor}"' in html
    assert links(html_report.html(document())) == []


def test_numbers_of_the_page_lead_to_the_contact_sheet():
    """By its filters; what the page opens beside itself is said by the link, too."""
    html = html_report.body(document(controls=controls(), link=to_sheet))
    found = {link for link in links(html) if link.startswith("x?")}
    assert {"x?counted:0", "x?only:0", "x?none", "x?exactly:", "x?any:0", "x?any:1"} <= found
    assert "x?looked&amp;&lt;i&gt;cat&gt;dog" in found
    assert 'data-show="looked" data-label="&lt;i&gt;cat" data-prediction="dog"' in html


def test_a_gallery_says_how_many_of_its_images_it_shows():
    """It can't be taken for a share."""
    assert gallery(0, 2, 2).count == "2 images"
    assert gallery(0, 21, 12).count == "12 of its 21 images"
    assert (gallery(7, 1, 1).anchor, gallery(None, 1, 1).anchor) == ("category-7", "none")


def test_captions_tell_pictures_apart():
    """Id, label and prediction, confidence, comment."""
    assert "&lt;i&gt;0 &#34;cat → dog · 0.93 &lt;s&gt;far" in words(
        html_report.images("t", 1, thumbs(1), "x")
    )


def test_each_row_has_three_thumbnails():
    """They lead to all of them, and have no place where there are none."""
    with_some = html_report.body(document(thumbs={0: thumbs(5)}, link=to_sheet))
    assert with_some.count("<img") == 3
    assert 'aria-label="images of &lt;b&gt;Dog"' in with_some
    assert "<img" not in html_report.body(document(link=to_sheet))


def test_a_report_without_looks_has_no_figures():
    """It says so, and the page leads to the review."""
    made = errortool.estimate({"Dog": []}, errors=4, dev_examples=8)
    html = html_report.html(document(made))
    assert "Nothing has been looked at yet." in html
    assert "<table" not in html
    page = html_report.body(document(made, controls=controls()))
    assert 'href="review?session=1" data-go="review"' in page


def test_a_tie_is_a_bracket_and_a_settled_order_is_none():
    """Neighbours that can't be told apart are joined, and named for those who can't see it."""
    even = {"a": [1, 0] * 10, "b": [0, 1] * 10, "c": [0] * 20}
    made = errortool.estimate(even, errors=200, dev_examples=2000)
    html = html_report.body(document(made))
    assert html.count('class="tie begins"') == 1
    assert html.count('class="tie ends-here"') == 1
    assert "can&#39;t be told apart from b" in html
    settled = errortool.estimate({"a": [1] * 20, "b": [0] * 19 + [1]}, errors=20, dev_examples=200)
    assert "told apart" not in html_report.body(document(settled))


def test_places_on_the_axis_are_those_of_the_figures():
    """Half of the errors solved is the middle of the axis; today's error is its end."""
    html = html_report.body(document())
    assert "--at:50.0%;--low:50.0%;--high:50.0%" in html
    assert "today 50.0 %" in html


def test_the_waterfall_falls_to_what_is_unexplained():
    """Each step begins where the last ended; the rest is grey."""
    ticks = {"a": [1, 1, 0, 0, 0], "b": [0, 0, 1, 0, 0]}
    html = html_report.body(document(errortool.estimate(ticks, errors=5, dev_examples=10)))
    falls = re.findall(r"--at:([\d.]+)%;--to:([\d.]+)%", html)
    assert falls == [("60.0", "100.0"), ("40.0", "60.0"), ("0", "40.0")]
    assert "unexplained 20.0 % 40 %" in words(html)


def test_two_classes_are_a_list_and_more_a_matrix():
    """Counts lead to their images either way; others are counted together, without a link."""
    assert 'class="matrix"' not in html_report.body(document())
    pairs = [(f"l{at % 20}", "x") for at in range(60)]
    html = html_report.body(document(judged=judged(pairs), controls=controls(), link=to_sheet))
    assert 'class="matrix"' in html
    assert 'data-label="l3" data-prediction="x"' in html
    assert 'data-label="l19"' not in html
    assert "others" in words(html)


def test_many_categories_are_combined_in_words():
    """A dozen columns of dots is all that can be read."""
    names = [f"c{at}" for at in range(13)]
    many = errortool.estimate({name: [1, 0] for name in names}, errors=2, dev_examples=4)
    assert 'class="dots"' not in html_report.body(document(many))
    assert 'class="dots"' in html_report.body(document())


def test_label_errors_are_not_offered_to_be_solved():
    """Solving a cause mends no label."""
    html = html_report.what_if(document(controls=controls()))
    assert 'data-solve="0"' in html
    assert 'data-solve="1"' not in html
    assert "checked" not in html


@pytest.mark.parametrize(("more", "offered"), [(50, True), (0, False)])
def test_more_errors_are_offered_where_some_are_left(more: int, offered: bool):
    """And where they would help."""
    even = {"a": [1, 0] * 10, "b": [0, 1] * 10}
    made = errortool.estimate(even, errors=200, dev_examples=2000)
    html = html_report.body(document(made, controls=controls(drawable=more)))
    assert ("Draw 50 more errors" in html) is offered


def test_a_data_url_holds_the_picture():
    """As RFC 2397 has it."""
    assert html_report.data_url("image/png", b"\x00\xff") == "data:image/png;base64,AP8="
