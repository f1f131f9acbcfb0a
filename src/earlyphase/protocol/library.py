"""Finds a study's folder: one that comes with the package, or one of the user's own."""

import difflib
from importlib.resources import files
from pathlib import Path

from earlyphase.faults import InvalidInput

_IN_CHECKOUT = Path(__file__).parents[3] / "studies"


def study_folder(name_or_path: str) -> Path:
    """Give the folder of a study.

    Args:
        name_or_path: the name of a study that comes with the package, or the path of a folder.

    Raises:
        InvalidInput: there is no such study; the message names those that there are.
    """
    known = known_studies()
    if name_or_path in known:
        return known[name_or_path]
    if Path(name_or_path).is_dir():
        return Path(name_or_path)
    near = difflib.get_close_matches(name_or_path, known, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}? " if near else ""
    remedy = f"{hint}Known studies: {', '.join(known) or 'none'}; a path to a study's folder works too."
    raise InvalidInput("study", name_or_path, "is not a known study.", remedy)


def known_studies() -> dict[str, Path]:
    """Give the studies that come with the package, by name."""
    home = Path(str(files("earlyphase"))) / "studies"
    base = home if home.is_dir() else _IN_CHECKOUT
    if not base.is_dir():
        return {}
    return {folder.name: folder for folder in sorted(base.iterdir()) if folder.is_dir()}
