"""The page on which a committee writes what it decides, and signs."""

from earlyphase.reports.packet_basis import PacketBasis
from earlyphase.reports.tables.review import spoken_advice
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.study.cohorts import Phase

_WHO = ("Chair", "Clinician", "Statistician", "Member")
_LINE = "\N{NO-BREAK SPACE}"


def signatures_table(basis: PacketBasis) -> tuple[Table, ...]:
    """Give the two forms of the last page: the decision, and who takes it."""
    return _decision(basis), _signatures()


def _decision(basis: PacketBasis) -> Table:
    recommended = (
        spoken_advice(basis.now.seen) if basis.now.opening.phase is Phase.ESCALATION else "no dose decision is due"
    )
    asked = (
        ("Recommended by the design", recommended),
        ("Decided (circle one)", "as recommended\u2003·\u2003otherwise\u2003·\u2003deferred until ____________"),
        ("Next level, number of participants", ""),
        ("Where the decision differs: why", ""),
        ("Study", "goes on\u2003·\u2003is suspended"),
    )
    rows = tuple(Row((Cell(name), Cell(given or _LINE)), tall=not given) for name, given in asked)
    columns = (Column("The committee"), Column("Decision"))
    notes = ("The decision counts once it is recorded in the journal, with the head that it is based on.",)
    return Table("decision-form", "Decision of the committee", columns, rows, notes)


def _signatures() -> Table:
    columns = (Column("Role"), Column("Printed name"), Column("Signature"), Column("Date and time"))
    rows = tuple(Row((Cell(who), *(Cell(_LINE * width) for width in (44, 60, 36))), tall=True) for who in _WHO)
    return Table("signatures", "Signatures", columns, rows)
