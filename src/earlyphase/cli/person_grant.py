"""`earlyphase person grant`: a role in a study for somebody who can log in already."""

from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site


def command(
    user: Annotated[str, typer.Argument(help="The user name.")],
    study: Annotated[str, typer.Option(help="The study whose team the person joins.")],
    role: Annotated[str, typer.Option(help="The role there: investigator, coordinator, committee …")],
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Give somebody a role in a study; the role that they had there ends. Both are entries of the study's journal.

    On a site that runs, an investigator or the sponsor does this on the study's own page of the team.

    Example: earlyphase person grant ann.li --study STUDY --role monitor
    """
    with open_site(database, data):
        from earlyphase.web.people.team import give_role, person_named  # noqa: PLC0415 - needs the site

        give_role(person_named(user), study, role)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"user": user.lower(), "study": study, "role": role}).decode())
    else:
        print(f"{user.lower()} is {role} of {study}.")
