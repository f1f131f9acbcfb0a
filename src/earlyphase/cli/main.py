"""The entry point: finds the command, runs it, and turns what went wrong into a sentence and an exit code."""

import difflib
import importlib
import inspect
import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from earlyphase import __version__
from earlyphase.cli.commands import COMMANDS, Command, Group
from earlyphase.cli.exits import BROKEN, INVALID
from earlyphase.faults import Broken, InvalidInput

PURPOSE = "Runs an early-phase clinical trial from its registry record to its results."


class LazyGroup(TyperGroup):
    """A group of commands whose modules are imported only when they are called."""

    table: dict[str, Command | Group]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer's own context type is private
        """List the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - as above
        """Give the command of that name, importing its module."""
        match self.table.get(cmd_name):
            case Group(help=text, commands=commands):
                return lazy_group(cmd_name, text, dict(commands))
            case Command(module=module, help=text):
                return load(cmd_name, module, text)
            case None:
                return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as above
        """Find the command that was typed; where there is none, name the nearest."""
        if args[0] not in self.table and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.table, n=1)
            ctx.fail(f"No such command {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as above
        """Write the list of commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.table.items()])


def lazy_group(name: str, text: str, table: dict[str, Command | Group]) -> LazyGroup:
    """Make a group that shows its help when called alone."""
    group = LazyGroup(name=name, help=text, no_args_is_help=True, rich_markup_mode=None)
    group.table = table
    return group


def load(name: str, module: str, text: str) -> Any:  # noqa: ANN401 - as above
    """Import a command's module and make its function a command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    function = importlib.import_module(module).command
    app.command(name=name, short_help=text, help=long_help(function))(function)
    return typer.main.get_command(app)


def long_help(function: Callable[..., None]) -> str:
    """Give a command's help; where its example says STUDY, name one that comes with the package."""
    text, example, line = (inspect.getdoc(function) or "").rpartition("Example: ")
    if "STUDY" in line:
        from earlyphase.protocol.library import known_studies  # noqa: PLC0415 - kept out of the start-up

        line = line.replace("STUDY", next(iter(known_studies()), "STUDY"))
    return text + example + line


def run(arguments: list[str] | None = None) -> None:
    """Run `earlyphase` with the arguments of the process, and leave with its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:
        sys.stdout.write(f"earlyphase {__version__}\n")
        return
    root = lazy_group("earlyphase", PURPOSE, COMMANDS)
    try:
        root.main(args=given, prog_name="earlyphase")
    except Broken as fault:
        leave(BROKEN, "broken", fault)
    except InvalidInput as fault:
        leave(INVALID, "invalid", fault)


def leave(code: int, word: str, fault: InvalidInput) -> None:
    """Print the sentence of a fault and leave with its exit code."""
    sys.stderr.write(f"{word}: {fault}\n")
    raise SystemExit(code)


if __name__ == "__main__":
    run()
