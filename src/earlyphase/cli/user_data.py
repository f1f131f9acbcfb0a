"""Where the user's own copies of licensed dictionaries are kept: outside any study, outside the package."""

import os
from pathlib import Path


def user_folder() -> Path:
    """Give the folder: `EARLYPHASE_DATA`, or the usual one for a user's data."""
    if chosen := os.environ.get("EARLYPHASE_DATA"):
        return Path(chosen)
    usual = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(usual) / "earlyphase"
