"""How answers show themselves in a notebook: one way to write a table, and one to draw chances as bars."""

from collections.abc import Sequence
from html import escape

COLOURS = ("#0072b2", "#c98500", "#d55e00", "#c3cad3")
"""Of the parts of a bar, in order. Source: Okabe & Ito 2008, which stay apart for every kind of colour vision."""

LABEL, BAR, ROW = 110, 340, 22
"""Pixels that the label of a bar takes, the bar of a chance of 1, and the height of a row."""

Bar = tuple[str, Sequence[float]]
"""A label, and the shares of 1 that lie one behind the other."""


def html_table(headings: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    """Write a table as HTML; its first column holds the names of the rows.

    Source: the HTML standard.
    """
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for name, *cells in rows
    )
    below = f"<p>{escape(note)}</p>" if note else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def svg_bars(title: str, bars: Sequence[Bar], parts: Sequence[str]) -> str:
    """Draw chances as bars from 0 to 1, each in parts that are named in a legend.

    Units: shares of 1.

    Source: the SVG standard.
    """
    height = ROW * (len(bars) + 1)
    drawn = [_legend(parts), *(_bar(ROW * at, bar, parts) for at, bar in enumerate(bars, start=1))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + BAR + 70}" height="{height}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="currentColor"><title>{escape(title)}</title>'
        f"{''.join(drawn)}</svg>"
    )


def _legend(parts: Sequence[str]) -> str:
    """Name the parts of a bar."""
    step = BAR / max(len(parts), 1)
    return "".join(
        f'<rect x="{LABEL + at * step:.0f}" y="4" width="10" height="10" fill="{colour}"/>'
        f'<text x="{LABEL + at * step + 14:.0f}" y="13">{escape(part)}</text>'
        for at, (part, colour) in enumerate(zip(parts, COLOURS, strict=False))
    )


def _bar(top: int, bar: Bar, parts: Sequence[str]) -> str:
    """Draw one bar, its label before it and its first share behind it."""
    label, shares = bar
    drawn, left = [f'<text x="{LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(label)}</text>'], float(LABEL)
    for share, part, colour in zip(shares, parts, COLOURS, strict=False):
        width = BAR * share
        said = f"<title>{escape(part)} {share:.1%}</title>"
        drawn.append(
            f'<rect x="{left:.1f}" y="{top + 3}" width="{width:.1f}" height="{ROW - 6}" fill="{colour}">{said}</rect>'
        )
        left += width
    drawn.append(f'<text x="{left + 6:.1f}" y="{top + 15}">{shares[0]:.1%}</text>')
    return "".join(drawn)
