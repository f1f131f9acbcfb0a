"""The populations, with the reasons for each loss."""

from earlyphase.analysis.populations import Populations
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import counted


def populations_table(populations: Populations) -> Table:
    """Show each population, and beneath it why the others of the wider one are not in it."""
    rows: list[Row] = []
    for members in populations.all:
        name = members.name[0].upper() + members.name[1:]
        rows.append(Row((Cell(name), counted(members.participants), Cell(members.means)), strong=True))
        rows += [
            Row((Cell(lost.reason), counted(lost.participants), Cell(f"{members.of}, not {members.name}")), indent=1)
            for lost in members.lost
        ]
    columns = (Column("Population"), Column("Participants", "number"), Column("Who"))
    return Table("populations", "Populations", columns, tuple(rows), population="consented")
