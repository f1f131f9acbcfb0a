"""Settings come from the environment, and unsafe ones stop the start."""

import pytest

from earlyphase.faults import InvalidInput
from earlyphase.web.settings import settings_from

SAFE = {
    "EARLYPHASE_SECRET_KEY": "a-secret-of-tests-" * 4,
    "EARLYPHASE_HOSTS": "ctu.example.org",
    "DATABASE_URL": "postgresql://app:p%40ss@db.example.org:5433/trial?sslmode=require",
}


def without(name):
    return {key: value for key, value in SAFE.items() if key != name}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        (without("EARLYPHASE_SECRET_KEY"), "EARLYPHASE_SECRET_KEY"),
        (SAFE | {"EARLYPHASE_SECRET_KEY": "short"}, "EARLYPHASE_SECRET_KEY"),
        (SAFE | {"EARLYPHASE_SECRET_KEY": "s" * 64}, "EARLYPHASE_SECRET_KEY"),
        (SAFE | {"DATABASE_URL": "postgresql://app:p%40ss@db.example.org/trial"}, "DATABASE_URL"),
        (without("EARLYPHASE_HOSTS"), "EARLYPHASE_HOSTS"),
        (SAFE | {"EARLYPHASE_HOSTS": "ctu.example.org, *"}, "EARLYPHASE_HOSTS"),
        (SAFE | {"EARLYPHASE_DEBUG": "1"}, "EARLYPHASE_DEBUG"),
        (SAFE | {"EARLYPHASE_DEBUG": "yes"}, "EARLYPHASE_DEBUG"),
        (without("DATABASE_URL"), "DATABASE_URL"),
        (SAFE | {"DATABASE_URL": "mysql://db/trial"}, "DATABASE_URL"),
        (SAFE | {"DATABASE_URL": "postgresql://db:port/trial"}, "DATABASE_URL"),
    ],
)
def test_a_missing_or_unsafe_setting_is_named(environment, named):
    with pytest.raises(InvalidInput) as fault:
        settings_from(environment)
    assert fault.value.place == named
    assert "p@ss" not in str(fault.value)


def test_outside_ones_own_machine_everything_is_encrypted():
    settings = settings_from(SAFE)
    assert (settings["DEBUG"], settings["SECURE_SSL_REDIRECT"]) == (False, True)
    assert (settings["SESSION_COOKIE_SECURE"], settings["CSRF_COOKIE_SECURE"]) == (True, True)
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600


def test_a_proxy_is_believed_only_where_one_is_said_to_be():
    assert settings_from(SAFE)["SECURE_PROXY_SSL_HEADER"] is None
    assert settings_from(SAFE | {"EARLYPHASE_PROXY": "1"})["SECURE_PROXY_SSL_HEADER"] is not None


def test_no_stack_trace_is_shown_even_on_ones_own_machine():
    assert settings_from(without("EARLYPHASE_HOSTS") | {"EARLYPHASE_DEBUG": "1"})["DEBUG"] is False


def test_the_address_of_the_database_is_taken_apart():
    found = settings_from(SAFE)["DATABASES"]["owner"]
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("trial", "app", "p@ss")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.example.org", "5433", {"sslmode": "require"})


def test_the_demonstration_is_for_ones_own_machine_alone():
    assert settings_from(SAFE | {"EARLYPHASE_DEMO_PASSWORD": "x"})["EARLYPHASE_DEMO_PASSWORD"] == ""
