"""From a figure's specification to SVG: the same bytes every time, words as outlines, names that are its own."""

import functools
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from earlyphase.reports.outlines import font_folder, glyph, width
from earlyphase.reports.values import Figure

SVG = "http://www.w3.org/2000/svg"
_DROPPED = (
    "class",
    "role",
    "aria-roledescription",
    "aria-label",
    "aria-hidden",
    "pointer-events",
    "xmlns:xlink",
    "version",
)
_POINT = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_SHIFT = re.compile(r"translate\(([-\d.e]+)[, ]([-\d.e]+)\)")
_TURN = re.compile(r"rotate\(([-\d.e]+)\)")
_MOST_LINES = 4
"""How many lines of a figure may be one text."""
_LINE = 18
"""How far a line may stand under the one before and go on in it. Units: pixels."""
_A_WORD = re.compile("[a-z]{3,}")
_ANCHORS = {"middle": 0.5, "end": 1.0}
_BOLD = 600
_GEOMETRY = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "r", "cx", "cy")


Say = Callable[[str], str]
"""Says words of a figure in another language."""


def draw(figure: Figure, background: str | None = None, say: Say = str) -> str:
    """Draw a figure as SVG.

    Args:
        figure: what to draw.
        background: a colour to lay under it; none on pages, which have their own.
        say: says its words in the language of the page.
    """
    import vl_convert  # noqa: PLC0415 - starts an engine: only who draws waits for it

    _know_fonts()
    root = ET.fromstring(vl_convert.vegalite_to_svg(dict(figure.spec)))  # noqa: S314 - the renderer's own output
    _tidy(root)
    _say(root, say)
    _outline(root, figure.id)
    _rename(root, figure.id)
    _describe(root, figure, say)
    if background is not None:
        root.insert(2, ET.Element(f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": background}))
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


def drawn(figures: Iterable[Figure]) -> Mapping[str, str]:
    """Draw figures for a page or a document, by their ids."""
    return {figure.id: draw(figure) for figure in figures}


def drawn_width(svg: str) -> float:
    """Read the width of a drawing.

    Units: pixels.
    """
    return float(ET.fromstring(svg).attrib["width"])  # noqa: S314 - our own drawing


@functools.cache
def _know_fonts() -> None:
    """Let the renderer measure words with the font that will draw them."""
    import vl_convert  # noqa: PLC0415 - as above

    vl_convert.register_font_directory(str(font_folder()))


def _tidy(root: ET.Element) -> None:
    """Drop what draws nothing, and round."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_nothing(child):
                parent.remove(child)
    for element in root.iter():
        for name in _DROPPED:
            element.attrib.pop(name, None)
        for name in _GEOMETRY:
            if name in element.attrib:
                element.set(name, _POINT.sub(_rounded, element.attrib[name]))


def _is_nothing(element: ET.Element) -> bool:
    if element.attrib.get("display") == "none":
        return True
    if element.tag == f"{{{SVG}}}rect" and element.attrib.get("fill") == "none":
        return "stroke" not in element.attrib
    return element.attrib.get("class") in ("background", "foreground") and not {"fill", "stroke"}.intersection(
        element.keys()
    )


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found.group()):.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class _Shapes:
    """The shapes of a figure's characters, by name."""

    prefix: str
    paths: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Hand:
    """How a line is written."""

    size: float
    bold: bool
    angle: float


def _say(root: ET.Element, say: Say) -> None:
    """Say every text in the language of the page; what is no text alone may go on in the lines under it."""
    for lines in _paragraphs(root.iter(f"{{{SVG}}}text")):
        first = 0
        while first < len(lines):
            words = [line.text or "" for line in lines[first : first + _MOST_LINES]]
            count, said = _said(words, say)
            for line, part in zip(lines[first : first + count], _divided(said, count), strict=True):
                line.text = part
            first += count


def _said(lines: list[str], say: Say) -> tuple[int, str]:
    """Say the first of some lines, with as many others as make it a text that is known."""
    for count in range(1, len(lines) + 1 if _A_WORD.search(lines[0]) else 2):
        text = " ".join(lines[:count])
        said = say(text)
        if said != text and (count == 1 or not _A_WORD.search(said)):
            return count, said
    return 1, lines[0]


def _paragraphs(texts: Iterable[ET.Element]) -> Iterator[list[ET.Element]]:
    """Give the lines that stand under each other, as closely as lines of one text do."""
    lines: list[ET.Element] = []
    above = (math.nan, math.nan)
    for text in texts:
        place = _shift(text.get("transform", ""))
        near = place[0] == above[0] and 0 < place[1] - above[1] <= _LINE
        if lines and not near:
            yield lines
            lines = []
        lines += text.findall(f"{{{SVG}}}tspan") or [text]
        above = place
    if lines:
        yield lines


def _divided(text: str, count: int) -> list[str]:
    """Divide a text into lines of about one length."""
    across = math.ceil(len(text) / count)
    return [text[across * place : across * (place + 1)] for place in range(count)]


def _outline(root: ET.Element, prefix: str) -> None:
    """Turn every text into outlines; each character's shape stands once, among the definitions."""
    shapes = _Shapes(prefix, {})
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.tag == f"{{{SVG}}}text":
                group = ET.Element(f"{{{SVG}}}g", {"fill": child.get("fill", "#000")})
                if "opacity" in child.attrib:
                    group.set("opacity", child.attrib["opacity"])
                group.extend(_lines(child, shapes))
                parent[place] = group
    definitions = root.find(f"{{{SVG}}}defs")
    if definitions is None:
        definitions = ET.Element(f"{{{SVG}}}defs")
        root.insert(0, definitions)
    for key in sorted(shapes.paths):
        ET.SubElement(definitions, f"{{{SVG}}}path", {"id": f"{prefix}-{key}", "d": shapes.paths[key]})


def _lines(text: ET.Element, shapes: _Shapes) -> Iterator[ET.Element]:
    size = float(text.get("font-size", "11px").removesuffix("px"))
    bold = text.get("font-weight", "400") in ("bold", str(_BOLD))
    x, y = _shift(text.get("transform", ""))
    angle = math.radians(_turn(text.get("transform", "")))
    hand = _Hand(size, bold, angle)
    down = 0.0
    spans = text.findall(f"{{{SVG}}}tspan") or [text]
    for span in spans:
        down += float(span.get("dy", "0"))
        words = span.text or ""
        left = -_ANCHORS.get(text.get("text-anchor", ""), 0.0) * width(words, size, bold=bold)
        at = (x + left * math.cos(angle) - down * math.sin(angle), y + left * math.sin(angle) + down * math.cos(angle))
        yield _line(words, at, hand, shapes)


def _line(words: str, at: tuple[float, float], hand: _Hand, shapes: _Shapes) -> ET.Element:
    scale, angle = hand.size / 1000, math.degrees(hand.angle)
    rotate = f" rotate({_short(angle)})" if angle else ""
    group = ET.Element(
        f"{{{SVG}}}g",
        {"transform": f"translate({_short(at[0])},{_short(at[1])}){rotate} scale({scale:.4g},{-scale:.4g})"},
    )
    reached = 0.0
    for character in words:
        shape = glyph(character, hand.bold)
        if shape.path:
            shapes.paths[shape.key] = shape.path
            ET.SubElement(group, f"{{{SVG}}}use", {"href": f"#{shapes.prefix}-{shape.key}", "x": str(round(reached))})
        reached += shape.advance
    return group


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _shift(transform: str) -> tuple[float, float]:
    found = _SHIFT.search(transform)
    return (float(found.group(1)), float(found.group(2))) if found else (0.0, 0.0)


def _turn(transform: str) -> float:
    found = _TURN.search(transform)
    return float(found.group(1)) if found else 0.0


def _rename(root: ET.Element, prefix: str) -> None:
    """Give clips names that depend on this figure alone: the renderer counts them through its whole life."""
    names = {
        element.attrib["id"]: f"{prefix}-{place}"
        for place, element in enumerate(found for found in root.iter() if found.tag == f"{{{SVG}}}clipPath")
    }
    for element in root.iter():
        if element.get("id") in names:
            element.set("id", names[element.attrib["id"]])
        clip = element.get("clip-path", "")
        if clip.startswith("url(#"):
            element.set("clip-path", f"url(#{names[clip[5:-1]]})")


def _describe(root: ET.Element, figure: Figure, say: Say) -> None:
    """Let it speak to who cannot see it."""
    root.set("role", "img")
    root.set("aria-labelledby", f"{figure.id}-title {figure.id}-desc")
    for place, (tag, text) in enumerate((("title", figure.title), ("desc", figure.alt))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{figure.id}-{tag}"})
        element.text = say(text)
        root.insert(place, element)
