"""A report as a tagged PDF (PDF/UA-1), typeset by typst: the same bytes from the same report."""

import datetime as dt
from collections.abc import Mapping
from importlib import resources
from typing import Any, assert_never

import orjson

from earlyphase.reports import palette
from earlyphase.reports.drawing import drawn, drawn_width
from earlyphase.reports.outlines import FAMILY, chinese_font, font_folder, without_font
from earlyphase.reports.page import foot, numbered, spans
from earlyphase.reports.values import Figure, Glance, Part, Report, Statement, Table
from earlyphase.reports.widths import breakable, column_widths

_CHINESE = "Noto Sans SC"
_BOX = "□"
_PORTRAIT, _LANDSCAPE = 176.0, 263.0
"""The width between the margins of an A4 page. Units: mm."""
_MANY = 11
"""A table of more columns is laid on its side."""


def document(
    report: Report, drawings: Mapping[str, str] | None = None, numbers: Mapping[str, int] | None = None
) -> bytes:
    """Write a report as a PDF with a structure tree, alternative texts, a title and a language.

    Args:
        report: the report.
        drawings: its figures, where they have been drawn already.
        numbers: what tables and figures are numbered, where they are part of something larger.
    """
    import typst  # noqa: PLC0415 - starts an engine: only who writes documents waits for it

    shown = _data(report, drawings or drawn(report.figures), numbers or numbered(report))
    data = orjson.dumps(shown).decode()
    if missing := without_font(data):
        data = data.translate({ord(character): _BOX for character in missing})
        data = data.replace('"boxes":""', f'"boxes":"{_BOX} stands for a character that no font of this document has."')
    template = (resources.files("earlyphase.reports") / "templates" / "report.typ").read_bytes()
    return typst.compile(
        template,
        font_paths=typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(font_folder()), str(chinese_font().parent)],
        ),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": data},
        pdf_standards="ua-1",
        timestamp=_moment(report),
    )


def _data(report: Report, drawings: Mapping[str, str], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Give the report as the template reads it."""
    stamp = report.stamp
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "software": stamp.software,
        "label": (stamp.label.value, stamp.label.says) if stamp.label else None,
        "stamp": stamp.lines(),
        "foot": foot(report),
        "boxes": "",
        "keywords": [
            stamp.study,
            f"journal head {stamp.head}",
            f"protocol {stamp.protocol}",
            f"cut-off {stamp.cutoff}",
        ],
        "fonts": [FAMILY, _CHINESE],
        "palette": {name: getattr(palette, name.upper()).light for name in ("ink", "muted", "line", "grid")},
        "sections": [
            {
                "title": section.title,
                "lead": section.lead,
                "parts": [_numbered(_part(part, drawings), part, numbers) for part in section.parts],
            }
            for section in report.sections
        ],
    }


def _part(part: Part, drawings: Mapping[str, str]) -> dict[str, Any]:
    match part:
        case Table():
            return _table(part)
        case Figure():
            return _figure(part, drawings[part.id])
        case Glance():
            shown = [{"label": each.label, "value": each.value, "note": each.note} for each in part.figures]
            return {"kind": "glance", "figures": shown}
        case Statement():
            return {"kind": "statement", "text": part.text}
    assert_never(part)


def _numbered(shown: dict[str, Any], part: Part, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {**shown, "number": numbers[part.id]} if isinstance(part, Table | Figure) else shown


def _table(part: Table) -> dict[str, Any]:
    wide, size = len(part.columns) > _MANY, _size(len(part.columns))
    rows = [
        {
            "cells": [breakable(cell.text) for cell in row.cells],
            "indent": row.indent,
            "strong": row.strong,
            "tall": row.tall,
        }
        for row in part.rows
    ]
    return {
        "kind": "table",
        "title": part.title,
        "columns": [{"heading": column.heading, "kind": column.kind} for column in part.columns],
        "spans": spans(part),
        "wide": wide,
        "size": size,
        "widths": column_widths(part, size, _LANDSCAPE if wide else _PORTRAIT),
        "rows": rows,
        "footnotes": part.footnotes,
        "empty": part.empty,
    }


def _size(columns: int) -> float:
    """Choose the size of a table's text. Units: points."""
    return next((size for most, size in ((6, 8.25), (9, 7.5)) if columns <= most), 7.0)


def _figure(part: Figure, svg: str) -> dict[str, Any]:
    return {
        "kind": "figure",
        "title": part.title,
        "alt": part.alt,
        "caption": part.caption,
        "svg": svg,
        "width": drawn_width(svg),
    }


def _moment(report: Report) -> dt.datetime:
    """Date the file by its data, not by the clock; to the second, as the format has it."""
    if not report.stamp.as_of:
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return dt.datetime.fromisoformat(report.stamp.as_of).replace(microsecond=0)
