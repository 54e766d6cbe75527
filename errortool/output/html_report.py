"""Write the report as HTML: parts for the page, and all of it in one self-contained file."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from errortool import messages
from errortool.analysis.full_report import Confusion, Report
from errortool.output import charts, filters, phrases


class Link(Protocol):
    """Gives the address of the images behind a number, by the contact sheet's filter."""

    def __call__(self, shown: str, confusion: Confusion | None = None, /) -> str | None:
        """Return the address, None if there is none."""


_PLOTS: Final = ("shares", "overlaps", "history")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumb:
    """A small picture of an example; `data` is a data: URL."""

    key: str
    label: str
    prediction: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Some of the `number` images behind a category; None is none of these."""

    category: int | None
    title: str
    number: int
    thumbs: tuple[Thumb, ...]

    @property
    def anchor(self) -> str:
        """Where in the file it is."""
        return "none" if self.category is None else f"category-{self.category}"

    @property
    def filter(self) -> str:
        """The contact sheet's filter for the same images."""
        return filters.NONE if self.category is None else filters.counted(self.category)

    @property
    def count(self) -> str:
        """How many there are, and how many are shown."""
        shown = len(self.thumbs)
        if shown < self.number:
            return f"{shown} of its {messages.count(self.number, 'image')}"
        return messages.count(shown, "image")


def data_url(content_type: str, data: bytes) -> str:
    """Return a picture as a URL that holds it."""
    return f"data:{content_type};base64,{base64.b64encode(data).decode('ascii')}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("errortool.output"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "per_cent": phrases.per_cent,
        "share": phrases.share,
        "points": phrases.points,
        "interval": phrases.interval,
        "headline": phrases.headline,
        "basis": phrases.basis,
        "leads": phrases.leads,
        "sums": phrases.sums,
        "left_out": phrases.left_out,
        "stop_lines": phrases.stop_lines,
        "no_category": phrases.no_category,
        "not_known": phrases.not_known,
        "share_title": phrases.share_title,
        "more_combinations": phrases.more_combinations,
        "if_all_must": phrases.if_all_must,
        "glance": phrases.glance,
        "isolated": messages.isolated,
        "verdict": phrases.verdict,
        "both_sides": phrases.both_sides,
        "counted": messages.count,
        "whole": lambda number: "–" if number is None else f"{number:,.0f}",
    }
    environment.globals |= {
        "explanations": phrases.EXPLANATIONS,
        "titles": phrases.TITLES,
        "filters": filters,
    }
    return environment


def section(name: str, *values: object) -> str:
    """Return a part of the report as HTML: a macro of sections.html, with its values."""
    macro = getattr(_templates().get_template("sections.html").module, name)
    return str(macro(*values))


def html(report: Report, galleries: Sequence[Gallery], *, made: str) -> str:
    """Return the whole report as one HTML file: plots, tables, pictures and definitions inside.

    `made` says with which version it was made.
    """
    anchors = {gallery.filter: gallery.anchor for gallery in galleries}

    def link(show: str, _: Confusion | None = None) -> str | None:
        return f"#{anchors[show]}" if show in anchors else None

    drawn = charts.names(report) if report.looked_at else ()
    pictures = {
        name: charts.svg(charts.plot(report, name)) if name in drawn else "" for name in _PLOTS
    }
    template = _templates().get_template("report.html")
    return template.render(
        report=report,
        places=phrases.decimals(report.dev_examples),
        link=link,
        pictures=pictures,
        galleries=galleries,
        made=made,
    )
