"""`earlyphase design next`: which dose comes next, and why."""

from dataclasses import asdict
from typing import Annotated

import typer

from earlyphase.cli.design_options import with_design_options
from earlyphase.escalation.catalogue import Kind, build, find
from earlyphase.escalation.course import advise, course_of
from earlyphase.escalation.departure import decided_dose, departure
from earlyphase.escalation.design import Design, Recommendation
from earlyphase.escalation.notation import CohortOutcome, parse_outcomes, tally
from earlyphase.escalation.options import Options
from earlyphase.escalation.paths import Path, paths
from earlyphase.faults import InvalidInput


@with_design_options
def command(
    options: Options,
    design: Annotated[str, typer.Argument(help="A design; see `earlyphase design list`.")],
    outcomes: Annotated[str, typer.Option(help="What was seen, as in '1NNN 2NNT'; empty before the first.")] = "",
    observed: Annotated[bool, typer.Option(help="Accept outcomes that the design could not have produced.")] = False,
    taken: Annotated[str, typer.Option(help="What was decided: escalate, stay, de-escalate, stop, or a dose.")] = "",
    declared_mtd: Annotated[int | None, typer.Option(help="With --taken stop: the MTD that was declared.")] = None,
    pending: Annotated[str, typer.Option(help="Who is in the window, as dose:days: '2:14 2:3'. With --window.")] = "",
    window: Annotated[float | None, typer.Option(help="Days of the DLT window.")] = None,
    dlt_days: Annotated[str, typer.Option(help="TITE-CRM, adaptive: the days on which the DLTs came.")] = "",
    responses: Annotated[str, typer.Option(help="BF-BOIN, BOIN12: responses seen at each dose, as in 1,0,0.")] = "",
    current: Annotated[int | None, typer.Option(help="With --pending: the dose that the escalation is at.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Give the next dose, the decision and its reason, after the outcomes so far.

    With --taken it also says whether a decision that was taken agrees, or from which rule it departed. Designs that
    depend on time take who is --pending into account; others answer when everyone of the cohort is known.

    Example: earlyphase design next 3+3 --variant six_at_mtd --doses 3 --outcomes "1NNN 2NNT"
    """
    if find(design).kind is Kind.TIME and not taken:
        from earlyphase.cli.design_next_timed import Told, answer_timed  # noqa: PLC0415 - only who asks waits for it

        answer_timed(design, options, Told(outcomes, pending, window, responses, dlt_days, current), as_json=as_json)
        return
    _refuse_time(design, {"--pending": pending, "--responses": responses, "--dlt-days": dlt_days})
    planned = build(design, options)
    cohorts = parse_outcomes(outcomes, planned.doses, "--outcomes")
    advice = advise(planned, cohorts, observed=observed)
    answer: dict[str, object] = asdict(advice)
    _, results = paths(planned, course_of(planned, cohorts, observed=observed))
    answer["next_cohort"] = [{"outcome": path.word, "dlts": path.dlts, **asdict(path.advice)} for path in results]
    if taken:
        answer |= _compared(planned, cohorts, taken, declared_mtd, advice)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps(answer).decode())
    else:
        _show(advice, answer, results)


def _refuse_time(design: str, said: dict[str, str]) -> None:
    """Refuse what only a design that depends on time can use."""
    for place, value in said.items():
        if value:
            raise InvalidInput(place, value, f"is not for {design}, which waits for its cohort.", "Leave it out.")


def _compared(
    planned: Design, cohorts: tuple[CohortOutcome, ...], taken: str, declared: int | None, advice: Recommendation
) -> dict[str, object]:
    """Say whether a decision that was taken agrees."""
    seen = tally(cohorts, planned.doses)
    left = departure(planned, seen, decided_dose(taken, seen, advice), declared, advice)
    return {"taken": taken, "agrees": left is None, "departure": asdict(left) if left else None}


def _show(advice: Recommendation, answer: dict[str, object], results: tuple[Path, ...]) -> None:
    """Print the answer for a reader, with what each result of the next cohort leads to."""
    if advice.next_dose is None:
        print(f"Escalation over: {'no MTD' if advice.mtd is None else f'MTD is dose {advice.mtd}'}")
    else:
        print(f"Next: {advice.cohort_size} at dose {advice.next_dose} ({advice.decision})")
    print(advice.reason)
    for result in results:
        print(f"  {result.word}  {result.advice.in_short()}")
    if "agrees" in answer:
        left = answer["departure"]
        print("Agrees with what was decided." if left is None else f"Departure: {left['sentence']}")  # type: ignore[index]
