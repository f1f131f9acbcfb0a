"""Who may reach which address: read from the code, by what stands before each view."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from earlyphase.study.roles import ACTS, ON_ACCOUNTS, Role
from earlyphase.web.operations.probes import PROBES


class Reach(StrEnum):
    """Who may reach an address."""

    EVERYBODY = "everybody"
    LOGGED_IN = "whoever is logged in"
    TEAM = "the study's team"
    TOKEN = "a token of the study"  # noqa: S105 - a word
    METRICS = "the token for metrics"


@dataclass(frozen=True, slots=True)
class Route:
    """An address, and who may reach it."""

    path: str
    name: str
    methods: tuple[str, ...]
    """Those that it takes; empty where the view decides."""
    reach: Reach


GUARDS = {
    "for_members.<locals>.guarded": Reach.TEAM,
    "user_passes_test.<locals>.decorator.<locals>._view_wrapper": Reach.LOGGED_IN,
}
"""The functions that stand before a view and let only some through."""

CLOSED_VIEWS = frozenset({"PasswordChangeView", "LogoutView", "ReauthenticateView"})
"""Views of the log-in that turn away whoever is not logged in themselves."""

NOWHERE = "api-root"
"""A name that the framework of the interface gives to an address where there is nothing."""

_INTERFACE = "PathView.get_view.<locals>.sync_view_wrapper"
_METHODS = "require_http_methods.<locals>.decorator.<locals>.inner"


def routes() -> tuple[Route, ...]:
    """List every address of the site, with who may reach it."""
    probes = (
        Route(path, path.strip("/"), ("GET",), Reach.METRICS if path == "/metrics" else Reach.EVERYBODY)
        for path in PROBES
    )
    return (*probes, Route("/static/<path>", "static", ("GET",), Reach.EVERYBODY), *_below(get_resolver(), "/"))


def acts() -> dict[str, tuple[str, ...]]:
    """Give for every record the roles that may record, correct and void it, and who may act on accounts.

    Whoever is on the team may read.
    """
    table = {kind.record: allowed for kind, allowed in ACTS.items()}
    table |= {act.value: allowed for act, allowed in ON_ACCOUNTS.items()}
    return {name: tuple(role.value for role in Role if role in allowed) for name, allowed in table.items()}


def _below(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one, path)
        elif isinstance(one, URLPattern) and one.name != NOWHERE:  # pyright: ignore[reportUnnecessaryIsInstance] - the list is not typed for certain
            methods, reach = _guarded(one.callback, path)
            yield Route(path, one.name or "", methods, reach)


def _guarded(view: Callable[..., Any], path: str) -> tuple[tuple[str, ...], Reach]:
    chain = tuple(_unwrapped(view))
    if (operations := _cell(view, "self", of=_INTERFACE)) is not None:
        closed = all(one.auth_callbacks for one in operations.operations)
        methods = tuple(method for one in operations.operations for method in one.methods)
        return methods, Reach.TOKEN if closed else Reach.EVERYBODY
    found = {GUARDS[name] for name in map(_name, chain) if name in GUARDS}
    if Reach.TEAM in found:
        return _methods(chain), Reach.TEAM
    kind = getattr(chain[-1], "view_class", None) or getattr(view, "view_class", None)
    inside = {Reach.LOGGED_IN} if _closed_class(kind) or path.startswith("/account/two-factor/") else set[Reach]()
    return _methods(chain), Reach.LOGGED_IN if found | inside else Reach.EVERYBODY


def _closed_class(kind: type[Any] | None) -> bool:
    if kind is None:
        return False
    if kind.__name__ in CLOSED_VIEWS:
        return True
    return any(_name(step) in GUARDS for step in _unwrapped(kind.dispatch))


def _unwrapped(view: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    current: Any = view
    while current is not None:
        yield current
        current = getattr(current, "__wrapped__", None)


def _name(view: Callable[..., Any]) -> str:
    code = getattr(view, "__code__", None)
    return code.co_qualname if code is not None else ""


def _methods(chain: tuple[Callable[..., Any], ...]) -> tuple[str, ...]:
    """Read which methods a view takes from what stands before it."""
    found = (_cell(one, "request_method_list", of=_METHODS) for one in chain)
    return next((tuple(methods) for methods in found if methods is not None), ())


def _cell(view: Callable[..., Any], name: str, *, of: str) -> Any:  # noqa: ANN401 - whatever a function closes over
    """Give what a function of a known kind closes over under a name; None for other functions."""
    function: Any = view
    if _name(view) != of or function.__closure__ is None:
        return None
    cells = dict(zip(function.__code__.co_freevars, function.__closure__, strict=True))
    return cells[name].cell_contents
