"""Writes a figure to a file, in the format that the file's ending names."""

from collections.abc import Callable
from pathlib import Path

from earlyphase.faults import InvalidInput
from earlyphase.reports.values import Figure

SHARPNESS = 2
"""How many pixels of a PNG make one pixel of the page."""


def checked_ending(path: Path, option: str) -> Path:
    """Take the path of a figure that is to be written.

    Raises:
        InvalidInput: its ending names no format that can be drawn.
    """
    if path.suffix.lower() not in _FORMATS:
        formats = ", ".join(_FORMATS)
        raise InvalidInput(option, str(path), "has an ending that names no format.", f"End it in one of {formats}.")
    return path


def save(figure: Figure, path: Path, option: str) -> None:
    """Draw a figure into a file.

    Raises:
        InvalidInput: the file cannot be written, or its ending names no format.
    """
    from earlyphase.reports.drawing import draw  # noqa: PLC0415 - only who draws waits for the engine

    content = _FORMATS[checked_ending(path, option).suffix.lower()](draw(figure, background="white"))
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise InvalidInput(option, str(path), f"cannot be written: {fault.strerror}.") from None


def _svg(drawing: str) -> bytes:
    """Keep the drawing."""
    return drawing.encode()


def _png(drawing: str) -> bytes:
    """Make dots of the drawing."""
    import vl_convert  # noqa: PLC0415 - only who draws waits for the engine

    return vl_convert.svg_to_png(drawing, scale=SHARPNESS)


def _pdf(drawing: str) -> bytes:
    """Put the drawing on a page of its size."""
    import vl_convert  # noqa: PLC0415 - only who draws waits for the engine

    return vl_convert.svg_to_pdf(drawing)


_FORMATS: dict[str, Callable[[str], bytes]] = {".svg": _svg, ".png": _png, ".pdf": _pdf}
