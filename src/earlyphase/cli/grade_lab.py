"""`earlyphase grade lab`: the grade of a laboratory value or vital sign."""

from typing import Annotated

import typer

from earlyphase.quantities import Quantity, ucum
from earlyphase.toxicity.laboratory import Background, LabGrade, grade_lab


def command(
    term: Annotated[str, typer.Option(help="The CTCAE term; see `earlyphase grade terms --computable`.")],
    value: Annotated[float, typer.Option(help="The value.")],
    unit: Annotated[str, typer.Option(help="Its unit, as UCUM or people write it: mmol/L, 10^9/L, °C.")],
    lln: Annotated[float | None, typer.Option(help="Lower limit of normal, in the same unit.")] = None,
    uln: Annotated[float | None, typer.Option(help="Upper limit of normal, in the same unit.")] = None,
    baseline: Annotated[float | None, typer.Option(help="The value before treatment, in the same unit.")] = None,
    baseline_abnormal: Annotated[bool | None, typer.Option(help="Whether the baseline was abnormal.")] = None,
    anticoagulated: Annotated[bool | None, typer.Option(help="Whether an anticoagulant is taken (for INR).")] = None,
    measured: Annotated[str | None, typer.Option(help="What was measured, where a term has several.")] = None,
    version: Annotated[str, typer.Option(help="The version of CTCAE.")] = "5.0",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Grade a laboratory value or vital sign by CTCAE, with the limits that were used.

    Where only symptoms separate two grades, or something is missing, the answer is a range.

    Example: earlyphase grade lab --term Hypokalemia --value 3.1 --unit mmol/L --lln 3.5 --uln 5.0
    """
    code = ucum(unit)
    known = (None if number is None else Quantity(number, code) for number in (lln, uln, baseline))
    against = Background(*known, baseline_abnormal=baseline_abnormal, anticoagulated=anticoagulated)
    grade = grade_lab(term, Quantity(value, code), against, measured, version)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({**_fields(grade), "grade": grade.grade, "reason": grade.reason}).decode())
        return
    _show(grade)


def _fields(grade: LabGrade) -> dict[str, object]:
    from dataclasses import asdict  # noqa: PLC0415 - as above

    return asdict(grade)


def _show(grade: LabGrade) -> None:
    """Print the sentence, the limits and the source."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.table import Table  # noqa: PLC0415 - as above

    print(grade.reason)
    table = Table("grade", "limit", "of", "crossed", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for limit in grade.limits:
        when = "" if limit.when == "always" else f", {limit.when}"
        crossed = {True: "yes", False: "no", None: "not known"}[limit.crossed]
        table.add_row(limit.grade, limit.rule, limit.of + when, crossed)
    Console(highlight=False, soft_wrap=True).print(table)
    if grade.clinical:
        print(f"On clinical findings alone: grade {', '.join(map(str, grade.clinical))}.")
    if grade.note:
        print(grade.note)
    print(f"Source: {grade.source}.")
