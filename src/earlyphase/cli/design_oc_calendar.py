"""The part of `earlyphase design oc` that simulates in calendar time."""

from dataclasses import asdict
from typing import Any, NamedTuple

from earlyphase.cli.design_options import numbers
from earlyphase.escalation.calendar_time import Truth, simulate_calendar
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.executor import executor_of
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_catalogue import build_timed
from earlyphase.escalation.timed_characteristics import TimedCharacteristics
from earlyphase.faults import InvalidInput

TRIALS = 10_000
"""How many studies are simulated where it was not said."""

RESPONSES = ("bf-boin", "boin12")
"""The designs that ask for responses."""


class Asked(NamedTuple):
    """Which design is simulated, and how."""

    design: str
    options: Options
    conduct: Conduct
    trials: int
    seed: int
    tolerable: float | None
    workers: int | None
    scheduler: str | None


def answer_in_calendar_time(
    asked: Asked, truths: list[tuple[float, ...]], response: list[str], *, as_json: bool
) -> None:
    """Simulate, and print the answer."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    with Console(stderr=True).status("Simulating in calendar time …"):
        results = [simulated(asked, truth) for truth in paired(asked.design, truths, response)]
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps([as_rows(result, asked.conduct) for result in results]).decode())
        return
    for result in results:
        _show(result)


def paired(design: str, truths: list[tuple[float, ...]], response: list[str]) -> list[Truth]:
    """Put each truth together with its response probabilities.

    Raises:
        InvalidInput: the design asks for responses and there are none, or they are not one list for each truth.
    """
    replies = [numbers(text, "--response") for text in response]
    if not replies:
        if design in RESPONSES:
            rule = f"is missing: {design} goes by responses too."
            raise InvalidInput("--response", None, rule, "Give true response probabilities, one for each dose.")
        return [Truth(truth) for truth in truths]
    if len(replies) not in (1, len(truths)):
        raise InvalidInput("--response", len(replies), f"lists for {len(truths)} truths.", "Give one, or one for each.")
    replies = replies * len(truths) if len(replies) == 1 else replies
    return [Truth(truth, reply) for truth, reply in zip(truths, replies, strict=True)]


def simulated(asked: Asked, truth: Truth) -> TimedCharacteristics:
    """Simulate one design under one truth."""
    design = build_timed(asked.design, asked.options)
    executor = executor_of(asked.workers, asked.scheduler)
    return simulate_calendar(
        design, truth, asked.conduct, asked.trials or TRIALS, asked.seed, executor, asked.tolerable
    )


def as_rows(result: TimedCharacteristics, conduct: Conduct) -> dict[str, Any]:
    """Write one result as JSON."""
    counts, error = result.counts, result.counts.mcse
    answer: dict[str, Any] = {
        "truth": counts.truth,
        "no_mtd": counts.no_mtd,
        "select": counts.select,
        "patients": counts.patients,
        "dlts": counts.dlts,
        "total_patients": counts.total_patients,
        "total_distribution": [{"patients": total, "chance": chance} for total, chance in counts.total_distribution],
        "enrolled": result.enrolled,
        "duration": asdict(result.duration),
        "method": counts.method,
        "trials": result.trials,
        "conduct": asdict(conduct),
    }
    if counts.overdosed_distribution:
        rows = [{"patients": number, "chance": chance} for number, chance in counts.overdosed_distribution]
        answer["overdosed_distribution"] = rows
    if error is not None:
        answer["mcse"] = asdict(error) | {"patients": result.patients_mcse, "duration": result.duration.mcse}
    return answer


def _show(result: TimedCharacteristics) -> None:
    """Print one result for a reader."""
    from rich.box import SIMPLE  # noqa: PLC0415 - kept out of the start-up
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    counts, table, console = result.counts, Table(box=SIMPLE), Console(highlight=False)
    for heading in ("Dose", "True DLT rate", "Chosen", "Participants", "DLTs"):
        table.add_column(heading, justify="right")
    columns = zip(counts.truth, counts.select, counts.patients, counts.dlts, strict=True)
    for dose, (p, chosen, treated, hit) in enumerate(columns, start=1):
        table.add_row(str(dose), f"{p:.1%}", f"{chosen:.1%}", f"{treated:.2f}", f"{hit:.2f}")
    table.add_row("none", "", f"{counts.no_mtd:.1%}", f"{counts.total_patients:.2f}", f"{sum(counts.dlts):.2f}")
    console.print(table)
    console.print(in_words(result))


def in_words(result: TimedCharacteristics) -> str:
    """Say how long it takes, and how exact the figures are."""
    days, counts = result.duration, result.counts
    low, middle, high = (dict(days.quantiles)[share] for share in (0.05, 0.5, 0.95))
    most = max(counts.mcse.no_mtd, *counts.mcse.select) if counts.mcse else 0.0
    return (
        f"Duration: {days.mean:.0f} days on average (± {days.mcse:.1f}), {middle:.0f} in the middle, 90% between "
        f"{low:.0f} and {high:.0f}.\nEnrolled, those included who were replaced: {result.enrolled:.1f}.\n"
        f"Simulated, {result.trials:,} studies; Monte Carlo standard error of a chance at most {most:.2%}."
    )
