"""What a process counts for those who run the site: requests by address pattern, never by person or participant."""

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
"""The metrics of this process; several processes are asked one by one."""

REQUESTS = Counter(
    "earlyphase_requests_total",
    "Requests answered, by address pattern, method and status.",
    ["route", "method", "status"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "earlyphase_request_seconds",
    "How long an answer took, by address pattern.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.75, 1.5, 3, 10),
    registry=REGISTRY,
)
OUTAGES = Counter("earlyphase_outages_total", "Answers that the database could not be reached.", registry=REGISTRY)

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def known_method(method: str | None) -> str:
    """Give the name of a method; whoever asks can write anything in its place."""
    return method if method in METHODS else "other"


def counted(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answer."""
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
