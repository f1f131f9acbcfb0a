"""Makes, finds and revokes tokens. A token is shown once, when it is made; what is kept is its digest."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator

from earlyphase.faults import InvalidInput
from earlyphase.web.api.models import Token
from earlyphase.web.people.models import Person
from earlyphase.web.studies import site_studies

PREFIX = "ep_"
"""How every token begins, so that one that leaked can be found by its look."""

LONGEST_LIFE, LONGEST_NAME = 366, 100
"""Units: days; characters."""


def issue(person: Person, study: str, name: str, days: int, moment: dt.datetime) -> tuple[Token, str]:
    """Make a token for a person in a study.

    Returns:
        What is kept of it, and the token itself: nobody can read it again.

    Raises:
        InvalidInput: there is no such study, the person is deactivated, or the life is too long.
    """
    if study not in site_studies():
        raise InvalidInput("study", study, "is not run here.", f"Studies are {', '.join(site_studies())}.")
    if not person.is_active:
        raise InvalidInput("user name", person.username, "is deactivated.")
    if not 1 <= days <= LONGEST_LIFE:
        raise InvalidInput("days", days, f"is not from 1 to {LONGEST_LIFE}.", "A token has an end; make another then.")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidInput("name", name, f"does not say in 1 to {LONGEST_NAME} characters what the token is for.")
    secret = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        person=person,
        study=study,
        name=name.strip(),
        digest=digest_of(secret),
        made_at=moment,
        expires_at=moment + dt.timedelta(days),
    )
    return made, secret


def digest_of(secret: str) -> str:
    """Give what is kept of a token: it is random and long, so that one round of SHA-256 cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def token_of(secret: str, moment: dt.datetime) -> Token | None:
    """Find the token that is shown, where it opens anything at a moment."""
    found = Token.objects.select_related("person").filter(digest=digest_of(secret)).first()
    return found if found is not None and found.works_at(moment) else None


def revoke(number: int, moment: dt.datetime) -> Token:
    """End a token at once and for good.

    Raises:
        InvalidInput: there is none of that number.
    """
    found = Token.objects.select_related("person").filter(pk=number).first()
    if found is None:
        raise InvalidInput("token", number, "is no token's number.", "`earlyphase token list` names them.")
    if found.revoked_at is None:
        found.revoked_at = moment
        found.save(update_fields=["revoked_at"])
    return found


def tokens(moment: dt.datetime) -> Iterator[dict[str, str | int]]:
    """Tell of every token, the oldest first, and whether it works at a moment."""
    for one in Token.objects.select_related("person").order_by("pk"):
        ended = "revoked" if one.revoked_at else "works" if one.works_at(moment) else "ended"
        yield {
            "number": one.pk,
            "name": one.name,
            "user": one.person.username,
            "study": one.study,
            "expires": one.expires_at.isoformat(timespec="minutes"),
            "state": ended,
        }
