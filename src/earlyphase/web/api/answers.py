"""What the interface answers: values as JSON, and every "no" in one shape, with what is wrong and what to do."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from django.http import HttpResponse
from pydantic import BaseModel

from earlyphase.faults import InvalidInput
from earlyphase.study.refusal import Reason, Refused

DONE, MADE = 200, 201
MALFORMED, NO_TOKEN, FORBIDDEN, NOT_THERE, NO_SUCH_ACT = 400, 401, 403, 404, 405
REFUSED, INVALID, TOO_OFTEN = 409, 422, 429
DAMAGED, NOT_NOW = 500, 503

ROLE = "role"
"""The rule by which a role may not do something."""

SHOWN = 200
"""Characters of a value that an answer repeats."""

_NO_RULE_OF_THE_STUDY: dict[str, Any] = {"protocol": None, "deviation_possible": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has been written out."""

    status: int
    body: bytes

    def response(self) -> HttpResponse:
        """Give it as Django sends it; nothing of a study stays on the way."""
        answer = HttpResponse(self.body, status=self.status, content_type="application/json")
        answer["Cache-Control"] = "private, no-store"
        return answer


def said(value: object, status: int = DONE) -> Answer:
    """Write a value as JSON."""
    return Answer(status, orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS))


def problem(status: int, what: str, remedy: str | None = None, reasons: tuple[dict[str, Any], ...] = ()) -> Answer:
    """Say what is wrong, and what to do."""
    return said({"status": status, "what": what, "remedy": remedy, "reasons": reasons}, status)


def refused(found: Refused) -> Answer:
    """Give a refusal: every rule that says no; 403 where it is the role alone."""
    status = FORBIDDEN if all(one.rule == ROLE for one in found.reasons) else REFUSED
    reasons = tuple(_reason(one) for one in found.reasons)
    first = found.reasons[0]
    return problem(status, first.message, first.remedy, reasons)


def invalid(fault: InvalidInput, status: int = INVALID) -> Answer:
    """Say what cannot be used: the place, the value, the rule and the remedy."""
    value = f" {fault.value!r}" if fault.value is not None else ""
    what, remedy = f"{fault.place}:{value} {fault.rule}", fault.remedy or None
    return problem(status, what, remedy, (unfit(what, "input", fault.place, fault.value, remedy),))


def unfit_fields(faults: Sequence[Mapping[str, Any]]) -> Answer:
    """Say of every field of a request that does not fit what is wrong with it; the framework has found them."""
    places = [".".join(str(part) for part in one["loc"] if part != "body") or "body" for one in faults]
    reasons = tuple(
        unfit(f"{place}: {one['msg']}.", str(one["type"]), place, one.get("input"))
        for place, one in zip(places, faults, strict=True)
    )
    return problem(INVALID, reasons[0]["what"], reasons=reasons)


def unfit(what: str, rule: str, place: str, value: object, remedy: str | None = None) -> dict[str, Any]:
    """Give one reason against a request that cannot be used."""
    shown = value if value is None or isinstance(value, bool | int | float) else str(value)[:SHOWN]
    return {"what": what, "rule": rule, "place": place, "value": shown, "remedy": remedy, **_NO_RULE_OF_THE_STUDY}


def _reason(one: Reason) -> dict[str, Any]:
    fields = asdict(one)
    return {"what": fields.pop("message"), "place": None, "value": None, **fields}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a study is made of
    """Give what orjson does not know as something that it knows."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, tuple):
        named: Any = value  # pyright: ignore[reportUnknownVariableType] - of anything
        return named._asdict() if hasattr(named, "_asdict") else list(named)
    if isinstance(value, frozenset | set | range):
        return sorted(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - as above
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    return str(value)
