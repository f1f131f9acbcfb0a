"""What `earlyphase screen` prints for a reader."""

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from earlyphase.eligibility.attrition import Attrition, attrition
from earlyphase.eligibility.comparing import moved
from earlyphase.eligibility.criteria_set import CriteriaSet
from earlyphase.eligibility.fhir import Skipped
from earlyphase.eligibility.screening import Eligibility, Screening, Standing

_COLOURS = {
    Eligibility.ELIGIBLE: "green",
    Eligibility.NOT_ELIGIBLE: "red",
    Eligibility.UNSETTLED: "yellow",
    Standing.SATISFIED: "green",
    Standing.FAILED: "red",
    Standing.UNSETTLED: "yellow",
    Standing.NOT_DUE: "bright_black",
}


def show(
    criteria: CriteriaSet, found: list[Screening], changed: list[Screening], beside: str = "", *, detailed: bool
) -> None:
    """Print what screening found: each person, then the population, then how they stand under another reading."""
    console = Console(highlight=False)
    for one in found:
        _person(console, criteria, one, detailed=detailed)
    console.print(funnel(attrition(criteria, found), attrition(criteria, changed) if changed else None))
    console.print(f"[bright_black]Values meet limits: {criteria.rounding}.[/]")
    if changed:
        console.print(f"Beside it: {escape(beside)}")
    for move in moved(found, changed) if changed else ():
        by = ", ".join(move.criteria)
        console.print(f"{escape(move.patient)}: {move.before} → {move.after} (by {by})")


def show_skipped(skipped: tuple[Skipped, ...]) -> None:
    """Say in a few lines what a bundle holds that could not be used; the whole list is in the JSON."""
    console = Console(highlight=False)
    counts: Counter[tuple[str, str]] = Counter()
    for one in skipped:
        counts[one.resource, one.why] += one.count
    if counts:
        console.print(f"Not used: {counts.total()} resources of the bundle (each one with --json)")
    for (resource, why), count in sorted(counts.items()):
        console.print(f"  {count} {escape(resource)}: {escape(why)}")


def _person(console: Console, criteria: CriteriaSet, one: Screening, *, detailed: bool) -> None:
    failed = [result.id for result in one.results if result.standing is Standing.FAILED]
    open_ = [result.id for result in one.results if result.standing is Standing.UNSETTLED]
    why = f": {', '.join(failed)}" if failed else f": {', '.join(open_)}" if open_ else ""
    colour = _COLOURS[one.eligibility]
    console.print(
        f"[bold]{escape(one.patient)}[/] at {one.stage} on {one.on}: [{colour}]{one.eligibility}[/]{escape(why)}"
    )
    if one.ignored:
        console.print(f"  [yellow]No criterion knows {escape(', '.join(one.ignored))}: is it spelt rightly?[/]")
    if detailed:
        console.print(_verdicts(criteria, one))
    if one.next_tests:
        tests: dict[str, list[str]] = {}
        for need in one.next_tests:
            tests.setdefault(need.test, []).append(need.about)
        console.print("  Fewest tests that could settle it:")
        for test, about in tests.items():
            console.print(f"    {escape(test)}: {escape('; '.join(about))}")
    for wait in one.waits:
        console.print(f"  Wait: {escape(wait.says)}")


def _verdicts(criteria: CriteriaSet, one: Screening) -> Table:
    table = Table(box=None, padding=(0, 1), expand=True)
    table.add_column("criterion", ratio=3)
    table.add_column("verdict", no_wrap=True)
    table.add_column("evidence, or the cause of the unknown", ratio=4)
    for result in one.results:
        colour = _COLOURS[result.standing]
        due = f" (due at {result.stage})" if result.standing is Standing.NOT_DUE else ""
        asked = criteria.rule(result.id).criterion.as_interpreted
        table.add_row(
            f"{result.id} {escape(asked)}", f"[{colour}]{result.verdict}[/]", escape("\n".join(result.basis) + due)
        )
    return table


def funnel(now: Attrition, other: Attrition | None) -> Table:
    """Lay out how a population narrows; beside it, how it narrows under another reading."""
    table = Table("criterion", "left", "fail here", "fail in all", "only obstacle", "unsettled", title="Attrition")
    beside = {one.id: str(one.remaining) for one in other.criteria} if other else {}
    if other:
        table.add_column("left beside")
    table.add_row("screened", str(now.screened), *[""] * 4, *([str(other.screened)] if other else []))
    for one in now.criteria:
        counts = (one.remaining, one.failed_here, one.failed, one.only_obstacle, one.unsettled)
        changed = [beside.get(one.id, "no such")] if other else []
        table.add_row(one.id, *(str(count) for count in counts), *changed)
    settled = f"{now.eligible} eligible, {now.unsettled} unsettled"
    table.add_row(settled, str(now.eligible + now.unsettled), *[""] * 4)
    return table
