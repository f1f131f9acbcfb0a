"""Laboratory grades over time: at each week, how many participants are at which worst grade."""

from collections.abc import Sequence

from earlyphase.analysis.laboratory_grades import GradedValue
from earlyphase.reports.figures.theme import Spec, titled
from earlyphase.reports.palette import MUTED
from earlyphase.reports.values import Figure

_SHOWN = 6
_SEVERE = 3
_BINS = (
    ("before", -10000, 0),
    ("day 1–7", 1, 7),
    ("8–14", 8, 14),
    ("15–21", 15, 21),
    ("22–28", 22, 28),
    ("month 2–3", 29, 98),
    ("later", 99, 100000),
)
"""Spans of days from the infusion, both ends counted."""
_SHADES = ("#f0f3f6", "#cddeec", "#86b6d9", "#e08a45", "#8c3a00")
"""Grades 0 to 4: each is darker than the one before, in grey too."""


def grades_over_time(graded: Sequence[GradedValue]) -> Figure | None:
    """Draw the worst grade of each participant in spans of time, for the terms with most grades of 3 or 4."""
    bad = [one for one in graded if (one.known or 0) >= _SEVERE and one.day > 0]
    names = dict.fromkeys(one.grade.term for one in graded)
    severe = {term: len({one.participant for one in bad if one.grade.term == term}) for term in names}
    terms = [term for term in sorted(severe, key=lambda term: (-severe[term], term)) if severe[term]][:_SHOWN]
    if not terms:
        return None
    rows = [row for term in terms for row in _rows(graded, term)]
    spans = [name for name, _, _ in _BINS]
    x: Spec = {"field": "span", "type": "ordinal", "sort": spans, "axis": {"title": None, "labelAngle": -45}}
    share = {"title": None, "labelExpr": "round(100 * datum.value) + '\u202f%'", "values": [0, 0.5, 1]}
    y: Spec = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": share, "stack": True}
    scale = {"domain": [f"grade {grade}" for grade in range(5)], "range": list(_SHADES)}
    encoding: Spec = {
        "x": x,
        "y": y,
        "color": {"field": "grade", "type": "ordinal", "scale": scale, "legend": {"title": None}},
        "order": {"field": "rank", "type": "quantitative"},
    }
    header = {"title": None, "labelFontSize": 11, "labelColor": MUTED.light, "labelAnchor": "start"}
    spec = titled(
        data={"values": rows},
        facet={"field": "term", "type": "nominal", "sort": terms, "header": header},
        columns=3,
        spec={
            "width": 185,
            "height": 130,
            "mark": {"type": "bar", "stroke": "#56616e", "strokeWidth": 0.4},
            "encoding": encoding,
        },
    )
    told = ", ".join(f"{term} {severe[term]}" for term in terms)
    alt = f"Worst laboratory grade in spans of time. Participants with grade 3 or 4 after the infusion: {told}."
    caption = (
        "Share of the participants who were measured in each span, at their worst grade in it (CTCAE v5.0, computed)."
    )
    return Figure("grades-over-time", "Laboratory grades over time", alt, caption, spec)


def _rows(graded: Sequence[GradedValue], term: str) -> list[Spec]:
    rows: list[Spec] = []
    for name, first, last in _BINS:
        worst: dict[str, int] = {}
        for one in graded:
            if one.grade.term == term and one.known is not None and first <= one.day <= last:
                worst[one.participant] = max(worst.get(one.participant, 0), one.known)
        for grade in range(5):
            count = sum(each == grade for each in worst.values())
            if count:
                share = count / len(worst)
                row = {"term": term, "span": name, "grade": f"grade {grade}", "rank": grade, "share": share}
                rows.append({**row, "participants": count, "measured": len(worst)})
    return rows
