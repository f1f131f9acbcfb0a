"""A form as a value: its fields with what was typed and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from pydantic import ValidationError

from earlyphase.journal.payloads import BY_NAME
from earlyphase.study.commands import FILLED_IN
from earlyphase.web.forms.offers import Choice, Offers
from earlyphase.web.forms.search import as_recorded
from earlyphase.web.forms.shapes import Part, Shape, parts_of
from earlyphase.web.forms.typed import Typed, numbered, payload_of, rows_in
from earlyphase.web.language import said as in_the_language
from earlyphase.web.names import words_of

BLANK_ROWS = 3
"""How many empty rows a form offers."""

Errors = Mapping[str, tuple[str, ...]]
"""By the path of a field; those of the whole form by an empty path."""

_HINTS = {
    Shape.DATE: gettext_lazy("Such as 2026-05-03"),
    Shape.PARTIAL_DATE: gettext_lazy("Such as 2026-05-03; 2026-05 or 2026 where the rest is unknown"),
    Shape.TIME: gettext_lazy("Such as 14:30"),
    Shape.FINDING: gettext_lazy("Such as 3.0 mg/dL; or yes, no, or a coded word"),
    Shape.LINES: gettext_lazy("One a line"),
}
_LABELS = {"on": gettext_noop("date"), "at": gettext_noop("time"), "because": gettext_noop("reason")}


def id_of(path: str, form: str = "") -> str:
    """Name a field so that the name is its own on the page, which may have several forms."""
    return f"{form or 'field'}-{path.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is shown."""

    path: str
    label: str
    shape: str
    required: bool
    help: str
    hint: str
    value: str
    unit: str
    choices: tuple[Choice, ...]
    words: tuple[Choice, ...]
    units: tuple[str, ...]
    """The only units that make sense; empty where any may be typed."""
    searched: bool
    """Whether words are looked for while one types."""
    rows: tuple["Row", ...]
    errors: tuple[str, ...]

    @property
    def id(self) -> str:
        """A name that is its own on the page."""
        return id_of(self.path)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of fields."""

    fields: tuple[Field, ...]
    caption: str
    number: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, for the list above the form."""

    id: str
    label: str
    says: str


def problems_in(fields: tuple[Field, ...]) -> Iterator[Problem]:
    """Give what is wrong, field by field, in the order of the form."""
    for field in fields:
        yield from (Problem(field.id, field.label, said) for said in field.errors)
        for row in field.rows:
            yield from problems_in(row.fields)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the fields of one form."""

    typed: Typed
    offers: Offers
    errors: Errors
    left_out: frozenset[str] = frozenset()
    more: str = ""
    """The rows of which more were asked for."""

    def fields(self, parts: tuple[Part, ...], prefix: str = "") -> tuple[Field, ...]:
        """Give the fields, in order."""
        return tuple(
            self._field(part, f"{prefix}{part.name}") for part in parts if prefix or part.name not in self.left_out
        )

    def _field(self, part: Part, path: str) -> Field:
        choices = self.offers.choices.get(part.name) or tuple((choice, gettext(choice)) for choice in part.choices)
        if part.shape is Shape.YES_NO:
            choices = (("yes", gettext("yes")), ("no", gettext("no")))
        shape = Shape.CHOICE if choices else part.shape
        quantity = shape is Shape.QUANTITY
        return Field(
            path=path,
            label=label_of(part.name),
            shape=shape.value,
            required=part.required,
            help=gettext(part.help) if part.help else "",
            hint=str(_HINTS.get(shape, "")),
            value=self.typed.get(f"{path}.value" if quantity else path, part.default if not self.typed else ""),
            unit=self.typed.get(f"{path}.unit", ""),
            choices=choices,
            words=self.offers.words.get(part.name, ()),
            units=self.offers.units.get(part.name, ()),
            searched=part.name in self.offers.searched,
            rows=self._rows(part, path) if shape is Shape.ROWS else (),
            errors=self.errors.get(path, ()),
        )

    def _rows(self, part: Part, path: str) -> tuple[Row, ...]:
        given, key = rows_in(part.name, self.typed), self.offers.keys.get(part.name)
        begun = [row for row in self.offers.rows.get(part.name, ()) if not _among(row, given.values(), key)]
        blank = 0 if self.offers.rows.get(part.name) else BLANK_ROWS
        blank += BLANK_ROWS if self.more == part.name else 0
        start = max(given, default=-1) + 1
        added = dict(enumerate([*begun, *({} for _ in range(blank))], start=start))
        extra = {f"{path}.{place}.{name}": text for place, row in added.items() for name, text in row.items()}
        maker = Maker({**self.typed, **extra}, self.offers, self.errors)
        return tuple(
            Row(
                maker.fields(part.parts, f"{path}.{place}."),
                self.offers.captions.get(row.get(key or "", ""), ""),
                place,
            )
            for place, row in {**given, **added}.items()
        )


def label_of(name: str) -> str:
    """Write the name of a field as a label."""
    label = gettext(_LABELS.get(name, words_of(name)))
    return f"{label[:1].upper()}{label[1:]}"


def _among(row: Mapping[str, str], given: Any, key: str | None) -> bool:  # noqa: ANN401 - rows as typed
    return key is not None and any(other.get(key) == row[key] for other in given)


def tidy(record: str, typed: Typed, offers: Offers) -> dict[str, str]:
    """Give what was typed with its rows numbered, empty ones dropped, and names as they are recorded."""
    rows = numbered(parts_of(record), typed, offers.keys)
    return {path: _recorded(path.rpartition(".")[2], text, offers) for path, text in rows.items()}


def _recorded(field: str, text: str, offers: Offers) -> str:
    return as_recorded(field, text) if text and field in offers.searched else text


def errors_in(record: str, typed: Typed, *, whole: bool = False, begun: bool = False) -> Errors:
    """Find what the payload type says against what was typed, field by field.

    Args:
        record: the name of the payload type.
        typed: what was typed.
        whole: whether the fields that the study can fill in must be there too.
        begun: whether it is still being typed, so that nothing is missing yet.
    """
    fields = payload_of(parts_of(record), typed)
    known = frozenset[str]() if whole else FILLED_IN.get(record, frozenset())
    try:
        BY_NAME[record].model_validate_json(orjson.dumps(fields))
    except ValidationError as fault:
        found: dict[str, tuple[str, ...]] = {}
        for error in fault.errors():
            path = _place(parts_of(record), ".".join(str(part) for part in error["loc"]))
            if not (error["type"] == "missing" and (begun or path in known)):
                said = (
                    gettext("is missing.")
                    if error["type"] == "missing"
                    else in_the_language(error["msg"].removeprefix("Value error, "))
                )
                found[path] = tuple(dict.fromkeys((*found.get(path, ()), said)))
        return found
    return {}


def _place(parts: tuple[Part, ...], where: str) -> str:
    """Find the field that an error belongs to: it may lie deeper than the form goes."""
    name, _, rest = where.partition(".")
    part = next((part for part in parts if part.name == name), None)
    if part is None:
        return ""
    number, _, inner = rest.partition(".")
    if part.shape is not Shape.ROWS or not inner:
        return name
    return f"{name}.{number}.{_place(part.parts, inner)}"
