"""The simulated study team: everything that happens goes through the same commands as in a real study."""

import datetime as dt
from typing import Any

from earlyphase.dates import add_days
from earlyphase.journal.entry import Entry
from earlyphase.journal.store import Journal
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.versions import Protocols
from earlyphase.simulation.calendar import Calendar
from earlyphase.simulation.chance import COMMITTEE, Chance
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.truth import Truth
from earlyphase.study.commands import Command, Correct, Record, Sign, Void
from earlyphase.study.desk import Author, Desk
from earlyphase.study.refusal import Refused
from earlyphase.study.roles import Role
from earlyphase.study.state import Participant, Study


class Site:
    """Who acts, when, and on what."""

    def __init__(self, journal: Journal, protocols: Protocols, truth: Truth, seed: int) -> None:
        """Open an empty journal."""
        self.desk = Desk(journal, protocols)
        self.calendar = Calendar(truth.start)
        self.truth = truth
        self.seed = seed
        self.committee = Chance(seed, COMMITTEE)

    @property
    def study(self) -> Study:
        """The state as it stands."""
        return self.desk.study

    @property
    def protocol(self) -> Protocol:
        """The protocol in force."""
        return self.desk.study.protocol

    @property
    def today(self) -> dt.date:
        """The day of the simulated calendar."""
        return self.calendar.today

    def person(self, number: str) -> Participant:
        """Give a participant as they stand."""
        return self.study.participants[number]

    def ask(self, role: Role, record: str, participant: str | None = None, /, **payload: Any) -> Entry | Refused:  # noqa: ANN401 - any field of any payload
        """Ask to record something."""
        return self._do(role, Record(command=record, participant=participant, payload=payload))

    def record(self, role: Role, record: str, participant: str | None = None, /, **payload: Any) -> Entry:  # noqa: ANN401 - as above
        """Record what no rule has a reason to refuse."""
        return _recorded(self.ask(role, record, participant, **payload))

    def correct(self, role: Role, entry: int, reason: str, payload: dict[str, Any]) -> Entry:
        """Correct what an entry says."""
        return _recorded(self._do(role, Correct(command="correct", entry=entry, reason=reason, payload=payload)))

    def void(self, role: Role, entry: int, reason: str) -> Entry:
        """Void an entry."""
        return _recorded(self._do(role, Void(command="void", entry=entry, reason=reason)))

    def sign(self, role: Role, meaning: str) -> Entry:
        """Sign all that the journal holds."""
        return _recorded(self._do(role, Sign(command="sign", meaning=meaning, printed_name=name_of(role))))

    def entered(self, patient: Patient, day: dt.date) -> dt.date:
        """Give the day on which what happened on a day is entered."""
        return add_days(day, patient.paper.days(self.truth.entry_lag_days))

    def _do(self, role: Role, command: Command) -> Entry | Refused:
        return self.desk.do(command, Author(name_of(role), role.value), self.calendar.tick())


def name_of(role: Role) -> str:
    """Give the name under which a role acts: nobody may take it for a person's."""
    return f"Simulated {role}"


def _recorded(answer: Entry | Refused) -> Entry:
    match answer:
        case Entry():
            return answer
        case Refused():
            raise RuntimeError(f"the simulation asked for what cannot be: {answer}")
