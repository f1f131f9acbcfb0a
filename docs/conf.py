"""How the site of the documentation is built: `make docs`."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from earlyphase import __version__

project = "earlyphase"
version = release = __version__
extensions = ["myst_parser"]
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_inline"]
myst_fence_as_directive = []
exclude_patterns = ["images", "static"]
suppress_warnings = ["myst.header"]  # a page that is included may begin below the first level

# Nothing on the site is fetched from elsewhere: no fonts, no scripts, no pictures.
html_theme = "furo"
html_title = f"earlyphase {__version__}"
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_copyright = False

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"
"""Written anew by every build, and kept out of the repository."""


def write_reference(app: Any) -> None:  # noqa: ANN401, ARG001 - as Sphinx calls it
    """Write the pages that are made of the tests: the rules, and the trace from requirements to tests."""
    REFERENCE.mkdir(exist_ok=True)
    for tool, folder in (("rule_reference", REFERENCE / "rules"), ("requirement_trace", REFERENCE)):
        subprocess.run([sys.executable, HERE.parent / "tools" / f"{tool}.py", folder], check=True, cwd=HERE.parent)  # noqa: S603 - our own tools
    (REFERENCE / "pages.md").write_text("\n".join(gallery()) + "\n", "utf-8")


def gallery() -> Iterator[str]:
    """Show every page of the web application as the last `make screenshots` took it; `make docs` takes them first."""
    yield "# The pages, as they look"
    yield "\nOf the demonstration: virtual participants only. Each page works in the dark and on a telephone, too."
    taken = sorted((HERE.parent / "build" / "screenshots" / "light").glob("*.png"))
    if not taken:
        yield "\nNo pictures were taken: `make screenshots` needs a browser."
        return
    kept = REFERENCE / "pictures"
    kept.mkdir(exist_ok=True)
    for picture in taken:
        shutil.copy(picture, kept)
        name = picture.stem.replace("_", " ")
        yield f"\n## {name.capitalize()}\n\n![{name}](pictures/{picture.name})"


PICTURE = re.compile(r"^!\[[^\]]*\]\([./]*reference/pictures/(\w+)\.png\)(?:\{[^}]*\})?\n", re.MULTILINE)


def leave_out_pictures(app: Any, name: str, source: list[str]) -> None:  # noqa: ANN401, ARG001 - as Sphinx calls it
    """Leave out of a page the pictures that were not taken."""
    kept = REFERENCE / "pictures"
    source[0] = PICTURE.sub(lambda found: found[0] if (kept / f"{found[1]}.png").exists() else "", source[0])


def setup(app: Any) -> None:  # noqa: ANN401 - as Sphinx calls it
    """Have the reference written before the pages are read."""
    app.connect("builder-inited", write_reference)
    app.connect("source-read", leave_out_pictures)
