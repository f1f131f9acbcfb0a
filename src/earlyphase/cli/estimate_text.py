"""Writes estimates for a reader: `36 (23–46)`, `75.0 % (42.8–94.5)`; NR is not reached, NE not estimable."""

from earlyphase.analysis.estimates import Estimate

PERCENT = 100
SMALLEST = 0.0001
ABBREVIATIONS = "NR: not reached. NE: not estimable."


def time_text(estimate: Estimate) -> str:
    """Write a time with its limits."""
    if estimate.note.startswith("not estimable"):
        return "NE"
    return f"{_time(estimate.estimate)} ({_time(estimate.lower)}–{_time(estimate.upper)})"


def percent_text(estimate: Estimate) -> str:
    """Write a probability with its limits as percentages."""
    if estimate.estimate is None:
        return "NE"
    return f"{PERCENT * estimate.estimate:.1f} % ({_percent(estimate.lower)}–{_percent(estimate.upper)})"


def ratio_text(estimate: Estimate) -> str:
    """Write a ratio with its limits and their name, or why there is none."""
    if estimate.estimate is None:
        return estimate.note
    limits = limits_text(estimate.interval, estimate.level)
    return f"{estimate.estimate:.3g} ({estimate.lower:.3g}–{estimate.upper:.3g}), {limits}"


def p_text(p_value: float) -> str:
    """Write a p-value to four decimals."""
    return f"p = {p_value:.4f}" if p_value >= SMALLEST else "p < 0.0001"


def limits_text(interval: str, level: float) -> str:
    """Name an interval: `95 % limits (log-log)`."""
    return f"{PERCENT * level:g} % limits ({interval})"


def _time(figure: float | None) -> str:
    """Write a time to five figures."""
    return "NR" if figure is None else f"{figure:.5g}"


def _percent(figure: float | None) -> str:
    """Write a limit as a percentage."""
    return "NE" if figure is None else f"{PERCENT * figure:.1f}"
