"""The report as one HTML document: the page shows it alive, the file holds it with its pictures."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from math import inf
from typing import Final, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from errortool import messages
from errortool.analysis import breakdowns
from errortool.analysis.breakdowns import Matrix
from errortool.analysis.full_report import CategoryReport, Report
from errortool.analysis.overlaps import Step
from errortool.analysis.sample import ENOUGH
from errortool.analysis.significance import BANDS
from errortool.analysis.what_if import Plan
from errortool.model import LEVELS, Judged, Row
from errortool.output import comparison_phrases, figures, filters, phrases, summary

ROW_THUMBS: Final = 3
"""How many images stand in each category's row."""

COMBINATIONS: Final = 10
"""How many combinations of ticks are shown; the others are counted."""

_IN_WORDS: Final = 4
"""A matrix of at most so many cells is written as a list."""

_DOTTED: Final = 12
"""The most categories whose combinations are drawn as dots; names say them anyway."""


class Link(Protocol):
    """Gives the address of the images behind a number, by the contact sheet's filter."""

    def __call__(self, shown: str, label: str = "", prediction: str = "", /) -> str | None:
        """Return the address, None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumb:
    """A small picture of an example; `url` is an address or the picture itself as data: URL.

    `opens` is where the example can be reviewed, "" in a file.
    """

    key: str
    label: str
    prediction: str
    url: str
    confidence: float | None = None
    comment: str = ""
    opens: str = ""

    @classmethod
    def of(cls, row: Row, url: str, *, opens: str = "") -> "Thumb":
        """Return an example's picture with all that is said beneath it."""
        example = row.example
        return cls(
            key=example.key,
            label=example.label,
            prediction=example.prediction,
            url=url,
            confidence=example.confidence,
            comment=row.comment,
            opens=opens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Some of the `number` images behind a category; None is those that fit none."""

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
        """How many of its images are shown."""
        shown = len(self.thumbs)
        if shown < self.number:
            return f"{shown} of its {messages.count(self.number, 'image')}"
        return messages.count(self.number, "image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What the page offers beside the document.

    `files` are names of files to download, each with what it is; `address` comes before them and
    `query` after. `drawable` errors can be drawn with one button, 0 if none are left; `review` is
    where the session is reviewed.
    """

    reviewers: tuple[str, ...]
    reviewer: str | None
    files: tuple[tuple[str, str], ...]
    address: str
    query: str
    drawable: int
    review: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """All that the document shows.

    `thumbs` are some images of each category, by its id, and of those that fit none (None).
    `galleries` and `made`, the version that made it, are for a file, `controls` for the page.
    """

    report: Report
    judged: Judged
    link: Link
    thumbs: Mapping[int | None, Sequence[Thumb]] = field(default_factory=dict)
    plan: Plan | None = None
    controls: Controls | None = None
    galleries: Sequence[Gallery] = ()
    made: str = ""

    @cached_property
    def places(self) -> int:
        """How many decimals a dev error has."""
        return phrases.decimals(self.report.dev_examples)

    @cached_property
    def axis(self) -> figures.Axis:
        """The axis of what is left of the dev error: up to today's, if that is known."""
        return figures.Axis(self.report.dev_error or 0.0)

    @property
    def falls(self) -> tuple[tuple[float, Step], ...]:
        """The order of work, each step with the dev error that it begins at."""
        left = (step.hopeful.error if step.hopeful else 0.0 for step in self.report.order)
        begins = (self.report.dev_error or 0.0, *left)
        return tuple(zip(begins, self.report.order, strict=False))

    @property
    def none_begins(self) -> float:
        """Where the bar of the errors that fit no category begins, in per cent of the axis."""
        return 100 * (1 - (self.report.none_share or 0.0))

    @cached_property
    def ties(self) -> dict[int, str]:
        """What is said of a category and the next in rank that it ties with, by its id."""
        return {
            pair.first: phrases.tie(self.report, pair)
            for pair in self.report.pairs
            if not pair.order.settled
        }

    @property
    def figure(self) -> str:
        """What the what-if leaves, in short; "" where too few images tell it."""
        if self.plan is None or self.plan.hopeful is None or self.plan.hopeful_share is None:
            return ""
        if self.plan.hopeful_share.looked_at < ENOUGH:
            return ""
        return phrases.per_cent(self.plan.hopeful.error, self.places)

    @cached_property
    def matrix(self) -> Matrix:
        """The errors by label and prediction."""
        return breakdowns.matrix(self.judged)

    @property
    def matrix_in_words(self) -> bool:
        """Whether the matrix is so small that a list says it better."""
        return len(self.matrix.labels) * len(self.matrix.predictions) <= _IN_WORDS

    @cached_property
    def confidences(self) -> dict[int | None, breakdowns.Confidences]:
        """How sure the model was, by category."""
        return breakdowns.confidences(self.judged)

    @cached_property
    def dotted(self) -> tuple[CategoryReport, ...]:
        """The categories that combinations are drawn with, as dots; none if they are too many."""
        ticked = tuple(category for category in self.report.ranked if category.ticked)
        return ticked if len(ticked) <= _DOTTED else ()

    @property
    def combinations(self) -> tuple[figures.Combination, ...]:
        """The most frequent combinations of ticks."""
        return figures.combinations(self.report, COMBINATIONS)

    @cached_property
    def more(self) -> str:
        """How many errors are in other combinations."""
        return phrases.more_combinations(self.report, COMBINATIONS)

    @cached_property
    def moved(self) -> list[tuple[CategoryReport, str]]:
        """How the shares of the leaders moved, as drawings."""
        return figures.moved(self.report)

    @cached_property
    def open_errors(self) -> int:
        """How many of the errors drawn are still to be looked at."""
        report = self.report
        done = report.looked_at + report.ahead + report.unreadable
        return max(0, report.sampled - done)

    @property
    def more_would_help(self) -> bool:
        """Whether looking at more errors than were drawn might settle which cause is largest."""
        lead = self.report.lead
        if lead is None or lead.order.settled or not lead.order.left:
            return False
        return lead.order.more is None or BANDS.get(lead.order.more, inf) > self.open_errors

    @property
    def solved(self) -> tuple[int, ...]:
        """The categories that the what-if solves."""
        return self.plan.categories if self.plan else ()

    @property
    def texts(self) -> dict[str, str]:
        """The report as text to paste, by where it is pasted."""
        return {
            "chat": summary.chat(self.report, self.plan),
            "markdown": summary.markdown(self.report, self.plan),
        }


def data_url(content_type: str, data: bytes) -> str:
    """Return a picture as a URL that holds it."""
    return f"data:{content_type};base64,{base64.b64encode(data).decode('ascii')}"


@cache
def environment() -> Environment:
    """Return what makes HTML from our templates, with the words and drawings that they use."""
    made = Environment(
        loader=PackageLoader("errortool.output"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "per_cent": phrases.per_cent,
        "interval": phrases.interval,
        "headline": phrases.headline,
        "basis": phrases.basis,
        "share": phrases.share,
        "points": phrases.points,
        "glance": phrases.glance,
        "sums": phrases.sums,
        "left_out": phrases.left_out,
        "stop_lines": phrases.stop_lines,
        "both_sides": phrases.both_sides,
        "holds": phrases.holds,
        "order_check": phrases.order_check,
        "counted": messages.count,
        "first_of": lambda share: None if share is None else share.share,
        "whole": lambda number: "–" if number is None else f"{number:,.0f}",
    }
    made.globals |= {
        "adds": phrases.adds,
        "explanations": phrases.EXPLANATIONS,
        "figures": figures,
        "filters": filters,
        "interval_kinds": phrases.INTERVALS,
        "levels": LEVELS,
        "plan_line": phrases.plan,
        "everybody": phrases.EVERYBODY,
        "row_thumbs": ROW_THUMBS,
        "titles": phrases.TITLES,
        "verdict": phrases.verdict,
        "words": comparison_phrases,
    }
    return made


def macro(template: str, name: str, *values: object) -> str:
    """Return what a macro of a template makes of some values."""
    return str(getattr(environment().get_template(template).module, name)(*values))


def body(document: Document) -> str:
    """Return the document itself, as the page shows it."""
    return macro("parts.html", "document", document)


def what_if(document: Document) -> str:
    """Return the part on what solving some categories leaves."""
    return macro("parts.html", "what_if", document)


def labels(document: Document, gap: float | None) -> str:
    """Return what labels make beside a `gap` between two models, a fraction."""
    return macro("parts.html", "label_verdict", document, gap)


def images(title: str, number: int, thumbs: Sequence[Thumb], everything: str) -> str:
    """Return some of the `number` images behind a figure; `everything` is where all of them are."""
    return macro("parts.html", "images", title, number, thumbs, everything)


def html(document: Document) -> str:
    """Return the whole report as one HTML file: plots, tables, pictures and definitions inside."""
    return environment().get_template("report.html").render(doc=document)
