"""What a committee decides on: the cohort, what it would mean if, what the protocol proposes, what has changed."""

from collections.abc import Iterable, Sequence

from earlyphase.analysis.changes import Change
from earlyphase.analysis.from_here import FromHere
from earlyphase.dates import days_from
from earlyphase.escalation.design import Act, Recommendation
from earlyphase.journal.payloads.conduct import SeenRecommendation
from earlyphase.journal.payloads.safety import DltAdjudication
from earlyphase.reports.packet_basis import PacketBasis
from earlyphase.reports.tables.escalation import advised
from earlyphase.reports.tables.listings import row_id
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, level
from earlyphase.study.cohorts import design_of, in_levels, level_name, what_if
from earlyphase.study.dlt_proposals import NEAR, ParticipantProposal
from earlyphase.study.dlt_review import changed_unblinded, not_as_reviewed, review_state
from earlyphase.study.standing import DltState, Standing, dose_received_percent
from earlyphase.study.state import Study
from earlyphase.toxicity.dlt import Finding, Fires

_FEW = 3
"""With more pending than this, only the outcomes are shown in which all of them count."""


def cohort_table(basis: PacketBasis) -> Table:
    """Show who counts at the level, who is pending and until when, and who is replaced."""
    columns = (
        Column("Participant"),
        Column("Infused"),
        Column("Day", "number"),
        Column("Dose given"),
        Column("Window until"),
        Column("Standing"),
        Column("What is awaited"),
    )
    rows = tuple(_cohort_row(basis, one) for one in basis.cohort)
    notes = (
        "Day: of the cut-off, from the infusion (day 0). Dose given: with its share of the assigned dose.",
        "Evaluable are those with a DLT, and those without one who received enough and were followed to the end.",
    )
    return Table("cohort", f"Participants at {level(basis.level).lower()}", columns, rows, notes, "Nobody is enrolled.")


def _cohort_row(basis: PacketBasis, one: Standing) -> Row:
    infusion = basis.study.participants[one.participant].infusion
    texts = (
        one.participant,
        str(infusion.on) if infusion else NONE,
        str(days_from(infusion.on, basis.cutoff)) if infusion else NONE,
        f"{infusion.administered} ({dose_received_percent(infusion):.0f} %)" if infusion else NONE,
        str(one.until) if one.until else NONE,
        one.state.value,
        _awaited(basis, one),
    )
    strong = one.state in (DltState.DLT, DltState.PENDING)
    return Row(tuple(Cell(text) for text in texts), strong=strong, id=row_id(one.participant))


def _awaited(basis: PacketBasis, one: Standing) -> str:
    if one.unresolved:
        reviews = review_state(basis.study.protocol, basis.study.participants[one.participant])
        said = one.waiting_for(basis.cutoff)
        for opening in (f"{one.participant}'s ", f"{one.participant} is "):
            said = said.removeprefix(opening)
        return f"{said} (reviews: {reviews.says})" if reviews.reviews else said
    if one.not_evaluable:
        return f"{one.not_evaluable}; {'replaced' if one.replaced else 'not replaced'}"
    return NONE


def what_if_table(basis: PacketBasis) -> Table:
    """Answer every way in which those who are pending can turn out."""
    protocol, pending = basis.study.protocol, len(basis.now.unresolved)
    rows: tuple[Row, ...] = ()
    if pending:
        answers = what_if(design_of(protocol), basis.now.tally, protocol.doses.index(basis.level), pending)
        shown = [key for key in answers if key[0] == pending or pending <= _FEW]
        rows = tuple(
            Row((Cell(_outcome(pending, *key)), Cell(_advised(basis, answers[key])), Cell(answers[key].reason)))
            for key in sorted(shown, key=lambda key: (-key[0], key[1]))
        )
    columns = (Column("If, of those who are pending,"), Column("the recommendation becomes"), Column("because"))
    settled = "Nobody is pending at this level: the recommendation stands as it is."
    return Table("what-if", "What each outcome would mean", columns, rows, (), settled)


def _advised(basis: PacketBasis, answer: Recommendation) -> str:
    return spoken_advice(in_levels(basis.study.protocol, answer))


def spoken_advice(seen: SeenRecommendation) -> str:
    """Say what a design recommends, as a committee would."""
    match seen.decision:
        case Act.STAY:
            return f"stay at {level(seen.next_level).lower()}"
        case Act.START:
            return f"begin at {level(seen.next_level).lower()}"
        case _:
            return advised(seen)


def _outcome(pending: int, evaluable: int, dlts: int) -> str:
    counted = f"all {pending} count" if evaluable == pending else f"{evaluable} of {pending} count"
    if pending == 1:
        counted = "the one counts" if evaluable else "the one does not count"
    if not evaluable:
        return counted if pending == 1 else "none counts"
    with_dlt = "and has a DLT" if dlts else "without a DLT"
    return f"{counted} {with_dlt}" if pending == 1 else f"{counted}, {dlts or 'none'} with a DLT"


def chances_table(chances: Sequence[FromHere], study: Study) -> Table:
    """Show the chance of each MTD from here, under each scenario."""
    numbers = study.protocol.doses.numbers
    columns = (
        Column("Were the truth"),
        Column("True probabilities, %"),
        Column("None", "number", "Chance that the MTD is"),
        *(Column(level(number), "number", "Chance that the MTD is") for number in numbers),
        Column("Still to observe", "number"),
        Column("DLTs", "number"),
    )
    rows = tuple(
        Row(
            (
                Cell(one.scenario.name),
                Cell(" / ".join(f"{100 * rate:.3g}" for rate in one.scenario.truth)),
                Cell(_share(one.chances.no_mtd)),
                *(Cell(_share(chance)) for chance in one.chances.select),
                Cell(f"{one.chances.total_patients:.1f}"),
                Cell(f"{sum(one.chances.dlts):.1f}"),
            )
        )
        for one in chances
    )
    notes = (
        "Exact, from today's tally, with the committee following the design. Who is pending is still to be observed.",
        "The scenarios are stated, not estimated: no prior belief and no posterior enters.",
        "They show what the design would do under each truth, not how likely each truth is.",
        f"True probabilities: of a DLT at levels {', '.join(map(level_name, numbers))}.",
        "Still to observe, DLTs: expected numbers of further evaluable participants, and of DLTs among them.",
    )
    return Table(
        "from-here",
        "The chance of each MTD from here",
        columns,
        rows,
        notes,
        "The escalation is over: nothing is open.",
    )


def _share(chance: float) -> str:
    if 0 < chance < 0.005:  # noqa: PLR2004 - what would round to nothing
        return "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"
    return f"{100 * chance:.0f}\N{NO-BREAK SPACE}%"


def proposals_table(basis: PacketBasis) -> Table:
    """Show what the protocol proposes beside what the reviewers found."""
    shown, others = _to_show(basis)
    columns = tuple(
        Column(name) for name in ("Participant", "Level", "Proposed", "Why", "Reviews", "Found", "On, and why")
    )
    rows = tuple(_proposal_row(basis.study, one) for one in shown)
    notes = [
        "Proposed: the definition of the protocol, evaluated on the events as they are recorded. The reviewers decide.",
        "What reviewers found is shown once no review is wanted any more.",
    ]
    if others:
        notes.append(f"Not listed: {others} participants of other levels for whom the finding is as proposed.")
    return Table(
        "dlt-proposals", "DLT proposals and adjudications", columns, rows, tuple(notes), "Nobody has been enrolled."
    )


def _to_show(basis: PacketBasis) -> tuple[list[ParticipantProposal], int]:
    shown = [one for one in basis.proposals if one.level == basis.level or not _as_found(basis.study, one)]
    return shown, len(basis.proposals) - len(shown)


def _as_found(study: Study, one: ParticipantProposal) -> bool:
    found = study.participants[one.participant].last(DltAdjudication)
    if found is None:
        return one.infused_on is None
    return found.verdict.value == one.proposed.value


def _proposal_row(study: Study, one: ParticipantProposal) -> Row:
    person = study.participants[one.participant]
    found, review = person.last(DltAdjudication), review_state(study.protocol, person)
    late = "; one was changed when another was in" if changed_unblinded(review) else ""
    late += "; the adjudication is not as reviewed" if found and not_as_reviewed(review, found) else ""
    differs = " (not as proposed)" if found and found.verdict.value != one.proposed.value else ""
    texts = (
        one.participant,
        level_name(one.level),
        f"{one.proposed}{f' ({one.clause})' if one.clause else ''}",
        " ".join((_without_clauses(one), *one.remarks)),
        f"{review.says}{late}" if one.infused_on or review.reviews else NONE,
        f"{found.verdict}{differs}" if found else NONE,
        f"{found.on}: {found.because}" if found else NONE,
    )
    return Row(tuple(Cell(text) for text in texts))


def _without_clauses(one: ParticipantProposal) -> str:
    """Give the reason without the words of the clause, which the section quotes once."""
    said = one.reason
    for finding in one.findings:
        said = said.replace(_quoted(finding), "")
    return said


def _quoted(finding: Finding) -> str:
    return f" (clause {finding.clause.id}: {finding.clause.says.rstrip('.')})"


def clauses_table(basis: PacketBasis) -> Table:
    """List the events that a clause of the definition was near, with what became of each."""
    shown, _ = _to_show(basis)
    pairs = [
        (one, finding) for one in shown for finding in _nearest_first(one.findings) if _of_interest(basis, one, finding)
    ]
    rows = tuple(_clause_row(one, finding) for one, finding in pairs)
    columns = (Column("Participant"), Column("Event"), Column("Clause"), Column("Fires"), Column("Why"))
    notes = ("Of participants whose finding is as proposed, only events by which a clause fires, or may fire.",)
    imputed = [f"{each.participant}: {said}" for each in shown for said in _imputed(each)]
    empty = "No event of these participants reaches the grade of a clause."
    return Table("dlt-clauses", "Events of a grade that a clause speaks of", columns, rows, (*notes, *imputed), empty)


def _of_interest(basis: PacketBasis, one: ParticipantProposal, finding: Finding) -> bool:
    return finding.fires in NEAR or not _as_found(basis.study, one)


def _clause_row(one: ParticipantProposal, finding: Finding) -> Row:
    why = finding.reason.replace(_quoted(finding), "").removeprefix(f"{finding.event.name}: ")
    fires = _CALLED.get(finding.fires, finding.fires.value)
    texts = (one.participant, finding.event.name, finding.clause.id, fires, why[:1].upper() + why[1:])
    return Row(tuple(Cell(text) for text in texts), strong=finding.fires is Fires.YES)


_CALLED = {Fires.YES: "yes", Fires.NO: "no"}


def _nearest_first(findings: Iterable[Finding]) -> list[Finding]:
    order = (Fires.YES, Fires.PENDING, Fires.UNKNOWN, Fires.NO)
    return sorted(findings, key=lambda finding: order.index(finding.fires))


def _imputed(one: ParticipantProposal) -> list[str]:
    return [
        f"{each.term}, {each.field} {each.recorded}, taken as {each.taken} (entry {each.entry})."
        for each in one.imputed
    ]


def changes_table(changes: Sequence[Change]) -> Table:
    """Show what was known at the last review beside what is known now."""
    rows = tuple(
        Row((Cell(one.matter.value), Cell(one.participant or NONE), Cell(one.before or NONE), Cell(one.now)))
        for one in changes
    )
    columns = (Column("What"), Column("Participant"), Column("At the last review"), Column("Now"))
    notes = ("New adverse events: those of grade 3 or more, and serious ones, each with its grade.",)
    return Table("changes", "What has changed since the last review", columns, rows, notes, "Nothing has changed.")
