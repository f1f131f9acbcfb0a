"""Every command of `earlyphase`, with the module that holds it and its one-line help.

A module is imported only when its command is called, so that `earlyphase --help` answers at once. Each module holds one
function of the name `command`; its docstring is the command's long help and ends in an example.
"""

from typing import NamedTuple


class Command(NamedTuple):
    """One command: where it lives and what the list of commands says of it."""

    module: str
    help: str


class Group(NamedTuple):
    """Commands that share their first word."""

    help: str
    commands: dict[str, Command]


COMMANDS: dict[str, Command | Group] = {
    "design": Group(
        "Choose a dose-escalation design, and use it.",
        {
            "next": Command("earlyphase.cli.design_next", "Which dose comes next, and why."),
        },
    ),
}
