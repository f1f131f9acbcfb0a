"""How long a study's report takes, from the state of the study to both files."""

import tempfile
from pathlib import Path

from benchmarks.measurement import Measurement, run_command, seconds

from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.reports.document import document
from earlyphase.reports.drawing import drawn
from earlyphase.reports.page import page
from earlyphase.reports.study_report import results, study_report
from earlyphase.reports.writing import write_report
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.simulation.writing import write_journal
from earlyphase.study.reconstruct import reconstruct

STUDY = "NCT06633354"
SEED = 1


def run() -> list[Measurement]:
    """Measure the report of a whole simulated study, part by part and as a user runs it."""
    protocols = read_protocols(study_folder(STUDY))
    journal = simulate(protocols, default_truth(), SEED)
    study = reconstruct(protocols, journal.read())
    report = study_report(results(study))
    drawings = drawn(report.figures)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        write_journal(path / "journal.jsonl", journal)
        given = ("study", "report", STUDY, "--journal", str(path / "journal.jsonl"), "--out", str(path))
        command = run_command("earlyphase", *given)
        both = seconds(lambda: write_report(study_report(results(study)), path))
    return [
        Measurement("results of a study at a cut-off", seconds(lambda: results(study)), "s"),
        Measurement(f"  {len(drawings)} figures drawn", seconds(lambda: drawn(report.figures)), "s"),
        Measurement("  the page", seconds(lambda: page(report, drawings)), "s"),
        Measurement("  the document", seconds(lambda: document(report, drawings)), "s"),
        Measurement("report in HTML and PDF", both, "s", 3.0),
        Measurement("`earlyphase study report`, start-up included", command.seconds, "s"),
        Measurement("  its peak memory", command.peak_mib, "MiB"),
    ]
