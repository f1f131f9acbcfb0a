"""Listings: the assumptions of the protocol, and one row for each participant."""

from earlyphase.analysis.happenings import last_known_alive
from earlyphase.analysis.populations import assessments
from earlyphase.dates import days_from
from earlyphase.journal.payloads.entering import ScreenFailure
from earlyphase.journal.payloads.leaving import LossToFollowUp, Withdrawal
from earlyphase.journal.payloads.observations import Response
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.statements import assumptions
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, level
from earlyphase.study.standing import standing
from earlyphase.study.state import Participant, Study


def assumptions_table(protocol: Protocol) -> Table:
    """List what the protocol assumes because its sources are silent."""
    rows = tuple(Row((Cell(one.place), Cell(one.says), Cell(one.item.why or NONE))) for one in assumptions(protocol))
    columns = (Column("Item"), Column("Assumed"), Column("Why"))
    return Table("assumptions", "Assumptions", columns, rows, (), "The protocol assumes nothing.")


def participants_table(study: Study) -> Table:
    """Give each participant a row."""
    names = ("Participant", "Level", "Consent", "Infusion", "Dose given", "DLT", "Best response", "Status", "Day")
    columns = (*(Column(name) for name in names[:-1]), Column(names[-1], "number"))
    rows = tuple(_participant_row(study.protocol, person) for person in study.participants.values())
    notes = ("Day: the last day on which the participant is known to have been alive, from the infusion (day 0).",)
    return Table("participants", "Participants", columns, rows, notes, "Nobody has consented.")


def row_id(participant: str) -> str:
    """Name the row of a participant, so that other places can lead to it."""
    plain = "".join(character if character.isalnum() else "-" for character in participant)
    return f"participant-{plain}"


def _participant_row(protocol: Protocol, person: Participant) -> Row:
    infusion, stands = person.infusion, standing(protocol, person)
    texts = (
        person.id,
        level(person.level),
        str(person.consent.on) if person.consent else NONE,
        str(infusion.on) if infusion else NONE,
        str(infusion.administered) if infusion else NONE,
        stands.state.value if stands else NONE,
        _best(person),
        status(person),
        str(days_from(infusion.on, last_known_alive(person))) if infusion else NONE,
    )
    return Row(tuple(Cell(text) for text in texts), id=row_id(person.id))


def _best(person: Participant) -> str:
    order = list(Response)
    found = [one.response for one in assessments(person)]
    return min(found, key=order.index).value if found else NONE


def status(person: Participant) -> str:
    """Say where a participant stands."""
    if person.death:
        return f"died ({person.death.cause})"
    if any(one.leaves == "study" for one in person.every(Withdrawal)):
        return "withdrew from the study"
    if person.every(LossToFollowUp):
        return "lost to follow-up"
    if person.enrolment is None:
        return "screen failure" if person.every(ScreenFailure) else "in screening"
    return "in follow-up" if person.infusion else "enrolled, not infused"
