"""Who gets in, who is locked out, and what ends a session."""

import pytest
from tests.web.conftest import NUMBERS, PASSWORD

from earlyphase.faults import InvalidInput

LIMIT = 5


@pytest.fixture
def somebody(django):
    from earlyphase.web.people.team import add_person

    number = next(NUMBERS)
    return add_person(f"p{number}", f"Some Body {number}", PASSWORD)


def browser():
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def logs_in(client, username, password=PASSWORD):
    return client.post("/account/log-in/", {"login": username, "password": password})


def is_in(client):
    return client.get("/").status_code != 302 or "log-in" not in client.get("/").headers["Location"]


def test_a_person_logs_in_and_out(somebody):
    client = browser()
    assert logs_in(client, somebody.username).status_code == 302
    assert is_in(client)
    client.post("/account/log-out/")
    assert not is_in(client)


def test_a_wrong_password_is_not_told_from_a_wrong_name(somebody):
    answers = [logs_in(browser(), name, "wrong") for name in (somebody.username, "nobody-at-all")]
    said = {answer.content.partition(b'role="alert">')[2].partition(b"</p>")[0] for answer in answers}
    assert said == {b"The user name or the password is not right."}


def test_five_wrong_passwords_lock_the_name_however_it_is_written(somebody):
    for _ in range(LIMIT - 1):
        logs_in(browser(), somebody.username, "wrong")
    assert logs_in(browser(), somebody.username.upper(), "wrong").status_code == 429
    locked = logs_in(browser(), somebody.username)
    assert (locked.status_code, b"is locked" in locked.content) == (429, True)


def test_deactivation_ends_every_session_at_once_and_for_good(somebody):
    clients = [browser(), browser()]
    for client in clients:
        logs_in(client, somebody.username)
    assert all(is_in(client) for client in clients)
    somebody.deactivate()
    assert not any(is_in(client) for client in clients)
    assert not is_in(logged := browser()) or logs_in(logged, somebody.username).status_code == 200
    somebody.is_active = True
    somebody.save()
    assert not any(is_in(client) for client in clients)


def test_a_user_name_is_never_used_again(somebody):
    from earlyphase.web.people.team import add_person

    somebody.deactivate()
    with pytest.raises(InvalidInput, match="never used again"):
        add_person(somebody.username.upper(), "Else Body", PASSWORD)


@pytest.mark.parametrize(
    "attack",
    [
        "delete from people_person where username = %s",
        "update people_person set username = 'else' where username = %s",
        "truncate people_person cascade -- %s",
    ],
)
def test_the_database_keeps_people_and_their_names(somebody, attack):
    from django.db import Error, connections, transaction

    owner = connections["owner"]
    with pytest.raises(Error, match="deactivate"), transaction.atomic("owner"), owner.cursor() as cursor:
        cursor.execute(
            attack.replace("-- %s", "") if "--" in attack else attack, None if "--" in attack else [somebody.username]
        )


def test_a_weak_password_is_refused(django):
    from earlyphase.web.people.team import add_person

    with pytest.raises(InvalidInput, match="at least 12 characters"):
        add_person("weak", "We Ak", "short")


def test_nobody_signs_up(django):
    assert browser().get("/account/signup/").status_code == 404


def test_a_second_factor_is_set_up_on_its_own_page(somebody):
    from allauth.mfa.totp.internal.auth import (
        SECRET_SESSION_KEY,
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    from earlyphase.web.people.account_log import log_of

    client = browser()
    logs_in(client, somebody.username)
    assert client.get("/account/two-factor/").status_code == 200
    page = client.get("/account/two-factor/totp/activate/", follow=True)
    if page.redirect_chain:
        assert "reauthenticate" in page.redirect_chain[-1][0]
        client.post(page.redirect_chain[-1][0], {"password": PASSWORD})
        page = client.get("/account/two-factor/totp/activate/")
    assert page.status_code == 200
    assert b"data:image/svg+xml" in page.content
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(client.session[SECRET_SESSION_KEY], counter))
    assert client.post("/account/two-factor/totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/two-factor/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/account/two-factor/recovery-codes/").status_code == 200
    assert "second factor added" in {one.what for one in log_of([somebody.username])}
    assert logs_in(browser(), somebody.username).headers["Location"] == "/account/two-factor/authenticate/"


def code_now(secret):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def secret(somebody):
    """Give somebody a second factor, and its secret."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    made = generate_totp_secret()
    TOTP.activate(somebody, made)
    return made


def enters(client, code):
    return client.post("/account/two-factor/authenticate/", {"code": code})


def test_a_second_factor_is_asked_for_once_it_is_set_up(somebody, secret):
    client = browser()
    answer = logs_in(client, somebody.username)
    assert answer.headers["Location"] == "/account/two-factor/authenticate/"
    assert not is_in(client)
    enters(client, code_now(secret))
    assert is_in(client)


def test_codes_cannot_be_guessed_the_name_is_locked_like_for_passwords(somebody, secret):
    client = browser()
    for _ in range(LIMIT - 1):
        logs_in(client, somebody.username)
        assert enters(client, "000000").status_code == 200
    logs_in(client, somebody.username)
    assert enters(client, "000000").status_code == 429
    assert enters(client, code_now(secret)).status_code == 429
    assert not is_in(client)
    assert logs_in(browser(), somebody.username).status_code == 429


def test_a_recovery_code_opens_once(somebody, secret):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(somebody).get_unused_codes()[0]
    for opens in (True, False):
        client = browser()
        logs_in(client, somebody.username)
        enters(client, code)
        assert is_in(client) is opens


def test_the_present_password_cannot_be_guessed_where_it_is_changed(somebody):
    client = browser()
    logs_in(client, somebody.username)
    new = "another long pass phrase"
    fields = {"oldpassword": "wrong", "password1": new, "password2": new}
    for _ in range(LIMIT - 1):
        assert client.post("/account/password/", fields).status_code == 200
    assert client.post("/account/password/", fields).status_code == 429
    assert client.post("/account/password/", fields | {"oldpassword": PASSWORD}).status_code == 429
    assert logs_in(browser(), somebody.username).status_code == 429


def test_what_was_typed_as_a_password_or_a_code_is_not_kept(somebody):
    from axes.models import AccessAttempt

    client = browser()
    logs_in(client, somebody.username)
    typed = {"oldpassword": "typed-old", "password1": "typed-new", "password2": "typed-new", "code": "typed-code"}
    client.post("/account/password/", typed)
    kept = AccessAttempt.objects.get(username=somebody.username)
    assert "oldpassword" in kept.post_data
    assert "typed" not in kept.post_data


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(somebody):
    here, elsewhere = browser(), browser()
    for client in (here, elsewhere):
        logs_in(client, somebody.username)
    new = "another long pass phrase"
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(here)
    assert not is_in(elsewhere)
