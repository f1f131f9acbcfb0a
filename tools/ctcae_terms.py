"""Draw the facts of CTCAE from NCI's own sheet: which terms there are, in which class, with which grades.

NCI's descriptions and the MedDRA codes stay in the sheet. Run it again when NCI corrects a version:

    python tools/ctcae_terms.py SHEET.csv src/earlyphase/toxicity/data/ctcae-5.0/terms.csv
"""  # noqa: INP001 - a script, not a package

import csv
import sys
from pathlib import Path

GRADES = range(1, 6)


def facts(sheet: Path) -> list[tuple[str, str, str]]:
    """Give class, term and existing grades (`1235`) of every row of the sheet."""
    with sheet.open(encoding="utf-8", newline="") as lines:
        return [
            (row["meddra_soc"], row["ctcae_term"], "".join(str(g) for g in GRADES if row[f"grade_{g}"].strip(" -–")))
            for row in csv.DictReader(lines)
        ]


def main(sheet: str, table: str) -> None:
    """Write the table of facts."""
    with Path(table).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("system_class", "term", "grades"))
        writer.writerows(facts(Path(sheet)))


if __name__ == "__main__":
    main(*sys.argv[1:])
