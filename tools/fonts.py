"""Makes the two fonts that reports carry, from the Inter variable font.

Run once, by hand, when Inter changes: `python tools/fonts.py "Inter[opsz,wght].ttf"` with fonttools and brotli
installed. The same input gives the same bytes. The fonts are renamed so that an Inter installed elsewhere is never
taken for them.
"""  # noqa: INP001 - a script, not a package

import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Earlyphase Sans"
STYLES = {400: "Regular", 600: "SemiBold"}
TARGET = Path(__file__).parents[1] / "src/earlyphase/reports/fonts"
CHARACTERS = (
    *range(0x20, 0x7F),  # Basic Latin
    *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A
    *range(0x218, 0x21C),  # Romanian
    *range(0x391, 0x3CA),  # Greek
    *range(0x2010, 0x2027),  # dashes, quotation marks, bullets, ellipsis
    *range(0x202F, 0x203B),  # narrow space, per mille, primes
    *range(0x2070, 0x2090),  # superscripts and subscripts
    0x20AC,  # euro
    0x2116,  # numero
    *range(0x2190, 0x2196),  # arrows
    *range(0x2200, 0x2270),  # mathematics
    *range(0x25A0, 0x25D0),  # shapes
    0x2713,  # tick
    0x2717,  # cross
)
FEATURES = ("kern", "tnum", "ccmp", "locl", "mark", "mkmk")


def style(source: Path, weight: int) -> TTFont:
    """Cut one weight and the characters that reports need."""
    font = instancer.instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"opsz": 14, "wght": weight})
    options = subset.Options(
        layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], recalc_timestamp=False
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    rename(font, weight)
    return font


def rename(font: Any, weight: int) -> None:  # noqa: ANN401 - fontTools has no types for its tables
    """Name family and style, dropping whatever else would name them otherwise."""
    plain = FAMILY.replace(" ", "")
    names = {
        1: f"{FAMILY}",
        2: STYLES[weight],
        3: f"{plain}-{STYLES[weight]}",
        4: f"{FAMILY} {STYLES[weight]}",
        6: f"{plain}-{STYLES[weight]}",
    }
    if weight not in (400, 700):
        names |= {1: f"{FAMILY} {STYLES[weight]}", 2: "Regular", 16: FAMILY, 17: STYLES[weight]}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


def main() -> None:
    """Write both weights, as TrueType for documents and as WOFF2 for pages."""
    for weight, word in STYLES.items():
        font = style(Path(sys.argv[1]), weight)
        font.save(TARGET / f"EarlyphaseSans-{word}.ttf")
        font.flavor = "woff2"
        font.save(TARGET / f"EarlyphaseSans-{word}.woff2")


if __name__ == "__main__":
    main()
