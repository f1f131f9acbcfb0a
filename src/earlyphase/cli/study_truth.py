"""`earlyphase study truth`: what is true of virtual participants, unless a file says otherwise."""

from pathlib import Path
from typing import Annotated

import typer

from earlyphase.simulation.truth import default_text, default_truth, read_truth


def command(
    truth: Annotated[
        Path | None, typer.Argument(help="A YAML file of your own, to check it and see the whole.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Print the truth from which virtual participants are drawn: the default file, to change what you like in it.

    A file of your own needs to name only what it changes. With a file, the whole truth that results is printed as JSON.

    Example: earlyphase study truth > truth.yaml
    """
    if truth is None and not as_json:
        print(default_text(), end="")
        return
    print((read_truth(truth) if truth else default_truth()).model_dump_json(indent=2))
