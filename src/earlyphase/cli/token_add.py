"""`earlyphase token add`: what a program shows to act for a person in a study."""

import datetime as dt
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site


def command(
    user: Annotated[str, typer.Argument(help="The user name of the person that the program acts for.")],
    study: Annotated[str, typer.Option(help="The study that the token opens.")],
    name: Annotated[str, typer.Option(help="What the token is for: the laboratory's system.")],
    days: Annotated[int, typer.Option(help="After so many days it opens nothing any more.")] = 90,
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make a token: a program that shows it may do what the person's role in the study may, but sign.

    It is shown now and never again; what is kept is its digest.

    Example: earlyphase token add ann.li --study STUDY --name "laboratory system" --days 90
    """
    with open_site(database, data):
        from earlyphase.web.api.tokens import issue  # noqa: PLC0415 - needs the site
        from earlyphase.web.people.team import person_named  # noqa: PLC0415 - as above

        made, secret = issue(person_named(user), study, name, days, dt.datetime.now(dt.UTC))  # noqa: TID251 - the command line reads the clock
        number, ends = made.pk, made.expires_at.isoformat(timespec="minutes")
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"number": number, "token": secret, "study": study, "expires": ends}).decode())
    else:
        print(f"Token {number} acts for {user.lower()} in {study} until {ends}. It is shown only now:\n{secret}")
