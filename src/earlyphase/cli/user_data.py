"""Where the user's own data are kept, outside any study and the package: dictionaries, the embedded database."""

import os
from pathlib import Path

import platformdirs


def user_folder() -> Path:
    """Give the folder: `EARLYPHASE_DATA`, or the usual one of the platform for a user's data."""
    if chosen := os.environ.get("EARLYPHASE_DATA"):
        return Path(chosen)
    return platformdirs.user_data_path("earlyphase", appauthor=False)
