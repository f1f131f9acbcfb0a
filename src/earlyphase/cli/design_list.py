"""`earlyphase design list`: every design, what it is, and how its operating characteristics are had."""

from typing import Annotated

import typer

from earlyphase.escalation.catalogue import CATALOGUE


def command(as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False) -> None:
    """List the designs, with the options that each takes.

    Example: earlyphase design list
    """
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        rows = [
            {
                "design": name,
                "help": entry.help,
                "method": entry.kind,
                "options": sorted(entry.options),
                "source": entry.source,
            }
            for name, entry in CATALOGUE.items()
        ]
        print(orjson.dumps(rows).decode())
        return
    _show()


def _show() -> None:
    """Print the table."""
    from rich.box import SIMPLE  # noqa: PLC0415 - kept out of the start-up
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table(box=SIMPLE)
    for heading in ("Design", "What it is", "Figures are", "Source"):
        table.add_column(heading)
    for name, entry in CATALOGUE.items():
        table.add_row(name, entry.help, entry.kind.value, entry.source)
    Console(highlight=False).print(table)
