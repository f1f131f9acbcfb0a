"""Who the participants were, where they stand, and what they were given."""

from collections.abc import Callable, Sequence

from earlyphase.analysis.baseline import Characteristic, characteristics
from earlyphase.analysis.exposure import Exposure, exposures
from earlyphase.journal.payloads.leaving import NewTherapy, Relapse, Transplant
from earlyphase.journal.payloads.treatment import Leukapheresis, ProductFailed, ProductReleased
from earlyphase.quantities import shown_unit
from earlyphase.reports.tables.listings import status
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import counted, named_level, spread
from earlyphase.study.state import Participant, Study

_UNITS = {"a": "years", "wk": "weeks", "d": "days"}
_NAMES = {"ecog": "ECOG", "lvef": "LVEF", "spo2": "SpO₂", "qtc": "QTc"}
"""Terms of the criteria language whose usual spelling is another one."""
_NOBODY = "Nobody has been enrolled."


def _groups(people: Sequence[Participant]) -> tuple[tuple[int | None, tuple[Participant, ...]], ...]:
    """Group participants by the level of their enrolment, then all of them together."""
    numbers = sorted({person.level for person in people if person.level is not None})
    return (*((one, tuple(each for each in people if each.level == one)) for one in numbers), (None, tuple(people)))


def _columns(first: str, people: Sequence[Participant]) -> tuple[Column, ...]:
    heads = (Column(named_level(one, len(members)), "number") for one, members in _groups(people))
    return (Column(first), *heads)


def baseline_table(study: Study) -> Table:
    """Describe the enrolled participants by what screening found."""
    groups = [members for _, members in _groups(study.enrolled)]
    found = [{one.term: one for one in characteristics(members)} for members in groups]
    rows = [row for term in found[-1] for row in _rows(term, found, groups)]
    note = "Median (least to most), or participants (percent). The last finding up to the infusion counts."
    title = "Demographic and baseline characteristics"
    return Table(
        "baseline", title, _columns("Characteristic", study.enrolled), tuple(rows), (note,), _NOBODY, "enrolled"
    )


def _rows(term: str, found: Sequence[dict[str, Characteristic]], groups: Sequence[Sequence[Participant]]) -> list[Row]:
    whole = found[-1][term]
    unit, name = _UNITS.get(whole.unit) or shown_unit(whole.unit), _NAMES.get(term) or term.replace("_", " ")
    title = f"{name[0].upper()}{name[1:]}{f', {unit}' if unit else ''}"
    cells = [one.get(term, Characteristic(term, "", (), (), ())) for one in found]
    lost = [
        tuple(person.id for person in members if term not in one) for members, one in zip(groups, found, strict=True)
    ]
    if whole.numbers:
        rows = [Row((Cell(title), *(spread(dict(one.numbers), whole.unit) for one in cells)))]
    else:
        blank = tuple(Cell("") for _ in cells)
        rows = [Row((Cell(title), *blank))]
        for word, _ in whole.words:
            people = [dict(one.words).get(word, ()) for one in cells]
            shown = (counted(who, len(members)) for who, members in zip(people, groups, strict=True))
            rows.append(Row((Cell(word), *shown), indent=1))
    missing = [(*one.missing, *names) for one, names in zip(cells, lost, strict=True)]
    if any(missing):
        rows.append(Row((Cell("missing"), *(counted(dict.fromkeys(names)) for names in missing)), indent=1))
    return rows


def disposition_table(study: Study) -> Table:
    """Show how far the enrolled participants came, and where they stand."""
    people = study.enrolled
    groups = [members for _, members in _groups(people)]
    rows = [_disposition(title, meets, groups) for title, meets in _STEPS]
    rows.append(Row((Cell("Standing at the cut-off"), *(Cell("") for _ in groups)), strong=True))
    for name in sorted({status(person) for person in people}):
        cells = (counted((one.id for one in members if status(one) == name), len(members)) for members in groups)
        rows.append(Row((Cell(name), *cells), indent=1))
    columns = _columns("Participants", people)
    return Table("disposition", "Disposition", columns, tuple(rows) if people else (), (), _NOBODY, "enrolled")


_STEPS: tuple[tuple[str, Callable[[Participant], object]], ...] = (
    ("Leukapheresis", lambda one: one.every(Leukapheresis)),
    ("Manufacturing failure", lambda one: one.every(ProductFailed)),
    ("Product released", lambda one: one.every(ProductReleased)),
    ("Infused", lambda one: one.infusion),
    ("Relapse or progression", lambda one: one.every(Relapse)),
    ("Transplant", lambda one: one.every(Transplant)),
    ("New anti-tumour therapy", lambda one: [each for each in one.every(NewTherapy) if each.purpose != "bridging"]),
    ("Died", lambda one: one.death),
)


def _disposition(title: str, meets: Callable[[Participant], object], groups: Sequence[Sequence[Participant]]) -> Row:
    cells = (counted((one.id for one in members if meets(one)), len(members)) for members in groups)
    return Row((Cell(title), *cells))


def exposure_table(study: Study) -> Table:
    """Show what was given: the dose beside the assigned one, the days of the product chain, the conditioning."""
    found = exposures(study)
    levels = [level for level in study.protocol.doses.numbers if any(one.level == level for one in found)]
    groups = [*([one for one in found if one.level == level] for level in levels), list(found)]
    heads = (
        Column(named_level(level, len(members)), "number")
        for level, members in zip((*levels, None), groups, strict=True)
    )
    least = study.protocol.escalation.evaluability.minimum_dose_percent
    rows = [_measured(title, value, groups) for title, value in _measures(found)]
    under = f"Below {least:g} % of the assigned dose"
    rows.append(_those(under, lambda one: one.percent_of_assigned < least, groups))
    agents = sorted({agent for one in found for agent in one.agents})
    if agents:
        rows.append(Row((Cell("Lymphodepletion"), *(Cell("") for _ in groups))))
        rows += [_those(agent, lambda one, agent=agent: agent in one.agents, groups, 1) for agent in agents]
    return Table(
        "exposure",
        "Exposure",
        (Column("Exposure"), *heads),
        tuple(rows) if found else (),
        ("Median (least to most), or participants (percent).",),
        "Nobody has been infused.",
        "infused",
    )


def _measures(found: Sequence[Exposure]) -> tuple[tuple[str, Callable[[Exposure], float | None]], ...]:
    unit = shown_unit(found[0].unit) if found else ""
    return (
        (f"Dose given, {unit}", lambda one: one.administered),
        ("Percent of the assigned dose", lambda one: one.percent_of_assigned),
        ("Enrolment to infusion, days", lambda one: one.enrolment_to_infusion),
        ("Leukapheresis to infusion, days", lambda one: one.leukapheresis_to_infusion),
    )


def _measured(title: str, value: Callable[[Exposure], float | None], groups: Sequence[Sequence[Exposure]]) -> Row:
    values = [{one.participant: number for one in members if (number := value(one)) is not None} for members in groups]
    return Row(
        (Cell(title), *(spread(each, title.rpartition(", ")[2], 2 if "Dose" in title else 0) for each in values))
    )


def _those(title: str, meets: Callable[[Exposure], bool], groups: Sequence[Sequence[Exposure]], indent: int = 0) -> Row:
    cells = (counted((one.participant for one in members if meets(one)), len(members)) for members in groups)
    return Row((Cell(title), *cells), indent=indent)
