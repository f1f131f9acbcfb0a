"""How long a safety review takes: DLT proposals from a journal, and the packet."""

import datetime as dt
import tempfile
from pathlib import Path

from benchmarks.measurement import Measurement, run_command, seconds

from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.reports.packet import packet, write_packet
from earlyphase.reports.packet_basis import packet_basis
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.simulation.writing import write_journal
from earlyphase.study.dlt_proposals import dlt_proposals
from earlyphase.study.reconstruct import reconstruct

STUDY = "NCT06633354"
SEED = 1


def run() -> list[Measurement]:
    """Measure a review of a whole simulated study: the most that a packet will ever hold."""
    protocols = read_protocols(study_folder(STUDY))
    journal = simulate(protocols, default_truth(), SEED)
    study = reconstruct(protocols, journal.read())
    today = dt.date.fromisoformat((study.recorded_until or "")[:10])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        write_journal(path / "journal.jsonl", journal)
        command = run_command(
            "earlyphase", "study", "packet", STUDY, "--journal", str(path / "journal.jsonl"), "--out", str(path)
        )
        whole = seconds(lambda: write_packet(packet(packet_basis(study)), path))
    return [
        Measurement(
            f"propose the DLTs of a journal, {len(study.enrolled)} participants",
            1000 * seconds(lambda: dlt_proposals(study, today)),
            "ms",
            50.0,
        ),
        Measurement("what a packet rests on", seconds(lambda: packet_basis(study)), "s"),
        Measurement("packet in HTML and PDF", whole, "s", 5.0),
        Measurement("`earlyphase study packet`, start-up included", command.seconds, "s"),
        Measurement("  its peak memory", command.peak_mib, "MiB"),
    ]
