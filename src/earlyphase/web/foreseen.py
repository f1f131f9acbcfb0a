"""Says what would be refused, before anything is saved: by the same rules, on a journal in memory."""

from earlyphase.journal.store import MemoryJournal
from earlyphase.study.commands import Command
from earlyphase.study.desk import Desk
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.access import Member
from earlyphase.web.clock import moment_of


def foreseen(member: Member, *commands: Command) -> tuple[Reason, ...]:
    """Give the reasons for which one of these commands would be refused now; none where all would be carried out.

    Raises:
        InvalidInput: a payload is malformed.
    """
    journal = MemoryJournal(member.study, member.seen.entries[-1:])
    desk = Desk(journal, member.seen.protocols, member.seen.read)
    for command in commands:
        answer = desk.do(command, member.author, moment_of(desk.study))
        if isinstance(answer, Refused):
            return answer.reasons
    return ()
