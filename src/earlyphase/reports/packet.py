"""The safety-review packet: what a committee needs to decide on the dose, at a cut-off and a journal head."""

from collections.abc import Iterator
from pathlib import Path

from earlyphase.escalation.design import Act
from earlyphase.reports.courses import rungs, turns
from earlyphase.reports.figures import escalation_ladder
from earlyphase.reports.packet_basis import PacketBasis
from earlyphase.reports.study_report import stamp
from earlyphase.reports.tables.escalation import decisions_table, deviations_table, dlt_table
from earlyphase.reports.tables.listings import assumptions_table
from earlyphase.reports.tables.review import (
    chances_table,
    changes_table,
    clauses_table,
    cohort_table,
    proposals_table,
    spoken_advice,
    what_if_table,
)
from earlyphase.reports.tables.safety import overview_table
from earlyphase.reports.tables.safety_listings import (
    clocks_table,
    events_table,
    other_events_table,
    severe_laboratory_table,
    stopping_table,
    worst_laboratory_table,
)
from earlyphase.reports.tables.signatures import signatures_table
from earlyphase.reports.values import Glance, KeyFigure, Part, Report, Section, Statement
from earlyphase.reports.wording import level
from earlyphase.reports.writing import write_report
from earlyphase.study.cohorts import Phase
from earlyphase.study.reporting import whose_clocks
from earlyphase.study.standing import DltState


def packet(basis: PacketBasis) -> Report:
    """Put what a review rests on into a packet."""
    study, made_from = basis.study, stamp(basis.study, basis.cutoff)
    return Report(
        title=study.protocol.title,
        subtitle=f"{study.name}: safety review, {level(basis.level).lower()}, data cut-off {made_from.cutoff}",
        stamp=made_from,
        sections=(
            _decision(basis),
            *_since(basis),
            _cohort(basis),
            _outlook(basis),
            _dlt(basis),
            _events(basis),
            _laboratory(basis),
            _watch(basis),
            _before(basis),
            _signatures(basis),
        ),
    )


def write_packet(report: Report, folder: Path) -> tuple[Path, ...]:
    """Write a packet as packet.html and packet.pdf.

    Returns:
        The files.

    Raises:
        OSError: the folder cannot be written to.
    """
    return write_report(report, folder, "packet")


def _decision(basis: PacketBasis) -> Section:
    here = basis.cohort
    evaluable = [one for one in here if one.evaluable]
    dlts = [one for one in here if one.state is DltState.DLT]
    pending = [one for one in here if one.unresolved]
    figures = (
        KeyFigure("Level under review", level(basis.level), str(basis.study.protocol.doses.dose(basis.level))),
        KeyFigure("DLT", f"{len(dlts)} of {len(evaluable)}", "evaluable participants at this level"),
        KeyFigure("Pending", str(len(pending)), ", ".join(one.participant for one in pending) or "nobody"),
        KeyFigure("Recommendation", _headline(basis), _phase(basis)),
        KeyFigure("Decision", _readiness(basis), _waits(basis)),
        KeyFigure("Stopping rules", _halts(basis), "watched after every participant"),
    )
    parts = (Glance(figures), *(Statement(said) for said in _sentences(basis)))
    table = (what_if_table(basis),) if basis.now.opening.phase is Phase.ESCALATION else ()
    return Section("decision", "For decision", (*parts, *table))


def _headline(basis: PacketBasis) -> str:
    if basis.now.opening.phase is not Phase.ESCALATION:
        return "escalation over"
    said = spoken_advice(basis.now.seen)
    return said[0].upper() + said[1:]


def _phase(basis: PacketBasis) -> str:
    rule = basis.study.protocol.escalation.rule
    return f"{basis.now.opening.phase}, {rule.rule} ({rule.variant.replace('_', ' ').replace('mtd', 'MTD')})"


def _readiness(basis: PacketBasis) -> str:
    if basis.now.opening.phase is not Phase.ESCALATION:
        return "none is due"
    return "can be taken" if basis.now.decision_due else "waits"


def _waits(basis: PacketBasis) -> str:
    now = basis.now
    if now.opening.phase is not Phase.ESCALATION:
        return "the escalation has ended"
    if not now.settled:
        days = [one.until for one in now.unresolved if one.until]
        if len(days) < len(now.unresolved):
            return "for those who are pending; not all of them are infused"
        return f"for those who are pending, until {max(days)}"
    return "" if now.decision_due else f"{now.slots_free} places of the cohort are free"


def _halts(basis: PacketBasis) -> str:
    met = [one.state.rule.id for one in basis.stopping if one.state.must_halt]
    return f"MET: {', '.join(met)}" if met else "none met"


def _sentences(basis: PacketBasis) -> Iterator[str]:
    """Say what the design recommends and why, who is awaited, and what a committee must see to."""
    if basis.now.opening.phase is Phase.ESCALATION:
        seen = basis.now.seen
        why = "Nobody is evaluable yet." if seen.decision is Act.START else seen.reason
        yield f"The design recommends: {spoken_advice(seen)}. {why}"
    if basis.now.unresolved:
        yield f"{'; '.join(one.waiting_for(basis.cutoff) for one in basis.now.unresolved)}."
    for rule in basis.stopping:
        if rule.state.must_halt:
            met = rule.state
            yield f"Stopping rule {met.rule.id} is met by {', '.join(met.participants)}: {met.rule.when}"
    if basis.study.suspended:
        yield "The study is suspended."
    yield from (str(one) for one in (*basis.changed, *basis.discordant))
    overdue = sum(clock.progress.open and clock.days_left < 0 for clock in basis.clocks)
    if overdue:
        yield f"Expedited reports whose day has passed and that are not recorded as sent: {overdue}."


def _since(basis: PacketBasis) -> Iterator[Section]:
    if basis.last is None:
        return
    then = basis.last.study
    pinned = f"{then.head.seq} entries, head {then.head.hash[:12]}…"
    lead = f"Compared with what was known by the end of {basis.last.on}: {pinned}"
    yield Section("since", "Since the last review", (changes_table(basis.last.changes),), lead)


def _cohort(basis: PacketBasis) -> Section:
    study = basis.study
    levels = [(number, level(number)) for number in study.protocol.doses.numbers]
    ladder: tuple[Part, ...] = (escalation_ladder(rungs(study), levels, turns(study)),) if study.enrolled else ()
    return Section(
        "cohort-section",
        "Who counts, and who is pending",
        (cohort_table(basis), *ladder, dlt_table(basis.dlt, study.protocol)),
    )


def _outlook(basis: PacketBasis) -> Section:
    return Section("outlook", "What may come of it", (chances_table(basis.from_here, basis.study),))


def _dlt(basis: PacketBasis) -> Section:
    window = basis.study.protocol.dlt.window_days
    clauses = " ".join(f"({clause.id}) {clause.says}" for clause in basis.study.protocol.dlt.clauses)
    lead = f"A DLT begins on a day from 0 to {window} and meets one of these: {clauses}"
    return Section("dlt-section", "Dose-limiting toxicity", (proposals_table(basis), clauses_table(basis)), lead)


def _events(basis: PacketBasis) -> Section:
    study, number, day = basis.study, basis.level, basis.cutoff
    tables = (overview_table(basis.events), events_table(study, number, day), other_events_table(study, number, day))
    return Section("events-section", "Adverse events", tables)


def _laboratory(basis: PacketBasis) -> Section:
    infused = basis.events.at(None)
    tables = (
        worst_laboratory_table(basis.laboratory, infused),
        severe_laboratory_table(basis.laboratory, basis.level),
    )
    return Section("laboratory-section", "Laboratory grades", tables)


def _watch(basis: PacketBasis) -> Section:
    tables = (stopping_table(basis.stopping), clocks_table(basis.clocks))
    return Section("watch", "Stopping rules and expedited reports", tables, whose_clocks(basis.study.protocol))


def _before(basis: PacketBasis) -> Section:
    study = basis.study
    tables = (decisions_table(study), deviations_table(study), assumptions_table(study.protocol))
    return Section("before", "Decisions before, deviations, assumptions", tables)


def _signatures(basis: PacketBasis) -> Section:
    head, cutoff = basis.study.head, stamp(basis.study, basis.cutoff).cutoff
    lead = (
        f"The undersigned have reviewed this packet, made from {head.seq} entries of the journal of {basis.study.name} "
        f"with the head {head.hash}, at the data cut-off {cutoff}."
    )
    return Section("signatures-section", "Decision and signatures", signatures_table(basis), lead)
