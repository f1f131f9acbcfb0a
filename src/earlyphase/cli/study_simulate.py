"""`earlyphase study simulate`: a whole study in simulated time, through the same commands as a real one."""

import datetime as dt
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.study_source import read_day
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth, read_truth
from earlyphase.simulation.writing import require_new, write_journal
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.state import Study


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file to make; it must not exist.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same journal, byte for byte.")] = 1,
    truth: Annotated[
        Path | None, typer.Option(help="A YAML file; `earlyphase study truth` prints the default.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", "--as-of", help="The last day, as 2026-05-03; else to the data lock.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Simulate a study: virtual participants from a stated truth pass through the commands of a real study.

    The journal says that it is a simulation, and so does everything that is made of it. What is true of the virtual
    participants is invented, and evidence of nothing.

    Example: earlyphase study simulate STUDY --journal demo/journal.jsonl --seed 8
    """
    require_new(journal)
    stated = read_truth(truth) if truth else default_truth()
    last = read_day(until, "--until")
    protocols = read_protocols(study_folder(study))
    with shown_progress() as progress:
        made = simulate(protocols, stated, seed, last, progress)
    write_journal(journal, made)
    state = reconstruct(protocols, made.read())
    if as_json:
        _print_json(state, journal, seed)
    else:
        print(f"{journal}: {state.head.seq} entries, {describe(state)}, SIMULATED with seed {seed}.")
        print(f"Head: {state.head.hash}")
        print(f"Next: earlyphase study status {study} --journal {journal}")


def describe(state: Study) -> str:
    """Say in a few words how far a study has come."""
    infused = sum(person.infusion is not None for person in state.participants.values())
    days = f"{state.recorded_until[:10]}" if state.recorded_until else "nothing yet"
    return f"{len(state.participants)} participants, {infused} infused, {len(state.decisions)} decisions, until {days}"


@contextmanager
def shown_progress() -> Generator[Callable[[dt.date, Study], None]]:
    """Show the simulated day on a terminal while a simulation runs."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    with Console(stderr=True).status("simulating …") as line:
        yield lambda day, state: line.update(f"simulating {day}: {len(state.participants)} participants …")


def _print_json(state: Study, journal: Path, seed: int) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    answer = {
        "journal": str(journal),
        "study": state.name,
        "purpose": state.purpose,
        "seed": seed,
        "entries": state.head.seq,
        "participants": len(state.participants),
        "decisions": len(state.decisions),
        "recorded_until": state.recorded_until,
        "head": state.head.hash,
    }
    print(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
