"""Writes the reference of rules from the spec tests: each test's name is a rule, its table the cases that prove it.

    python tools/rule_reference.py FOLDER

A page for each chapter is written into the folder as Markdown. `make docs` runs this; nothing of it is kept by hand.
"""  # noqa: INP001 - a script, not a package

import ast
import contextlib
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SPEC = ROOT / "tests" / "spec"
MOST_ROWS = 60
LONGEST = 360
"""Characters of a cell or a sentence."""

CHAPTERS = {
    "Dose escalation": (
        "three_plus_three", "behaviours", "outcome_notation", "uploaded_tables", "crm", "blrm", "timed_designs",
        "calendar_time", "pending_participants", "closed_levels", "comparison", "exact_characteristics", "from_here",
    ),
    "Conduct of a study": (
        "study_commands", "departures", "discordant_decisions", "changed_adjudications", "changes_between_reviews",
        "dlt_reviews", "simulation", "simulated_screening",
    ),
    "Eligibility": (
        "criteria_language", "screening", "unusable_values", "fhir_intake", "eligibility_of_participants", "interview",
        "screening_report",
    ),
    "Toxicity and safety": (
        "laboratory_grades", "laboratory_grades_of_a_study", "crs_and_icans", "dlt_proposal",
        "dlt_proposals_of_a_study", "emergent_events", "treatment_emergence", "reporting_clocks",
        "reporting_of_a_study", "stopping_rules", "monitoring", "packet",
    ),
    "Response and endpoints": (
        "response", "endpoints", "populations", "survival", "log_rank", "hazard_ratio", "competing_risks",
        "proportions", "results_data", "further_tables", "figures", "table_widths",
    ),
    "The registry record": (
        "record_checks", "record_difference", "registry_criteria", "registry_page", "registry_reading", "flat_records",
        "findings_beside_the_text", "search_words",
    ),
    "The protocol": ("protocol_check", "protocol_reading", "study_library", "dates", "quantities"),
}  # fmt: skip
NO_RULES = frozenset({"house", "answers_in_a_notebook", "payloads_are_read_when_asked_for"})
"""Modules about the software, not about a study."""
OTHERS = "Further rules"


@dataclass
class Rule:
    """One spec test, with its cases."""

    name: str
    line: int
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])

    @property
    def sentence(self) -> str:
        """Its name, as a sentence."""
        words = self.name.removeprefix("test_").replace("_", " ")
        return f"{words[0].upper()}{words[1:]}."


class Collector:
    """Takes the tests that pytest finds."""

    def __init__(self) -> None:
        """Begin with none."""
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep what was found."""
        self.items = list(session.items)


def collected() -> dict[str, dict[str, Rule]]:
    """Give the rules of each spec module, in their order."""
    collector = Collector()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-qq", str(SPEC), "-p", "no:cacheprovider"], plugins=[collector])
    modules: dict[str, dict[str, Rule]] = defaultdict(dict)
    for item in collector.items:
        test: Any = item
        module = Path(test.path).stem.removeprefix("test_")
        rule = modules[module].setdefault(test.originalname, Rule(test.originalname, test.location[1] + 1))
        if hasattr(test, "callspec"):
            rule.columns = tuple(test.callspec.params)
            rule.rows.append(tuple(_cell(value) for value in test.callspec.params.values()))
    return modules


def write(folder: Path) -> list[Path]:
    """Write a page for each chapter."""
    modules = collected()
    placed = {name for names in CHAPTERS.values() for name in names} | NO_RULES
    chapters = {**CHAPTERS, OTHERS: tuple(sorted(set(modules) - placed))}
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for chapter, names in chapters.items():
        text = "\n".join(_page(chapter, [(name, modules[name]) for name in names if name in modules]))
        pages.append(folder / f"{chapter.lower().replace(' ', '-')}.md")
        pages[-1].write_text(f"{text}\n", "utf-8")
    return pages


def _page(chapter: str, modules: Iterable[tuple[str, dict[str, Rule]]]) -> Iterator[str]:
    yield f"# {chapter}"
    yield "\nEvery line is the name of a test, and every table holds its cases: the rules are what the tests prove."
    for name, rules in modules:
        about = ast.get_docstring(ast.parse((SPEC / f"test_{name}.py").read_text("utf-8"))) or name
        yield f"\n## {name.replace('_', ' ').capitalize()}\n\n{_escaped(about)}\n"
        for rule in rules.values():
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    cases = [row for row in dict.fromkeys(rule.rows) if any(row)]
    yield f"\n**{_escaped(rule.sentence)}**\n" if cases else f"- {_escaped(rule.sentence)}"
    if not cases:
        return
    yield f"| {' | '.join(_escaped(column.replace('_', ' ')) for column in rule.columns)} |"
    yield f"|{'---|' * len(rule.columns)}"
    yield from (f"| {' | '.join(map(_escaped, row))} |" for row in cases[:MOST_ROWS])
    if len(cases) > MOST_ROWS:
        yield f"\nAnd {len(cases) - MOST_ROWS} more."
    yield ""


def _cell(value: Any) -> str:  # noqa: ANN401, PLR0911 - any parameter of a test; a form for each kind
    """Write a value as a reader of a table expects it; what has no short form is left out."""
    match value:
        case None:
            return "–"
        case Enum():
            return str(value.value)
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case tuple() | list():
            return ", ".join(_cell(one) for one in value)  # pyright: ignore[reportUnknownVariableType]
        case _ if callable(value):
            return getattr(value, "__name__", "").strip("<>")
        case _:
            return str(value)


def _escaped(text: str) -> str:
    """Keep a text from being read as markup, and short enough for a table."""
    flat = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    short = flat if len(flat) <= LONGEST else f"{flat[:LONGEST]}…"
    for mark in "\\`*_{}[]<>|#$~":
        short = short.replace(mark, f"\\{mark}")
    return short


if __name__ == "__main__":
    write(Path(sys.argv[1]))
