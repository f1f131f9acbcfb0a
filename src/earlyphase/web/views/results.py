"""The results as of any cut-off: tables and figures, every figure followed to its participants, and files of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from earlyphase.reports.values import Figure, Report, Section, Table
from earlyphase.study.state import Study
from earlyphase.web.access import Member, for_members
from earlyphase.web.computed import Computed, computed
from earlyphase.web.language import said
from earlyphase.web.moments import CUT_OFF, day_typed, known_then, last_day
from earlyphase.web.pages import study_page
from earlyphase.web.shown import Showing

MANY = 6
"""A section with more figures than this shows one at a time."""

TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "rtf": "application/rtf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""The formats of files."""

TABLE_KINDS, FIGURE_KINDS = ("pdf", "docx", "rtf", "csv"), ("pdf", "svg", "png", "html")
"""What is offered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the day up to which facts count, and the day on which they were known."""

    cutoff: str
    as_of: str
    study: Study
    day: dt.date | None

    @property
    def query(self) -> str:
        """The same, for an address."""
        return urlencode({name: text for name, text in (("cutoff", self.cutoff), ("as_of", self.as_of)) if text})


@require_safe
@for_members
def results(request: HttpRequest, member: Member) -> HttpResponse:
    """Show one section of the results, with the way to the others."""
    asked = _asked(request, member)
    found = _tables(asked)
    section = _section(found.report, request.GET.get("section", ""))
    figures = tuple(part for part in section.parts if isinstance(part, Figure))
    drawn = _wanted(figures, request.GET.get("figure", ""))
    showing = Showing(_numbers(found.report), found.shown(drawn, get_language(), said))
    context = {
        "asked": asked,
        "sections": [(one.id, one.title) for one in found.report.sections],
        "section": showing.section(section),
        "lists": showing.lists,
        "one_of": figures if len(figures) > MANY else (),
        "drawn": {figure.id for figure in drawn},
        "stamp": found.report.stamp,
        "latest": last_day(asked.study),
        "table_kinds": TABLE_KINDS,
        "figure_kinds": FIGURE_KINDS,
    }
    return study_page(request, "results.html", member, context)


@require_safe
@for_members
def part(request: HttpRequest, member: Member, part: str, kind: str) -> HttpResponse:
    """Give one table or one figure as a file."""
    asked = _asked(request, member)
    found = _tables(asked)
    wanted = next((one for one in (*found.report.tables, *found.report.figures) if one.id == part), None)
    if wanted is None:
        raise Http404(f"table or figure {part}")
    return as_file(found.file(f"{part}.{kind}", lambda: _written(found, wanted, kind)), f"{part}.{kind}", member)


@require_safe
@for_members
def whole(request: HttpRequest, member: Member, kind: str) -> HttpResponse:
    """Give the whole report, or its results data, as a file."""
    asked = _asked(request, member)
    found = _tables(asked) if kind in ("csv", "json") else _report(asked)
    name = f"{'results' if kind in ('csv', 'json') else 'report'}.{kind}"
    return as_file(found.file(name, lambda: _whole(found, kind)), name, member)


def as_file(content: bytes, name: str, member: Member) -> HttpResponse:
    """Answer with a file that is saved, not shown."""
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = f'attachment; filename="{member.study}-{name}"'
    return response


def whole_document(found: Computed, kind: str) -> bytes:
    """Write a report as one page or one document."""
    drawings = found.drawings(found.report.figures)
    if kind == "html":
        from earlyphase.reports.page import page  # noqa: PLC0415 - only who wants the file waits for it

        return page(found.report, drawings).encode()
    from earlyphase.reports.document import document  # noqa: PLC0415 - as above

    return document(found.report, drawings)


def _asked(request: HttpRequest, member: Member) -> Asked:
    cutoff, as_of = (request.GET.get(name, "").strip() for name in ("cutoff", "as_of"))
    return Asked(cutoff, as_of, known_then(member.seen, as_of), day_typed(cutoff, CUT_OFF))


def _tables(asked: Asked) -> Computed:
    return computed("tables", asked.study, asked.day, lambda: _make_tables(asked))


def _report(asked: Asked) -> Computed:
    return computed("report", asked.study, asked.day, lambda: _make_report(asked))


def _make_tables(asked: Asked) -> Report:
    from earlyphase.reports.study_report import results as results_of  # noqa: PLC0415 - reads numpy and scipy
    from earlyphase.reports.study_tables import study_tables  # noqa: PLC0415 - as above

    return study_tables(results_of(asked.study, asked.day))


def _make_report(asked: Asked) -> Report:
    from earlyphase.reports.study_report import results as results_of  # noqa: PLC0415 - as above
    from earlyphase.reports.study_report import study_report  # noqa: PLC0415 - as above

    return study_report(results_of(asked.study, asked.day))


def _section(report: Report, name: str) -> Section:
    found = next((one for one in report.sections if one.id == name), None) if name else report.sections[0]
    if found is None:
        raise Http404(f"section {name}")
    return found


def _wanted(figures: tuple[Figure, ...], name: str) -> tuple[Figure, ...]:
    """Give the figures to draw: all of a few, one of many."""
    if len(figures) <= MANY:
        return figures
    return tuple(one for one in figures if one.id == name) or figures[:1]


def _numbers(report: Report) -> Mapping[str, int]:
    from earlyphase.reports.page import numbered  # noqa: PLC0415 - as above

    return numbered(report)


def _written(found: Computed, wanted: Table | Figure, kind: str) -> bytes:
    from earlyphase.reports.outputs.single import FIGURE_FILES, TABLE_FILES  # noqa: PLC0415 - as above

    number = _numbers(found.report)[wanted.id]
    if isinstance(wanted, Table) and kind in TABLE_FILES:
        return TABLE_FILES[kind](found.report, wanted, number)
    if isinstance(wanted, Figure) and kind in FIGURE_FILES:
        return FIGURE_FILES[kind](found.report, wanted, number, found.drawing(wanted))
    raise Http404(f"format {kind}")


def _whole(found: Computed, kind: str) -> bytes:
    if kind in ("csv", "json"):
        from earlyphase.analysis.results import results_csv, results_json  # noqa: PLC0415 - as above
        from earlyphase.reports.results_data import results_data  # noqa: PLC0415 - as above

        rows = results_data(found.report.tables)
        return results_csv(rows).encode("utf-8-sig") if kind == "csv" else results_json(rows)
    if kind not in ("html", "pdf"):
        raise Http404(f"format {kind}")
    return whole_document(found, kind)
