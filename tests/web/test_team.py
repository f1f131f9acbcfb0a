"""The team: who has a role, who gave it, and what becomes of somebody who leaves."""

import pytest
from tests.web.answers import words
from tests.web.conftest import NUMBERS, PASSWORD

from earlyphase.faults import InvalidInput


@pytest.fixture
def newcomer(django):
    from earlyphase.web.people.team import add_person

    number = next(NUMBERS)
    return add_person(f"new{number}", f"New Comer {number}", PASSWORD)


def browser_of(person):
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def gives(study, person, role="coordinator", by="sponsor", **changes):
    fields = {"person": person.username, "role": role, "on": "2026-01-06", "tasks": "obtains consent\nenters data"}
    return study.types(by, "team/grant/", **(fields | {"password": PASSWORD} | changes))


def test_a_role_is_given_on_the_team_page_and_is_an_entry(study, newcomer):
    assert browser_of(newcomer).get(study.path()).status_code == 404
    answer = gives(study, newcomer, until="2099-12-31")
    assert answer.status_code == 302, words(answer)
    last = study.journal()[-1]
    assert (last.record, last.recorded_by, last.role) == ("role_granted/1", "The Sponsor", "sponsor")
    assert browser_of(newcomer).get(study.path()).status_code == 200
    page = words(study.sees("monitor", "team/"))
    assert "New Comer" in page
    assert "obtains consent, enters data" in page
    assert "2099-12-31" in page


def test_giving_a_role_needs_the_password(study, newcomer):
    before = study.journal()
    answer = gives(study, newcomer, password="wrong")
    assert (answer.status_code, "is not your password" in words(answer)) == (422, True)
    assert study.journal() == before


@pytest.mark.parametrize("role", ["coordinator", "committee", "statistician", "monitor"])
def test_who_may_not_give_roles_is_refused(study, newcomer, role):
    before = study.journal()
    assert gives(study, newcomer, by=role).status_code == 403
    assert study.types(role, "team/coordinator/end/", because="no", password=PASSWORD).status_code == 403
    assert study.types(role, "team/coordinator/deactivate/", because="no", password=PASSWORD).status_code == 403
    assert study.journal() == before


def test_somebody_has_one_role_at_a_time(study, newcomer):
    assert gives(study, newcomer).status_code == 302
    answer = gives(study, newcomer, role="monitor")
    assert (answer.status_code, "End that role first." in words(answer)) == (409, True)


def test_a_role_that_has_not_begun_or_has_run_out_opens_nothing(study, newcomer):
    assert gives(study, newcomer, on="2099-01-01").status_code == 409
    assert gives(study, newcomer, on="2026-01-06", until="2026-01-05").status_code == 422
    assert gives(study, newcomer, on="2026-01-06", until="2026-01-07").status_code == 302
    assert browser_of(newcomer).get(study.path()).status_code == 404


def test_an_ended_role_closes_the_study_at_once_and_stays_in_the_log(study, newcomer):
    gives(study, newcomer)
    client = browser_of(newcomer)
    assert client.get(study.path()).status_code == 200
    fields = {"on": "2026-01-08", "because": "Moved to another site.", "password": PASSWORD}
    answer = study.types("investigator", f"team/{newcomer.username}/end/", **fields)
    assert answer.status_code == 302, words(answer)
    assert client.get(study.path()).status_code == 404
    assert "Moved to another site." in words(study.sees("monitor", "team/"))
    assert gives(study, newcomer, role="monitor").status_code == 302


def test_what_was_open_when_the_role_ended_is_not_recorded(study, newcomer):
    from earlyphase.study.commands import Record
    from earlyphase.study.refusal import Refused
    from earlyphase.web.access import member_of
    from earlyphase.web.studies import act

    gives(study, newcomer)
    member = member_of(newcomer, study.name)
    consent = Record(command="consent", participant="001", payload={"on": "2026-01-06", "version": "1.0"})
    study.types("sponsor", f"team/{newcomer.username}/end/", on="2026-01-08", because="left", password=PASSWORD)
    answer = act(study.name, [consent], member.author)
    assert isinstance(answer, Refused)
    assert "is not coordinator" in str(answer)


def test_deactivation_ends_sessions_and_the_role_and_is_in_the_account_log(study, newcomer):
    gives(study, newcomer)
    client = browser_of(newcomer)
    address = f"team/{newcomer.username}/deactivate/"
    assert study.types("sponsor", address, because="", password=PASSWORD).status_code == 422
    assert study.types("sponsor", address, because="Left the hospital.", password="wrong").status_code == 422
    assert client.get(study.path()).status_code == 200
    assert study.types("sponsor", address, because="Left the hospital.", password=PASSWORD).status_code == 302
    assert client.get(study.path()).headers["Location"].startswith("/account/log-in/")
    assert study.journal()[-1].record == "role_ended/1"
    page = words(study.sees("monitor", "team/"))
    assert "deactivated" in page
    assert gives(study, newcomer).status_code == 422


def test_the_delegation_log_is_never_corrected_or_voided(study):
    first = study.journal()[0]
    assert first.record == "role_granted/1"
    assert study.types("sponsor", f"entries/{first.seq}/void/", reason="no").status_code == 409


def test_the_first_team_comes_from_the_command_line_as_an_entry_that_says_so(study):
    first = study.journal()[0]
    assert (first.role, first.seq) == ("administrator", 1)


def test_who_runs_the_site_may_do_nothing_but_say_who_is_on_the_team():
    from earlyphase.journal.payloads import TYPES
    from earlyphase.study.roles import ADMINISTRATOR, may

    assert {kind.record for kind in TYPES if not list(may(ADMINISTRATOR, kind))} == {"role_granted", "role_ended"}


def test_a_journal_without_a_delegation_log_is_read_and_has_no_team(a_study):
    from tests.builders import Site, day

    from earlyphase.study.team import delegation_log, team

    site = Site()
    site.consents("001", day(1))
    assert (delegation_log(site.study), team(site.study, day(2))) == ((), ())


def test_every_change_of_an_account_is_logged_by_the_database_itself(newcomer):
    from django.db import connections

    from earlyphase.web.people.models import AccountEntry

    newcomer.set_password("another long pass phrase")
    newcomer.save()
    newcomer.deactivate("sponsor")
    with connections["owner"].cursor() as cursor:
        cursor.execute("update people_person set is_active = true where username = %s", [newcomer.username])
    lines = AccountEntry.objects.filter(username=newcomer.username)
    assert [(one.what, one.by) for one in lines] == [
        ("added", "the site's command line"),
        ("password set", newcomer.username),
        ("deactivated", "sponsor"),
        ("activated again", "the database itself"),
    ]


@pytest.mark.parametrize("attack", ["update people_accountentry set what = ''", "delete from people_accountentry"])
@pytest.mark.parametrize("alias", ["default", "owner"])
def test_the_account_log_is_append_only(newcomer, attack, alias):
    from django.db import Error, connections, transaction

    with (
        pytest.raises(Error, match=r"permission denied|append-only"),
        transaction.atomic(alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(attack)


def test_a_role_is_given_again_from_the_command_line_with_both_entries(study, newcomer):
    from earlyphase.web.people.team import give_role

    give_role(newcomer, study.name, "monitor")
    give_role(newcomer, study.name, "monitor")
    give_role(newcomer, study.name, "committee")
    assert [one.record for one in study.journal()[-3:]] == ["role_granted/1", "role_ended/1", "role_granted/1"]
    with pytest.raises(InvalidInput, match="is not a role"):
        give_role(newcomer, study.name, "boss")
