"""How the site of the documentation is built: `make docs`."""

from earlyphase import __version__

project = "earlyphase"
version = release = __version__
extensions = ["myst_parser"]
myst_heading_anchors = 3
myst_fence_as_directive = []
exclude_patterns = ["images"]
suppress_warnings = ["myst.header"]  # a page that is included may begin below the first level

# Nothing on the site is fetched from elsewhere: no fonts, no scripts, no pictures.
html_theme = "furo"
html_title = f"earlyphase {__version__}"
html_copy_source = False
html_show_copyright = False
