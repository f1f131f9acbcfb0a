"""Accounts in the browser: who may make one, and help somebody who cannot log in. Each act is written down."""

import datetime as dt
import re

import pytest
from tests.web.answers import words
from tests.web.conftest import NUMBERS, PASSWORD
from tests.web.test_log_in import LIMIT, browser, is_in, logs_in
from tests.web.test_team import browser_of, gives

from earlyphase.faults import InvalidInput
from earlyphase.study.roles import ON_ACCOUNTS, AccountAct, Role

OWN = "a password of one's own"  # a test's

ADDRESSES = {
    AccountAct.ADD: "team/accounts/add/",
    AccountAct.ISSUE: "team/monitor/password/",
    AccountAct.TAKE_FACTOR: "team/monitor/factor/",
    AccountAct.UNLOCK: "team/monitor/unlock/",
    AccountAct.DEACTIVATE: "team/monitor/deactivate/",
}


@pytest.fixture
def newcomer(django):
    from earlyphase.web.people.team import add_person

    number = next(NUMBERS)
    return add_person(f"come{number}", f"Just Come {number}", PASSWORD)


def adds(study, by="sponsor", **changes):
    number = next(NUMBERS)
    fields = {"username": f"ann{number}", "full_name": f"Ann Li {number}", "password": PASSWORD} | changes
    return fields["username"], study.types(by, "team/accounts/add/", **fields)


def does(study, person, what, by="sponsor", **changes):
    fields = {"because": "Asked in person, with the badge.", "password": PASSWORD} | changes
    return study.types(by, f"team/{person.username}/{what}/", **fields)


def shown_password(answer):
    return re.search(r'class="first-password">([a-z0-9-]+)<', words(answer))[1]


def log_lines(person):
    from earlyphase.web.people.models import AccountEntry

    return [(one.what, one.by, one.because) for one in AccountEntry.objects.filter(username=person.username)]


def changes_password(client, old, new=OWN):
    fields = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/account/password/", fields)


@pytest.mark.parametrize("act", AccountAct)
@pytest.mark.parametrize("role", tuple(Role))
def test_an_act_on_accounts_is_for_the_roles_of_the_table_alone(study, role, act):
    shown = study.sees(role, ADDRESSES[act])
    sent = study.types(role, ADDRESSES[act])
    if role in ON_ACCOUNTS[act]:
        assert (shown.status_code, sent.status_code) == (200, 422), words(sent)
    else:
        assert (shown.status_code, sent.status_code) == (403, 403)
        assert f"{role} may not {act}" in words(sent)


def test_who_is_added_gets_a_password_that_opens_one_page_only_until_it_is_changed(study):
    from earlyphase.web.people.models import Person

    name, answer = adds(study)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    first = shown_password(answer)
    person = Person.objects.get(username=name)
    assert log_lines(person)[0] == ("added", "sponsor", "")
    assert gives(study, person).status_code == 302
    client = browser()
    logs_in(client, name, first)
    assert client.get(study.path()).headers["Location"] == "/account/password/"
    assert client.post(study.path("record/consent/"), {}).headers["Location"] == "/account/password/"
    assert client.get("/account/two-factor/").headers["Location"] == "/account/password/"
    assert changes_password(client, first, first).status_code == 200  # the same again is none of one's own
    assert client.get(study.path()).headers["Location"] == "/account/password/"
    assert changes_password(client, first).headers["Location"] == "/"
    assert client.get(study.path()).status_code == 200
    assert log_lines(person)[-2:] == [("logged in", name, ""), ("password set", name, "")]
    assert logs_in(browser(), name, first).status_code == 200


def test_a_first_password_that_is_not_changed_in_time_opens_nothing(study, monkeypatch):
    from earlyphase.web.people import first

    name, answer = adds(study)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=3, minutes=1)  # noqa: TID251 - the test's own clock
    monkeypatch.setattr(first, "now", lambda: later)
    client = browser()
    logs_in(client, name, shown_password(answer))
    assert client.get("/account/password/").headers["Location"] == "/account/log-in/"
    assert not is_in(client)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"username": "a b"}, "is not made of letters"),
        ({"username": ""}, "is missing"),
        ({"username": "../x"}, "is not made of letters"),
        ({"username": "x" * 61}, "is not made of letters"),
        ({"username": "MONITOR"}, "never used again"),
        ({"full_name": " "}, "is missing"),
        ({"full_name": "a\x00b"}, "holds a character that is no text"),
        ({"full_name": "\u202eiL nnA"}, "holds a character that is no text"),
        ({"full_name": "x" * 201}, "more than 200"),
        ({"full_name": "The  INVESTIGATOR"}, "is somebody else's already"),
        ({"full_name": "Ｔｈｅ Investigator"}, "is somebody else's already"),
        ({"password": "wrong"}, "is not your password"),
        ({"password": ""}, "is not your password"),
    ],
)
def test_nobody_is_added_under_names_that_cannot_be_told_apart_or_without_the_password(study, changes, says):
    from earlyphase.web.people.models import AccountEntry, Person

    before = (Person.objects.count(), AccountEntry.objects.filter(what="added").count())
    _, answer = adds(study, **changes)
    assert answer.status_code == 422
    assert says in words(answer)
    assert 'aria-invalid="true"' in words(answer)
    assert (Person.objects.count(), AccountEntry.objects.filter(what="added").count()) == before


def test_the_command_line_refuses_the_same_names(django):
    from earlyphase.web.people.team import add_person

    for name, full in (("a b", "A B"), ("", "A B"), ("ab", "\u202eiL nnA"), ("ab", " ")):
        with pytest.raises(InvalidInput):
            add_person(name, full, PASSWORD)


def test_names_are_checked_while_one_types_and_nothing_is_missing_yet(study):
    checked = study.types("sponsor", "team/accounts/add/", username="a b", full_name="", check="1")
    assert "is not made of letters" in words(checked)
    assert "is missing" not in words(checked)


def test_adding_twice_by_two_clicks_adds_once(study):
    page = words(study.sees("sponsor", "team/accounts/add/"))
    token = re.search(r'name="once" value="([\w-]+)"', page)[1]
    name, first = adds(study, once=token)
    assert first.status_code == 200
    again = study.types(
        "sponsor", "team/accounts/add/", username=f"{name}x", full_name="Else", password=PASSWORD, once=token
    )
    assert (again.status_code, "was sent before" in words(again)) == (409, True)


def test_a_new_first_password_ends_sessions_and_the_lock_out_and_is_written_down(study, newcomer):
    gives(study, newcomer)
    client = browser()
    logs_in(client, newcomer.username)
    assert is_in(client)
    for _ in range(LIMIT):
        logs_in(browser(), newcomer.username, "wrong")
    answer = does(study, newcomer, "password")
    assert answer.status_code == 200, words(answer)
    assert not is_in(client)
    assert logs_in(browser(), newcomer.username).status_code == 200  # the old password is wrong now
    newly = browser()
    assert logs_in(newly, newcomer.username, shown_password(answer)).status_code == 302
    said = "Asked in person, with the badge."
    assert ("first password issued", "sponsor", said) in log_lines(newcomer)
    assert ("lock-out ended", "sponsor", said) in log_lines(newcomer)
    assert said in words(study.sees("monitor", "team/"))


def test_a_lock_out_is_ended_and_the_password_stays(study, newcomer):
    gives(study, newcomer)
    for _ in range(LIMIT):
        logs_in(browser(), newcomer.username, "wrong")
    assert logs_in(browser(), newcomer.username).status_code == 429
    assert "locked out" in words(study.sees("investigator", "team/accounts/"))
    assert does(study, newcomer, "unlock", by="investigator").status_code == 302
    assert logs_in(browser(), newcomer.username).status_code == 302
    assert ("lock-out ended", "investigator", "Asked in person, with the badge.") in log_lines(newcomer)


def test_a_lost_second_factor_is_taken_away_with_its_recovery_codes(study, newcomer):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    gives(study, newcomer)
    client = browser_of(newcomer)
    TOTP.activate(newcomer, generate_totp_secret())
    RecoveryCodes.activate(newcomer)
    assert logs_in(browser(), newcomer.username).headers["Location"] == "/account/two-factor/authenticate/"
    assert does(study, newcomer, "factor").status_code == 302
    assert not is_in(client)
    assert not Authenticator.objects.filter(user=newcomer).exists()
    assert is_in(entered := browser()) or logs_in(entered, newcomer.username).headers["Location"] == "/"
    assert ("second factor taken away", "sponsor", "Asked in person, with the badge.") in log_lines(newcomer)


@pytest.mark.parametrize("what", ["password", "unlock", "factor", "deactivate"])
@pytest.mark.parametrize(
    ("changes", "status"), [({"because": ""}, 422), ({"because": "\x00"}, 422), ({"password": "no"}, 422)]
)
def test_each_act_needs_a_reason_and_the_password(study, newcomer, what, changes, status):
    gives(study, newcomer)
    before = log_lines(newcomer)
    assert does(study, newcomer, what, **changes).status_code == status
    assert log_lines(newcomer) == before


@pytest.mark.parametrize("what", ["password", "factor", "unlock", "deactivate"])
def test_who_works_in_another_study_is_out_of_reach_of_this_ones_team(a_study, newcomer, people, what):
    one, other = a_study().opens(), a_study().opens()
    from earlyphase.web.people.team import add_person, give_role

    number = next(NUMBERS)
    stranger = add_person(f"far{number}", f"Far Away {number}", PASSWORD)
    give_role(stranger, one.name, "sponsor")
    give_role(newcomer, one.name, "coordinator")
    give_role(newcomer, other.name, "investigator")
    client = browser_of(stranger)
    fields = {"because": "To get in.", "password": PASSWORD}
    answer = client.post(one.path(f"team/{newcomer.username}/{what}/"), fields)
    assert answer.status_code == 409
    assert "is on the team of another study" in words(answer)
    assert log_lines(newcomer) == [("added", "the site's command line", "")]


def test_who_may_in_every_study_deactivates_and_every_role_ends(a_study, newcomer):
    from earlyphase.web.people.team import give_role, standing

    one, other = a_study().opens(), a_study().opens()
    give_role(newcomer, one.name, "coordinator")
    give_role(newcomer, other.name, "monitor")
    token = re.search(
        r'name="once" value="([\w-]+)"', words(one.sees("sponsor", f"team/{newcomer.username}/deactivate/"))
    )[1]
    assert does(one, newcomer, "deactivate", once=token).status_code == 302
    assert standing(newcomer) == {}
    assert [study.journal()[-1].record for study in (one, other)] == ["role_ended/1", "role_ended/1"]


def test_nobody_issues_a_first_password_for_oneself(study, people):
    answer = does(study, people["sponsor"], "password")
    assert (answer.status_code, "this is your own account" in words(answer)) == (409, True)


@pytest.mark.parametrize("role", ["coordinator", "monitor", "committee", "statistician"])
def test_the_page_of_accounts_is_not_there_for_who_may_do_nothing_there(study, role):
    assert study.sees(role, "team/accounts/").status_code == 404


def test_an_account_that_works_elsewhere_only_is_not_there(a_study, newcomer):
    from earlyphase.web.people.team import give_role

    one, other = a_study().opens(), a_study().opens()
    give_role(newcomer, other.name, "coordinator")
    assert newcomer.full_name not in words(one.sees("sponsor", "team/accounts/"))
    assert one.sees("sponsor", f"team/{newcomer.username}/password/").status_code == 404
    assert newcomer.full_name in words(other.sees("sponsor", "team/accounts/"))
