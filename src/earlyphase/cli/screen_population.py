"""What `earlyphase screen --population` answers: counts, and where each person stands, without evidence."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from earlyphase.cli.screen_page import funnel, show_skipped
from earlyphase.eligibility.columns import Columns
from earlyphase.eligibility.comparing import Moved, moved_together
from earlyphase.eligibility.criteria_set import CriteriaSet
from earlyphase.eligibility.fhir import Skipped
from earlyphase.eligibility.pairing import paired
from earlyphase.eligibility.population import Narrowed, narrowing, population
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.protocol.criteria import Stage


def count(
    criteria: CriteriaSet,
    other: CriteriaSet | None,
    beside: str,
    columns: Columns,
    stage: Stage,
    today: dt.date,
    *,
    skipped: tuple[Skipped, ...],
    as_json: bool,
) -> None:
    """Count a population, and the same one under another reading, side by side."""
    now = narrowing(criteria, population(criteria, columns, today), stage)
    then = narrowing(other, population(other, columns, today), stage) if other else None
    moved: tuple[Moved, ...] = ()
    if other is not None and then is not None:
        pairs = [(old.id, new.id) for old, new in paired(criteria.rules, other.rules)]
        moved = moved_together(columns.ids, now, then, pairs)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        answer = _as_json(criteria, columns, stage, now, then, (beside, moved))
        print(orjson.dumps(answer | {"skipped": [asdict(one) for one in skipped]}).decode())
    else:
        _show(columns, criteria, now, then, (beside, moved))
        show_skipped(skipped)


def _as_json(
    criteria: CriteriaSet,
    columns: Columns,
    stage: Stage,
    now: Narrowed,
    then: Narrowed | None,
    beside: tuple[str, tuple[Moved, ...]],
) -> dict[str, Any]:
    standings = [{"patient": name, "eligibility": now.standing(who)} for who, name in enumerate(columns.ids)]
    answer: dict[str, Any] = {
        "study": criteria.study,
        "version": criteria.version,
        "stage": stage,
        "rounding": criteria.rounding,
        "attrition": asdict(now.attrition),
        "patients": standings,
        "ignored": _ignored(columns, criteria),
    }
    if then is not None:
        reading, moved = beside
        answer["what_if"] = {
            "reading": reading,
            "attrition": asdict(then.attrition),
            "moved": [asdict(m) for m in moved],
        }
    return answer


def _ignored(columns: Columns, criteria: CriteriaSet) -> list[str]:
    return sorted(set(columns.rows) - {*criteria.known, *shared_terms(), "judgement", "attest"})


def _show(
    columns: Columns,
    criteria: CriteriaSet,
    now: Narrowed,
    then: Narrowed | None,
    beside: tuple[str, tuple[Moved, ...]],
) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.markup import escape  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    console.print(funnel(now.attrition, then.attrition if then else None))
    console.print(f"[bright_black]Values meet limits: {criteria.rounding}.[/]")
    if then is not None:
        reading, moved = beside
        standings = sum(one.before != one.after for one in moved)
        console.print(f"Beside it: {escape(reading)}")
        console.print(f"{len(moved)} have another verdict on some criterion; {standings} of them stand otherwise.")
    if ignored := _ignored(columns, criteria):
        console.print(f"[yellow]No criterion knows {escape(', '.join(ignored))}: is it spelt rightly?[/]")
