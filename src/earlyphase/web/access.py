"""Who may see a study: its team. To everybody else it is not there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.desk import Author
from earlyphase.study.refusal import Reason
from earlyphase.study.roles import Role, may
from earlyphase.study.state import Participant
from earlyphase.study.team import role_of
from earlyphase.web.clock import moment_of
from earlyphase.web.people.models import Person
from earlyphase.web.programs import for_a_program
from earlyphase.web.sent import form_token
from earlyphase.web.studies import SiteStudy, look, site_studies

P = ParamSpec("P")

BAD = 400

MAY_READ_IDENTITY = frozenset({Role.INVESTIGATOR, Role.COORDINATOR})
"""Who knows participants by name: nobody outside the site."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a study's team, and the study as it stands at this request."""

    study: str
    person: Person
    role: str
    seen: SiteStudy

    @property
    def author(self) -> Author:
        """Who acts, for the journal."""
        return Author(self.person.full_name, self.role, self.person.username)

    def reasons_against(self, kind: type[Payload]) -> list[Reason]:
        """Say why the role may not record a type of payload; nothing where it may."""
        return list(may(self.role, kind))

    def participant(self, number: str) -> Participant:
        """Find a participant of this study.

        Raises:
            Http404: this study has none of that number.
        """
        found = self.seen.state.participants.get(number)
        if found is None:
            raise Http404(f"participant {number}")
        return found


def member_of(person: Person, study: str) -> Member | None:
    """Find what a person is in a study now, by its delegation log; None for who is not on the team or has left."""
    if study not in site_studies() or not person.is_active:
        return None
    seen = look(study)
    role = role_of(seen.state, person.username, moment_of(seen.state).date())
    return None if role is None else Member(study, person, role.value, seen)


View = Callable[Concatenate[HttpRequest, Member, P], HttpResponse]


def for_members(view: View[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Let only the study's team in; the view is given the member in place of the study's name."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, study: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        member = member_of(cast("Person", request.user), study)
        if member is None:
            raise Http404(f"study {study}")
        sent = form_token.set(request.POST.get("once", "") if request.method == "POST" else "")
        try:
            answer = view(request, member, *args, **kwargs)
        except InvalidInput as fault:
            if isinstance(fault, Broken) or for_a_program(request):
                raise
            answer = _not_possible(request, member, fault)
        finally:
            form_token.reset(sent)
        patch_cache_control(answer, private=True, no_store=True)  # nothing of a study stays in a browser
        return answer

    return guarded


def _not_possible(request: HttpRequest, member: Member, fault: InvalidInput) -> HttpResponse:
    """Say within the study what an address, or a form, got wrong."""
    from earlyphase.web.pages import study_page  # noqa: PLC0415 - it shows members

    return study_page(request, "not_possible.html", member, {"says": fault}, status=BAD)
