"""What those who run a site can set: how often somebody may ask, and who may read the metrics."""

from collections.abc import Mapping
from typing import Any

from earlyphase.faults import InvalidInput

SHORTEST_TOKEN = 32
"""Characters of the token for metrics."""

PATIENCE = {
    "connect_timeout": "5",
    "options": "-c statement_timeout=15s -c lock_timeout=10s",
    "keepalives_idle": "5",  # a line that was pulled out says nothing: it is asked, and given up after 15 seconds
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "15000",
}
"""How long a request waits for the database before it says that it cannot be reached."""

LIMITS = {
    "EARLYPHASE_API_REQUESTS": 600,
    "EARLYPHASE_API_FAILURES": 30,
    "EARLYPHASE_ANONYMOUS_REQUESTS": 1200,
}
"""Requests in a minute: of a token, of an address with wrong tokens, of an address where nobody is logged in."""


def operations_from(environment: Mapping[str, str]) -> dict[str, Any]:
    """Give the settings of operations.

    Raises:
        InvalidInput: a limit is no number, or the token for metrics can be guessed.
    """
    token = environment.get("EARLYPHASE_METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        rule = f"has {len(token)} characters: it could be guessed with fewer than {SHORTEST_TOKEN}."
        raise InvalidInput("EARLYPHASE_METRICS_TOKEN", None, rule, "Make a longer one, or leave it out.")
    limits = {name: _limit(environment, name, usual) for name, usual in LIMITS.items()}
    return {"EARLYPHASE_METRICS_TOKEN": token, **limits}


def _limit(environment: Mapping[str, str], name: str, usual: int) -> int:
    given = environment.get(name, "")
    if not given:
        return usual
    if not given.isascii() or not given.isdecimal() or int(given) < 1:
        raise InvalidInput(name, given, "is no number of requests in a minute.", f"The usual one is {usual}.")
    return int(given)
