"""Names of columns and analytes as laboratories write them."""

import tomllib
import unicodedata
from functools import cache
from importlib import resources

from earlyphase.toxicity.criteria import load_criteria
from earlyphase.web.forms.search import analytes


def column(name: str) -> str | None:
    """Say what a column holds, by its heading: `analyte`, `value`, `unit`, `low`, `high`, `range`, `other`."""
    return _table()["columns"].get(_plain(name))


def analyte(name: str) -> str | None:
    """Give the name under which an analyte is recorded and graded; None where it is not known."""
    known, plain = _table()["analytes"], _plain(name)
    inner = plain.partition("(")[2].rstrip(")")
    return known.get(plain) or known.get(plain.partition("(")[0].strip()) or (known.get(inner) if inner else None)


def _plain(name: str) -> str:
    """Write a name without what does not tell it from others: case, width, spaces around."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("_", " ").strip(" *★☆:")
    return " ".join(text.split())


@cache
def _table() -> dict[str, dict[str, str]]:
    text = (resources.files("earlyphase.web.labs") / "names.toml").read_text("utf-8")
    found = {
        table: {_plain(other): name for name, others in rows.items() for other in others}
        for table, rows in tomllib.loads(text).items()
    }
    names = tomllib.loads(text)["analytes"]
    found["analytes"] |= {_plain(name): name for name in (*names, *analytes())}
    found["analytes"] |= {_plain(alias): row.measured for row in load_criteria() for alias in row.aliases}
    return found
