"""The site that a machine runs: where its settings lie, and how a command opens it."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from earlyphase.cli.database import open_database
from earlyphase.cli.user_data import user_folder
from earlyphase.faults import InvalidInput

SITE = "site.env"
"""The file of a site's settings: a line NAME=value each; the environment comes before it."""


def site_file(data: Path | None) -> Path:
    """Give the path of the site's settings."""
    return (data or user_folder()) / SITE


def site_environment(data: Path | None) -> dict[str, str]:
    """Give the settings of the site: those of its file, and before them those of the environment.

    Raises:
        InvalidInput: there is no site yet.
    """
    path = site_file(data)
    if not path.is_file() and "EARLYPHASE_SECRET_KEY" not in os.environ:
        raise InvalidInput(str(path), None, "is not there: no site has been set up.", "Run `earlyphase init`.")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    kept = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return kept | {name: value for name, value in os.environ.items() if name.startswith("EARLYPHASE_")}


@contextmanager
def open_site(
    url: str | None, data: Path | None, settings: Mapping[str, str] | None = None
) -> Generator[dict[str, str]]:
    """Open the database, bring its tables up to date, and start Django on it.

    Returns:
        The environment that a server of the site needs.

    Raises:
        InvalidInput: there is no site, or a setting is unsafe.
    """
    chosen = dict(settings) if settings is not None else site_environment(data)
    with open_database(url, data) as address:
        from earlyphase.web.start import configure, prepare_tables  # noqa: PLC0415 - kept out of the start-up

        environment = {**chosen, "DATABASE_URL": address}
        configure(environment)
        prepare_tables()
        yield environment
