"""`earlyphase person reset`: somebody who cannot log in gets a first password."""

import datetime as dt
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site


def command(
    user: Annotated[str, typer.Argument(help="The user name.")],
    because: Annotated[str, typer.Option(help="Why; it stands in the account log.")],
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Take away the second factor too: the device is lost.")
    ] = False,
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Issue a first password, which is shown once and has to be changed at the first log-in.

    Every session of the person ends, and so does a lock-out. In the browser the sponsor does the same for a team.

    Example: earlyphase person reset ann.li --because "Forgot it; known by sight." --second-factor
    """
    with open_site(database, data):
        from earlyphase.web.people.accounts import FIRST_FOR, issue_password, take_factor  # noqa: PLC0415 - as below
        from earlyphase.web.people.team import person_named  # noqa: PLC0415 - needs the site

        person, now = person_named(user), dt.datetime.now(dt.UTC)  # noqa: TID251 - the command line reads the clock
        if second_factor:
            take_factor(person, because)
        password, until = issue_password(person, now, because), now + FIRST_FOR
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"user": user.lower(), "first_password": password, "until": until}).decode())
    else:
        print(f"First password of {user.lower()}, to be changed until {until:%Y-%m-%d %H:%M} UTC: {password}")
