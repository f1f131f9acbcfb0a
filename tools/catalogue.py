"""Brings the Chinese catalogue up to date with what pages and the study can say, and names what has no Chinese yet.

`python tools/catalogue.py` writes `django.po`, `django.mo` and `sentences.toml` below `src/earlyphase/web/locale`,
keeps every translation, and lists what is missing. `--check` writes nothing, and ends with 1 where the files are not
as they would be written.

What there is to say is read from: the templates, the Python modules of `web`, the payload types (names, labels, help,
coded words), the words of every enumeration, and for `sentences.toml` the f-strings of the rooms that speak.
"""  # noqa: INP001 - a script, not a package

import ast
import datetime as dt
import io
import json
import re
import secrets
import sys
import tomllib
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src/earlyphase"
WEB = SOURCE / "web"
LOCALE = WEB / "locale/zh_Hans"
PO, MO = LOCALE / "LC_MESSAGES/django.po", LOCALE / "LC_MESSAGES/django.mo"
SENTENCES = LOCALE / "sentences.toml"
ELSEWHERE = "elsewhere"
"""The table of `sentences.toml` for what other people's software says: written by hand."""

KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
SPEAKING = (
    "study",
    "escalation/design.py",
    "escalation/count_design.py",
    "escalation/three_plus_three.py",
    "escalation/three_plus_three_many.py",
    "escalation/behaviours.py",
    "escalation/interval.py",
    "escalation/boin.py",
    "escalation/expansion.py",
    "escalation/rolling_six.py",
    "toxicity/laboratory.py",
    "toxicity/ladders.py",
    "toxicity/dlt.py",
    "toxicity/clocks.py",
    "toxicity/crs.py",
    "toxicity/icans.py",
    "eligibility/verdict.py",
    "eligibility/evaluating.py",
    "eligibility/measuring.py",
    "eligibility/happening.py",
    "eligibility/decidability.py",
    "eligibility/possible.py",
    "eligibility/crowd.py",
    "eligibility/interview.py",
    "eligibility/answering.py",
    "eligibility/needs.py",
    "registry/checks",
    "registry/twins.py",
    "response",
    "toxicity/icaht.py",
    "analysis/changes.py",
    "analysis/populations.py",
    "analysis/response.py",
    "analysis/time_to_event.py",
    "analysis/sensitivity.py",
    "analysis/cutoff.py",
    "analysis/from_here.py",
    "analysis/follow_up_ends.py",
    "analysis/happenings.py",
    "escalation/scenarios.py",
    "protocol/statements.py",
    "registry/checks",
    "reports/values.py",
    "reports/wording.py",
    "reports/study_report.py",
    "reports/study_tables.py",
    "reports/packet.py",
    "reports/packet_basis.py",
    "reports/tables",
    "reports/figures",
    "store/search.py",
    "store/search_corrections.py",
    "store/search_filters.py",
    "store/search_page.py",
    "store/search_query.py",
    "web/registry/asking.py",
    "journal",
    "quantities.py",
    "dates.py",
    "faults.py",
    "web/people/team.py",
    "web/sent.py",
)
"""The rooms whose sentences a page shows."""

SQL = re.compile(r"^select |^where |%\(\w+\)")

Message = tuple[str | tuple[str, str], str | None, str]
"""What is said (singular and plural), in which context, and where."""


def start_django() -> None:
    """Give Django what it needs to read templates; no database is asked for anything."""
    from earlyphase.web.start import configure  # noqa: PLC0415 - needed only here

    configure(
        {
            "EARLYPHASE_SECRET_KEY": secrets.token_urlsafe(64),
            "EARLYPHASE_DEBUG": "1",
            "DATABASE_URL": "postgresql://localhost/none",
        }
    )


def in_templates() -> Iterator[Message]:
    """Read what the templates translate."""
    from django.template import Engine  # noqa: PLC0415 - Django is started first
    from django.template.base import Node  # noqa: PLC0415 - as above
    from django.template.loader import engines  # noqa: PLC0415 - as above
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode  # noqa: PLC0415 - as above

    engine: Engine = engines["django"].engine  # pyright: ignore[reportAttributeAccessIssue] - its own
    for path in sorted((WEB / "templates").rglob("*.*")):
        where = str(path.relative_to(WEB))
        for node in engine.from_string(path.read_text("utf-8")).nodelist.get_nodes_by_type(Node):
            if isinstance(node, TranslateNode) and isinstance(node.filter_expression.var, str):
                yield str(node.filter_expression.var), _context(node.message_context), where
            elif isinstance(node, TranslateNode) and isinstance(node.filter_expression.var.literal, str):
                yield node.filter_expression.var.literal, _context(node.message_context), where
            elif isinstance(node, BlockTranslateNode):
                yield _block(node), _context(node.message_context), where


def _context(expression: Any) -> str | None:  # noqa: ANN401 - Django's own
    return str(expression.var) if expression else None


def _block(node: Any) -> str | tuple[str, str]:  # noqa: ANN401 - Django's own
    from django.utils.text import normalize_newlines  # noqa: PLC0415 - as above
    from django.utils.translation import trim_whitespace  # noqa: PLC0415 - as above

    def text(tokens: Any) -> str:  # noqa: ANN401 - Django's own
        found = normalize_newlines(node.render_token_list(tokens)[0])
        return trim_whitespace(found) if node.trimmed else found

    singular = text(node.singular)
    return (singular, text(node.plural)) if node.plural and node.countervar else singular


def in_modules() -> Iterator[Message]:
    """Read what the modules of `web` translate."""
    for path in sorted(WEB.rglob("*.py")):
        with path.open("rb") as file:
            for _, said, _, context in extract("python", file, KEYWORDS):
                yield said, context, str(path.relative_to(WEB))


def in_payloads() -> Iterator[Message]:
    """Read the words of the payload types: names, labels, help, coded words."""
    from earlyphase.journal.payloads import TYPES  # noqa: PLC0415 - needed only here
    from earlyphase.web.forms.shapes import Part, parts_of  # noqa: PLC0415 - as above
    from earlyphase.web.names import words_of  # noqa: PLC0415 - as above

    def of(part: Part) -> Iterator[str]:
        yield from (words_of(part.name), part.help, *part.choices)
        for inner in part.parts:
            yield from of(inner)

    for kind in TYPES:
        yield words_of(kind.record), None, "payloads"
        yield (kind.__doc__ or "").strip(), None, "payloads"
        for part in parts_of(kind.record):
            yield from ((said, None, "payloads") for said in of(part) if said and not said.isdecimal())


def in_enumerations() -> Iterator[Message]:
    """Read the words of the enumerations that a page may show."""
    for room in (
        "study",
        "journal",
        "escalation/design.py",
        "reports/values.py",
        "eligibility/verdict.py",
        "protocol/endpoints.py",
        "eligibility/decidability.py",
    ):
        for path in _modules(SOURCE / room):
            name = ".".join(("earlyphase", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
            for kind in vars(import_module(name)).values():
                if isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == name:
                    yield from ((one.value, None, "words") for one in kind if isinstance(one.value, str) and one.value)


def in_laboratories() -> Iterator[tuple[str, str]]:
    """Read the names of analytes, each with the first Chinese name that laboratories give it."""
    from earlyphase.web.forms.search import analytes  # noqa: PLC0415 - as above

    table = tomllib.loads((WEB / "labs/names.toml").read_text("utf-8"))["analytes"]
    chinese = {name: next((one for one in others if not one.isascii()), "") for name, others in table.items()}
    yield from (dict.fromkeys(analytes(), "") | chinese).items()


def sentences() -> dict[str, list[str]]:
    """Read the sentence templates of the rooms that speak, by room."""
    found: dict[str, dict[str, None]] = {}
    for room in SPEAKING:
        for path in _modules(SOURCE / room):
            said = (text for text in _spoken(ast.parse(path.read_text("utf-8"))))
            found.setdefault(room.partition("/")[0].removesuffix(".py"), {}).update(dict.fromkeys(said))
    known = dict[str, None]()
    return {
        room: [one for one in said if one not in known and not known.update({one: None})]
        for room, said in found.items()
    }


def _modules(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _spoken(tree: ast.Module) -> Iterator[str]:
    """Give every text of a module that has words in it, docstrings and comments left out."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    silent |= {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if inner is not node
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in silent and (text := _template(node)):
            yield text
        elif isinstance(node, ast.JoinedStr):
            yield from (text for inner in ast.walk(node) if isinstance(inner, ast.IfExp) for text in _branches(inner))


def _branches(node: ast.IfExp) -> Iterator[str]:
    for branch in (node.body, node.orelse):
        if isinstance(branch, ast.JoinedStr | ast.Constant) and (text := _template(branch)):
            yield text


def _template(node: ast.JoinedStr | ast.Constant) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text, holes = "", 0
    for part in parts:
        if isinstance(part, ast.Constant):
            text += part.value if isinstance(part.value, str) else ""
        else:
            holes += 1
            text += f"{{{holes}}}"
    letters = sum(character.isalpha() for character in text)
    return (
        text.strip()
        if " " in text.strip()
        and letters > 1
        and not set("\\|[<") & set(text)
        and "{:" not in text
        and "datum" not in text
        and not SQL.search(text)
        else ""
    )


def catalogue(before: Catalog) -> Catalog:
    """Make the catalogue as it should be, with the translations that there are."""
    made = Catalog(
        locale="zh_Hans", charset="utf-8", fuzzy=False, project="earlyphase", copyright_holder="the earlyphase authors"
    )
    for said, context, where in (*in_templates(), *in_modules(), *in_payloads(), *in_enumerations()):
        if said:
            made.add(said, context=context, locations=[(where, None)])
    for name, other in in_laboratories():
        made.add(name, other, locations=[("labs/names.toml", None)])
    for message in made:
        old = before.get(message.id, message.context) if message.id else None
        if old is not None and old.string:
            message.string = old.string
    return made


def written(made: Catalog) -> str:
    """Write a catalogue as the text of its file, without what changes from day to day."""
    file = io.BytesIO()
    write_po(file, made, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return HEADER + file.getvalue().decode()


HEADER = """# Simplified Chinese. Written by tools/catalogue.py, which keeps what stands after msgstr.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def compiled(text: str) -> bytes:
    """Compile the text of a catalogue."""
    file, read = io.BytesIO(), read_po(io.BytesIO(text.encode()), locale="zh_Hans")
    read.creation_date = read.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # the same bytes on every day
    write_mo(file, read)
    return file.getvalue()


def toml(tables: dict[str, dict[str, str]]) -> str:
    """Write the sentences as the text of their file."""
    lines = [
        "# Sentences of the study in Simplified Chinese; the numbers are holes.",
        "# tools/catalogue.py keeps the keys as the source has them.",
    ]
    for name, table in tables.items():
        lines += [
            "",
            f"[{name}]",
            *(
                f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(said, ensure_ascii=False)}"
                for key, said in table.items()
            ),
        ]
    return "\n".join(lines) + "\n"


def missing_words(made: Catalog) -> list[str]:
    """Name what pages say and the catalogue does not."""
    return [
        str(message.id)
        for message in made
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def collected() -> tuple[Catalog, dict[str, dict[str, str]]]:
    """Read what there is to say, with the translations that there are."""
    before = read_po(io.BytesIO(PO.read_bytes() if PO.exists() else b""), locale="zh_Hans")
    known = tomllib.loads(SENTENCES.read_text("utf-8")) if SENTENCES.exists() else {}
    every = {key: said for table in known.values() for key, said in table.items()}
    made = catalogue(before)
    words = {message.id for message in made}
    tables = {room: {one: every.get(one, "") for one in said if one not in words} for room, said in sentences().items()}
    return made, tables | {ELSEWHERE: known.get(ELSEWHERE, {})}


def main() -> int:
    """Bring the files up to date, or check that they are."""
    start_django()
    made, tables = collected()
    text = written(made)
    files = {PO: text.encode(), MO: compiled(text), SENTENCES: toml(tables).encode()}
    stale = [path for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    if "--check" not in sys.argv:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    sys.stdout.writelines(f"no Chinese: {one}\n" for one in missing_words(made))
    for room, table in tables.items():
        sys.stdout.writelines(f"no Chinese ({room}): {one}\n" for one, said in table.items() if not said)
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
