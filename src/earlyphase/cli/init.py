"""`earlyphase init`: a site of one's own: secret key, database, first person."""

import datetime as dt
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.person_add import chosen_password
from earlyphase.cli.site import open_site, site_file
from earlyphase.faults import InvalidInput


def command(
    user: Annotated[str, typer.Option(help="The user name of the first person.")],
    name: Annotated[str, typer.Option(help="The full name: it is printed beside every signature.")],
    study: Annotated[str, typer.Option(help="The study whose team the person is on.")],
    role: Annotated[str, typer.Option(help="The role there: investigator, coordinator, sponsor …")] = "sponsor",
    host: Annotated[str | None, typer.Option(help="The name under which browsers find the site.")] = None,
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Set up a site: make its secret key, its database and its first person.

    The password is asked for, or read from EARLYPHASE_PASSWORD. Without --host the site is for this machine alone, over
    plain HTTP; with it, browsers are told to come by HTTPS only, which a proxy in front of the site has to end.

    Example: earlyphase init --user li.wei --name "Li Wei" --study STUDY --role sponsor
    """
    path = site_file(data)
    if path.exists():
        raise InvalidInput(
            str(path), None, "is there: the site is set up already.", "Add people with `earlyphase person add`."
        )
    settings = {"EARLYPHASE_SECRET_KEY": secrets.token_urlsafe(64)}
    settings |= {"EARLYPHASE_HOSTS": host, "EARLYPHASE_PROXY": "1"} if host else {"EARLYPHASE_DEBUG": "1"}
    password = chosen_password()
    with open_site(database, data, settings) as site:
        from earlyphase.web.people.team import add_to_team  # noqa: PLC0415 - needs the site
        from earlyphase.web.registry.bringing import bring_records  # noqa: PLC0415 - as above

        add_to_team(user, name, password, study, role)
        bring_records(site["DATABASE_URL"], dt.datetime.now(dt.UTC))  # noqa: TID251 - the command line reads the clock
        _write(path, settings)
    _tell(path, as_json=as_json)


def _write(path: Path, settings: dict[str, str]) -> None:
    """Write the settings where only their owner can read them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in settings.items())


def _tell(path: Path, *, as_json: bool) -> None:
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"settings": str(path)}).decode())
    else:
        print(f"The site is set up; its settings are in {path}.\nStart it: earlyphase serve")
