"""Text as outlines: a figure's words look the same wherever it is opened, with no font installed."""

import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

FAMILY = "Earlyphase Sans"
_FILES = {False: "EarlyphaseSans-Regular.ttf", True: "EarlyphaseSans-SemiBold.ttf"}
_CHINESE = ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")
"""The package that carries Noto Sans SC, and the font in it."""


def font_folder() -> Path:
    """Give the folder of the fonts that reports carry."""
    return Path(str(resources.files("earlyphase.reports") / "fonts"))


def chinese_font() -> Path:
    """Give the font of the characters that ours does not have."""
    package, name = _CHINESE
    return Path(str(resources.files(package) / name))


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as a shape."""

    key: str
    """Its name among the shapes of a figure."""
    path: str
    """Its outline. Units: thousandths of the font size, y upwards."""
    advance: float
    """How far the next character stands. Units: thousandths of the font size."""


@functools.cache
def glyph(character: str, bold: bool) -> Glyph:  # noqa: FBT001 - one of two weights
    """Give the shape of a character; of the replacement box where no font has it."""
    for face in _faces(bold):
        if ord(character) in face.cmap:
            return _shape(face, face.cmap[ord(character)], f"{'b' if bold else 'r'}{ord(character):x}")
    face = next(_faces(bold))
    return _shape(face, ".notdef", f"{'b' if bold else 'r'}0")


def without_font(text: str) -> set[str]:
    """Find the characters of a text that no font here has."""
    known = [face.cmap for face in _faces(bold=False)]
    return {
        character
        for character in set(text)
        if character.isprintable() and not any(ord(character) in cmap for cmap in known)
    }


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a line of text.

    Units: those of the size.
    """
    return sum(glyph(character, bold).advance for character in text) * size / 1000


def wrap(text: str, size: float, room: float) -> list[str]:
    """Break text into lines that fit; a single word that does not fit is left whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shorten(text: str, size: float, room: float) -> str:
    """Cut a text that does not fit, and say so with an ellipsis."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    glyphs: Any
    cmap: dict[int, str]
    units: int


def _faces(bold: bool) -> Iterator[_Face]:  # noqa: FBT001 - one of two weights
    yield _face(font_folder() / _FILES[bold])
    yield _face(chinese_font())


@functools.cache
def _face(path: Path) -> _Face:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - only who draws needs it; it has no types

    font: Any = TTFont(io.BytesIO(path.read_bytes()), lazy=True)  # a file would be kept open
    return _Face(font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm)


def _shape(face: _Face, name: str, key: str) -> Glyph:
    from fontTools.pens.svgPathPen import SVGPathPen  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - as above
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - as above

    scale = 1000 / face.units
    pen = SVGPathPen(face.glyphs, ntos=lambda number: str(round(number)))
    face.glyphs[name].draw(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    return Glyph(key, pen.getCommands(), face.glyphs[name].width * scale)
