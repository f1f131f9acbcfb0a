"""`earlyphase demo`: a study from its registry record to its report, in one command."""

import datetime as dt
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from earlyphase.cli.study_status import decisions_table
from earlyphase.faults import InvalidInput
from earlyphase.journal.file import FileJournal
from earlyphase.journal.store import MemoryJournal
from earlyphase.protocol.library import known_studies, study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.protocol.versions import Protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.simulation.writing import write_journal
from earlyphase.study.cohorts import level_name
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.state import Study
from earlyphase.study.status import Status, status_of
from earlyphase.study.verification import verify

if TYPE_CHECKING:
    from rich.console import Console

JOURNAL = "journal.jsonl"


class Step(NamedTuple):
    """One step of the demonstration."""

    what: str
    says: str
    seconds: float


class Demo:
    """The steps, each told as it is done."""

    def __init__(self, console: "Console") -> None:
        """Tell nothing yet."""
        self.console = console
        self.steps: list[Step] = []

    @contextmanager
    def step(self, what: str) -> Generator[list[str]]:
        """Time a step; what is put into the list is said of it."""
        said: list[str] = []
        begun = time.perf_counter()
        with self.console.status(f"{what} …") as line:
            self.line = line
            yield said
        done = Step(what, " ".join(said), time.perf_counter() - begun)
        self.steps.append(done)
        self.console.print(f"[green]✓[/green] [bold]{what}[/bold] [dim]{done.seconds:.1f} s[/dim]")
        self.console.print(f"  {done.says}", markup=False)


def command(
    study: Annotated[str, typer.Option(help="A study that comes with the package, or a study's folder.")] = "",
    out: Annotated[Path, typer.Option(help="The folder for the journal and the reports.")] = Path("demo"),
    seed: Annotated[int, typer.Option(min=0, help="Another seed gives another course.")] = 8,
    serve: Annotated[
        bool | None, typer.Option("--serve/--no-serve", help="Serve the board at the end; else on a terminal only.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port; else the first free from 8000.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer with the summary as JSON; nothing is served.")
    ] = False,
) -> None:
    """Plan, run and report a simulated study, and open its board: record, protocol, journal, decisions, report, site.

    Nothing is overwritten: where the folder holds another journal, a new folder is made beside it. The site lies in a
    folder that is thrown away at the end. On a terminal it is served until Ctrl-C; else its board is asked for once.

    Example: earlyphase demo --out demo --seed 8
    """
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    demo = Demo(Console(highlight=False, stderr=as_json))
    name = study or next(iter(known_studies()))
    folder = study_folder(name)
    protocols = read_protocols(folder)
    _check_record(demo, folder, protocols)
    _check_protocol(demo, folder, protocols)
    journal = _simulate(demo, protocols, seed)
    home = _home(out, journal)
    _write(demo, home / JOURNAL, journal, protocols)
    state = reconstruct(protocols, journal.read())
    reports = _report(demo, state, home)
    found = status_of(state, _last_day(state))
    with _board(demo, folder, journal, seed) as site:
        if as_json:
            _print_json(demo, found, home, reports)
            return
        _tell(demo, found, name, home, reports)
        if sys.stdout.isatty() if serve is None else serve:
            _serve(demo, site, port)
        else:
            demo.console.print("  earlyphase demo --serve    [dim]opens the board in a browser[/dim]")


@contextmanager
def _board(demo: Demo, folder: Path, journal: MemoryJournal, seed: int) -> Generator[dict[str, str]]:
    """Load the study into a site that is thrown away, and ask for its board."""
    from earlyphase.cli.demonstration_site import DEMO_PASSWORD, demonstration_site  # noqa: PLC0415 - as above

    study = journal.study
    with ExitStack() as opened:
        with demo.step("The board, on a database of its own") as said:
            site = opened.enter_context(demonstration_site(seed, str(folder), {study: journal.read()}))
            from earlyphase.web.demonstration import board_answers  # noqa: PLC0415 - needs the site

            if not board_answers(study, DEMO_PASSWORD):
                raise RuntimeError(f"the board of {study} does not answer")
            said.append(
                f"{study}: this course up to a busy day of this week, a person for each role; the board answers."
            )
        yield site


def _serve(demo: Demo, site: dict[str, str], wanted: int | None) -> None:
    from earlyphase.cli.demonstration_site import (  # noqa: PLC0415 - as above
        DEMO_PASSWORD,
        THIS_MACHINE,
        free_port,
        open_browser,
        serve_site,
    )

    port = free_port(wanted)
    address = f"http://localhost:{port}/"
    demo.console.print("\n[bold magenta]DEMONSTRATION[/bold magenta]  virtual participants only.")
    demo.console.print(f"The board is at {address}  (Ctrl-C stops it and throws it away)", soft_wrap=True)
    demo.console.print(f"Log in as coordinator, investigator, committee …; password: {DEMO_PASSWORD}", soft_wrap=True)
    open_browser(address)
    serve_site(THIS_MACHINE, port, site)


def _check_record(demo: Demo, folder: Path, protocols: Protocols) -> None:
    protocol = next(iter(protocols.values())).protocol
    if protocol.record is None:
        return
    with demo.step("The registry record, and its weak points") as said:
        from earlyphase.registry.checks.catalogue import check_record  # noqa: PLC0415 - each step loads what it needs
        from earlyphase.registry.checks.finding import Severity  # noqa: PLC0415 - as above
        from earlyphase.registry.reading import read_record  # noqa: PLC0415 - as above

        today = dt.date.today()  # noqa: DTZ011, TID251 - the command line reads the clock; the user's own day counts
        findings = check_record(read_record(folder / protocol.record), today)
        major = sum(finding.severity is Severity.MAJOR for finding in findings)
        said.append(f"{protocol.study}: {major} major and {len(findings) - major} advisory findings.")


def _check_protocol(demo: Demo, folder: Path, protocols: Protocols) -> None:
    with demo.step("The protocol, held against the record") as said:
        from earlyphase.protocol.check import check  # noqa: PLC0415 - as above
        from earlyphase.protocol.findings import FindingKind  # noqa: PLC0415 - as above
        from earlyphase.registry.reading import read_record  # noqa: PLC0415 - as above

        protocol = next(iter(protocols.values())).protocol
        found = check(protocol, read_record(folder / protocol.record) if protocol.record else None)
        levels = ", ".join(f"{level_name(one.level)}: {one.dose}" for one in protocol.doses.levels)
        rule = protocol.escalation.rule
        said.append(f"{rule.rule} ({rule.variant}); dose levels {levels}.")
        counts = {kind: len(found.of(kind)) for kind in FindingKind}
        said.append(
            f"{counts[FindingKind.ASSUMPTION]} assumptions, {counts[FindingKind.INTERPRETATION]} interpretations, "
            f"{counts[FindingKind.CONTRADICTION]} contradictions, {counts[FindingKind.UNDECIDED]} left undecided."
        )


def _simulate(demo: Demo, protocols: Protocols, seed: int) -> MemoryJournal:
    with demo.step("The study, simulated with virtual participants") as said:
        journal = simulate(
            protocols,
            default_truth(),
            seed,
            progress=lambda day, state: demo.line.update(f"{day}: {len(state.participants)} participants …"),
        )
        said.append(f"{len(journal.read())} entries, seed {seed}. Every one went through the commands of a real study.")
    return journal


def _home(out: Path, journal: MemoryJournal) -> Path:
    """Find the folder: the one that was named, unless it holds another journal."""
    candidates: Iterator[Path] = (out if number == 1 else out.with_name(f"{out.name}-{number}") for number in count(1))
    return next(folder for folder in candidates if _free(folder / JOURNAL, journal))


def _free(path: Path, journal: MemoryJournal) -> bool:
    if not path.exists():
        return True
    try:
        return FileJournal(path, journal.study).read() == journal.read()
    except InvalidInput:
        return False


def _write(demo: Demo, path: Path, journal: MemoryJournal, protocols: Protocols) -> None:
    with demo.step("The journal, written and verified") as said:
        if not path.exists():
            write_journal(path, journal)
        found = verify(FileJournal(path, journal.study).read(), protocols)
        said.append(f"{path}: chain, protocol, {found.signatures} signatures and {found.decisions} decisions hold.")
        said.append(f"Head {found.head.hash[:16]}….")


def _report(demo: Demo, state: Study, home: Path) -> tuple[Path, ...]:
    with demo.step("The report") as said:
        from earlyphase.reports.study_report import results, study_report  # noqa: PLC0415 - each step loads its own
        from earlyphase.reports.writing import write_report  # noqa: PLC0415 - as above

        report = study_report(results(state))
        written = write_report(report, home)
        said.append(f"{len(report.tables)} tables, {len(report.figures)} figures: {', '.join(map(str, written))}.")
    return written


def _last_day(state: Study) -> dt.date:
    return dt.date.fromisoformat((state.recorded_until or "2000-01-01")[:10])


def _tell(demo: Demo, found: Status, study: str, home: Path, reports: tuple[Path, ...]) -> None:
    console = demo.console
    rp2d = next((one.rp2d for one in reversed(found.decisions) if one.rp2d is not None), None)
    dose = next((one.dose for one in found.levels if one.level == rp2d), "")
    outcome = f"recommended dose: level {level_name(rp2d)} ({dose})" if rp2d is not None else "no dose is recommended"
    infused = sum(one.infused for one in found.levels)
    console.print(decisions_table(found))
    console.print(f"\n[bold magenta]SIMULATED[/bold magenta]  {infused} participants infused; {outcome}.")
    console.print(f"\nDone in {sum(step.seconds for step in demo.steps):.1f} s. Look at next:")
    for line in (
        str(reports[0]),
        f"earlyphase study status {study} --journal {home / JOURNAL} --as-of {_busy_day(found)}",
        f"earlyphase study verify {study} --journal {home / JOURNAL}",
        f"earlyphase record show {study}",
    ):
        console.print(f"  {line}", markup=False, soft_wrap=True)


def _busy_day(found: Status) -> dt.date:
    """Give a day on which there is something to see: some weeks before the third decision, or the last of fewer."""
    days = [one.on for one in found.decisions][:3]
    return (days[-1] if days else found.today) - dt.timedelta(days=40)


def _print_json(demo: Demo, found: Status, home: Path, reports: tuple[Path, ...]) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    answer: dict[str, Any] = {
        "study": found.study,
        "simulated": True,
        "steps": [step._asdict() for step in demo.steps],
        "journal": str(home / JOURNAL),
        "reports": [str(path) for path in reports],
        "entries": found.head.seq,
        "head": found.head.hash,
        "levels": found.levels,
        "decisions": found.decisions,
    }
    print(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
