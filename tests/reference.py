"""Finds the outputs of other people's software that may be read but not shipped with the project."""

import os
from pathlib import Path

import pytest

BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "reference"


def reference(name: str) -> Path:
    """Give the path of a reference file, or skip the test that needs it, saying why."""
    folder = Path(os.environ.get("EARLYPHASE_REFERENCE", BESIDE_THE_CHECKOUT))
    path = folder / name
    if not path.exists():
        pytest.skip(f"needs {name} of the reference folder, which may not be shipped: set EARLYPHASE_REFERENCE")
    return path
