"""`earlyphase record show`: a record as a page."""

from typing import Annotated

import typer

from earlyphase.cli.record_source import find_record
from earlyphase.registry.page import build_page


def command(
    record: Annotated[str, typer.Argument(help="A study that comes with earlyphase, or a record's JSON file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the page as JSON.")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="Print the page as one HTML file.")] = False,
) -> None:
    """Show a registry record as a page: all that it says, as it says it.

    Criteria keep their numbers as written; codes are shown in words; nothing is left out.

    Example: earlyphase record show STUDY
    """
    if as_json and as_html:
        raise typer.BadParameter("give --json or --html, not both")
    found = find_record(record)
    page = build_page(found)
    if as_json:
        import json  # noqa: PLC0415 - each rendering loads only what it needs

        from earlyphase.registry.render_json import page_as_json  # noqa: PLC0415 - as above

        print(json.dumps(page_as_json(page), ensure_ascii=False, indent=1))
    elif as_html:
        from earlyphase.registry.glance import glance  # noqa: PLC0415 - as above
        from earlyphase.registry.render_html import html_page  # noqa: PLC0415 - as above

        print(html_page(page, glance(found)))
    else:
        from rich.console import Console  # noqa: PLC0415 - as above

        from earlyphase.registry.render_terminal import terminal_page  # noqa: PLC0415 - as above

        Console(highlight=False).print(terminal_page(page))
