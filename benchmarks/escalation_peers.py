"""CPU seconds of the R packages BOIN and dfcrm beside ours; ours alone where R or a package is absent."""

import shutil
import subprocess
import time
from collections.abc import Callable

from benchmarks.measurement import Measurement

from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.options import Options

TRUTH = (0.05, 0.15, 0.30, 0.45, 0.60)
SKELETON = (0.05, 0.12, 0.25, 0.40, 0.55)

PEERS = (
    ("BOIN get.oc, 10,000 simulated trials", "BOIN::get.oc(0.3, c({truth}), 10, 3, ntrial=10000)"),
    (
        "dfcrm crmsim, 1,000 simulated trials",
        "dfcrm::crmsim(c({truth}), c({skeleton}), 0.25, 30, 3, nsim=1000, mcohort=3)",
    ),
)
"""What is measured, and the call that R is given; each is the peer of one of our exact figures."""


def run() -> list[Measurement]:
    """Measure ours, and theirs where it can be run."""
    boin = build("boin", Options(doses=5, target=0.3, cohorts=10))
    crm = build("crm", Options(target=0.25, skeleton=SKELETON, cohorts=10))
    ours = [
        Measurement("CPU: exact BOIN", cpu_seconds(lambda: characteristics(every_end(boin), [TRUTH])), "s"),
        Measurement("CPU: exact CRM", cpu_seconds(lambda: characteristics(every_end(crm), [TRUTH])), "s"),
    ]
    theirs = [(name, in_r(call)) for name, call in PEERS]
    return ours + [Measurement(f"CPU: {name}", took, "s") for name, took in theirs if took is not None]


def cpu_seconds(action: Callable[[], object]) -> float:
    """Give the CPU seconds of an action, after one run that warms it up; the best of three counts."""
    action()
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        action()
        best = min(best, time.process_time() - begun)
    return best


def in_r(call: str) -> float | None:
    """Give the CPU seconds of a call in R; None where R, or the package, is absent."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    filled = call.format(truth=",".join(map(str, TRUTH)), skeleton=",".join(map(str, SKELETON)))
    timed = f"invisible(t <- system.time(capture.output({filled}))); cat('took', t[['user.self']] + t[['sys.self']])"
    done = subprocess.run([program, "-e", timed], capture_output=True, text=True, check=False)  # noqa: S603 - R, from PATH
    if done.returncode or "took" not in done.stdout:
        return None
    return float(done.stdout.rsplit("took", 1)[1])
