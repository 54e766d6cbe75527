"""The report as HTML: its parts and the whole, where numbers lead, and that names stay text."""

import re

import errortool
from errortool.analysis.full_report import Report
from errortool.output import html_report
from errortool.output.html_report import Gallery, Thumb


def report(**options) -> Report:
    """Return a report on four errors; the category's name is HTML."""
    return errortool.estimate(
        {"<b>Dog": [1, 1, 0, 0], "Wet": [1, 0, 0, 0]},
        errors=4,
        dev_examples=8,
        label_errors=["Wet"],
        **options,
    )


def thumbs(number: int) -> tuple[Thumb, ...]:
    """Return small pictures with hostile names."""
    return tuple(
        Thumb(key=f"<i>{at}", label='"cat', prediction="dog", data="data:image/png;base64,AA==")
        for at in range(number)
    )


def gallery(category: int | None, number: int, shown: int) -> Gallery:
    """Return the images behind a category, some of them."""
    return Gallery(category=category, title="<u>title", number=number, thumbs=thumbs(shown))


def links(html: str) -> list[str]:
    """Return where links lead."""
    return re.findall(r'href="([^"]*)"', html)


def test_names_stay_text_in_every_part():
    """What is called like a tag is shown as that."""
    made = report()
    html = html_report.html(made, [gallery(0, 2, 1)], made="errortool <1>")
    for tag in ("<b>Dog", "<u>title", "<i>0", "<1>"):
        assert tag not in html
    for text in ("&lt;b&gt;Dog", "&lt;u&gt;title", "&lt;i&gt;0", "&#34;cat", "errortool &lt;1&gt;"):
        assert text in html


def test_numbers_lead_to_galleries_that_are_there():
    """In the file a number leads to its images, and is plain text where it has none."""
    made = report()
    html = html_report.html(made, [gallery(0, 2, 2), gallery(None, 2, 2)], made="")
    assert set(links(html)) == {"#category-0", "#none"}
    for anchor in ("category-0", "none"):
        assert f'id="{anchor}"' in html
    assert links(html_report.html(made, [], made="")) == []


def test_a_gallery_says_how_many_images_it_shows():
    """All of them, or some of so many."""
    assert gallery(0, 2, 2).count == "2 images"
    assert gallery(0, 1, 1).count == "1 image"
    assert gallery(0, 20, 12).count == "12 of its 20 images"
    assert gallery(None, 0, 0).count == "0 images"
    assert (gallery(7, 1, 1).anchor, gallery(None, 1, 1).anchor) == ("category-7", "none")


def test_a_report_without_looks_has_no_plots():
    """It says so, and draws nothing."""
    made = errortool.estimate({"Dog": []}, errors=4, dev_examples=8)
    html = html_report.html(made, [], made="")
    assert "Nothing has been looked at yet." in html
    assert "<svg" not in html


def test_sections_lead_where_the_page_says():
    """A part of the page leads by the contact sheet's filters, with label and prediction."""

    def link(shown: str, confusion=None) -> str:
        return f"x?{shown}" + (f"&{confusion.label}" if confusion else "")

    made = report()
    categories = html_report.section("categories", made, 1, link)
    assert links(categories) == ["x?counted:0", "x?only:0", "x?counted:1", "x?only:1", "x?none"]
    confusions = html_report.section("confusions", made, link)
    assert links(confusions) == ["x?counted:0&amp;", "x?counted:1&amp;"]
    assert links(html_report.section("ledger", made, link, 1, None)) == ["x?any:1"]
    assert links(html_report.section("order", made, 1, link)) == ["x?any:0"]


def test_a_data_url_holds_the_picture():
    """As RFC 2397 has it."""
    assert html_report.data_url("image/png", b"\x00\xff") == "data:image/png;base64,AP8="
