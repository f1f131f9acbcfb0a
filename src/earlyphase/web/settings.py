"""The settings of the web application: from the environment alone, and refused where they are unsafe."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from earlyphase.faults import InvalidInput
from earlyphase.reports.outlines import font_folder
from earlyphase.store.search import SETTINGS
from earlyphase.web.operations.configuration import PATIENCE, operations_from
from earlyphase.web.operations.logs import logging_of

HERE = Path(__file__).parent

SHORTEST_SECRET = 50
"""Characters of the secret key; Django asks for as many."""

LEAST_VARIETY = 5
"""Different characters of the secret key; Django asks for as many."""

YEAR = 365 * 24 * 3600
"""Units: seconds."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The names of the machine itself: outside them nothing is served without encryption."""

_APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "earlyphase.web.people",
    "earlyphase.web.identity",
    "earlyphase.web.api",
    "earlyphase.web.operations",
)

_MIDDLEWARE = (
    "earlyphase.web.operations.watching.Watched",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "earlyphase.web.static_files.StaticFiles",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "earlyphase.web.people.first.FirstPassword",
    "earlyphase.web.operations.watching.AnonymousInMeasure",
    "earlyphase.web.faults.SaidInAPage",
    "axes.middleware.AxesMiddleware",
)

NOTHING, OURS = ("'none'",), ("'self'",)


def settings_from(environment: Mapping[str, str]) -> dict[str, Any]:
    """Make Django's settings from environment variables.

    `EARLYPHASE_SECRET_KEY`, `DATABASE_URL` and `EARLYPHASE_HOSTS` (names, with commas between) are needed.
    `EARLYPHASE_DEBUG=1` is for one's own machine: plain HTTP, and no host but the machine itself. `EARLYPHASE_PROXY=1`
    says that a proxy in front ends TLS and sets X-Forwarded-Proto. `EARLYPHASE_STUDIES` names studies or folders.

    Raises:
        InvalidInput: a setting is missing, malformed or unsafe; the variable is named.
    """
    local = _flag(environment, "EARLYPHASE_DEBUG")
    hosts = _hosts(environment, local=local)
    return {
        "DEBUG": False,  # even on one's own machine: no page ever shows a stack trace
        "SECRET_KEY": _secret(environment),
        "ALLOWED_HOSTS": hosts,
        "DATABASES": _databases(environment),
        "EARLYPHASE_STUDIES": tuple(_list(environment, "EARLYPHASE_STUDIES")),
        "EARLYPHASE_DEMO_PASSWORD": environment.get("EARLYPHASE_DEMO_PASSWORD", "") if local else "",
        **operations_from(environment),
        **_application(),
        **_people(),
        **_security(local=local, proxy=_flag(environment, "EARLYPHASE_PROXY")),
    }


def _application() -> dict[str, Any]:
    return {
        "ROOT_URLCONF": "earlyphase.web.urls",
        "CSRF_FAILURE_VIEW": "earlyphase.web.faults.forged",
        "INSTALLED_APPS": list(_APPS),
        "MIDDLEWARE": list(_MIDDLEWARE),
        "TEMPLATES": [_templates()],
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [HERE / "static", ("fonts", font_folder())],
        "STORAGES": {"staticfiles": {"BACKEND": "earlyphase.web.static_files.NamedByContent"}},
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_MAX_AGE": 3600,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        **_languages(),
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "LOGGING": logging_of(),
        "SILENCED_SYSTEM_CHECKS": [
            "auth.W004",  # a user name is unique whatever its case: by a constraint of its own
            "axes.W006",  # a user name is locked wherever the attempts come from
        ],
    }


def _languages() -> dict[str, Any]:
    return {
        "LANGUAGE_CODE": "en",
        "LANGUAGES": [("en", "English"), ("zh-hans", "简体中文")],
        "LOCALE_PATHS": [HERE / "locale"],
        "USE_I18N": True,
        "FORMAT_MODULE_PATH": ["earlyphase.web.formats"],
        "LANGUAGE_COOKIE_NAME": "language",
        "LANGUAGE_COOKIE_AGE": YEAR,
        "LANGUAGE_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
    }


def _templates() -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "earlyphase.web.pages.everywhere",
            ],
            "libraries": {"registry_words": "earlyphase.web.registry.words"},
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "earlyphase.web.wording",
                "earlyphase.web.language",
                "earlyphase.web.once",
            ],
        },
    }


def _people() -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "people.Person",
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "django.contrib.auth.backends.ModelBackend",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
            for name, options in (
                ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "full_name")}),
                ("MinimumLengthValidator", {"min_length": 12}),
                ("CommonPasswordValidator", {}),
                ("NumericPasswordValidator", {}),
            )
        ]
        + [{"NAME": "earlyphase.web.people.first.OtherThanBefore"}],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "home",
        "ACCOUNT_ADAPTER": "earlyphase.web.people.adapter.ClosedDoor",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": None,
        "ACCOUNT_PRESERVE_USERNAME_CASING": False,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_FORMS": {"change_password": "earlyphase.web.people.guessing.OwnPassword"},
        "ACCOUNT_RATE_LIMITS": False,  # axes locks out, by the user name and not by the process
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "earlyphase",
        "MFA_FORMS": {
            "authenticate": "earlyphase.web.people.guessing.CodeAtLogIn",
            "reauthenticate": "earlyphase.web.people.guessing.CodeAgain",
        },
        **_lock_out(),
    }


def _lock_out() -> dict[str, Any]:
    return {
        "AXES_FAILURE_LIMIT": 5,
        "AXES_COOLOFF_TIME": 0.25,  # hours
        "AXES_LOCKOUT_PARAMETERS": ["username"],
        "AXES_USERNAME_CALLABLE": "earlyphase.web.people.adapter.name_to_lock",
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_SENSITIVE_PARAMETERS": ["oldpassword", "password1", "password2", "code"],  # kept nowhere in plain
        "AXES_USERNAME_FORM_FIELD": "login",
        "AXES_LOCKOUT_TEMPLATE": "web/locked_out.html",
        "AXES_HTTP_RESPONSE_CODE": 429,
        "AXES_VERBOSE": False,
    }


def _security(*, local: bool, proxy: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_SECURE": not local,
        "CSRF_COOKIE_SECURE": not local,
        "LANGUAGE_COOKIE_SECURE": not local,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_AGE": 8 * 3600,
        "SECURE_SSL_REDIRECT": not local,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxy else None,
        "SECURE_HSTS_SECONDS": 0 if local else YEAR,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": not local,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "CONTENT_SECURITY_POLICY": {
            "DIRECTIVES": {
                "default-src": NOTHING,
                "script-src": OURS,
                "style-src": OURS,
                "font-src": OURS,
                "img-src": (*OURS, "data:"),  # the code that an authenticator scans
                "connect-src": OURS,
                "form-action": OURS,
                "base-uri": NOTHING,
                "frame-ancestors": NOTHING,
            }
        },
    }


def _flag(environment: Mapping[str, str], name: str) -> bool:
    given = environment.get(name, "0")
    if given not in ("0", "1", ""):
        raise InvalidInput(name, given, "is neither 0 nor 1.")
    return given == "1"


def _list(environment: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in environment.get(name, "").split(",") if part.strip()]


def _secret(environment: Mapping[str, str]) -> str:
    secret = environment.get("EARLYPHASE_SECRET_KEY", "")
    if len(secret) < SHORTEST_SECRET:
        raise InvalidInput(
            "EARLYPHASE_SECRET_KEY",
            None,
            f"has {len(secret)} characters: sessions could be forged with fewer than {SHORTEST_SECRET}.",
            "Run `earlyphase init`, which makes one.",
        )
    if len(set(secret)) < LEAST_VARIETY and not _flag(environment, "EARLYPHASE_DEBUG"):
        raise InvalidInput(
            "EARLYPHASE_SECRET_KEY",
            None,
            f"has only {len(set(secret))} different characters: it can be guessed.",
            "Run `earlyphase init`, which makes one.",
        )
    return secret


def _hosts(environment: Mapping[str, str], *, local: bool) -> list[str]:
    hosts = _list(environment, "EARLYPHASE_HOSTS") or (sorted(LOOPBACK) if local else [])
    if not hosts:
        raise InvalidInput("EARLYPHASE_HOSTS", None, "is missing.", "Give the name of the site: ctu.example.org.")
    if "*" in hosts:
        raise InvalidInput("EARLYPHASE_HOSTS", "*", "lets any name in.", "Give the names of the site.")
    if local and (elsewhere := sorted(set(hosts) - LOOPBACK)):
        raise InvalidInput(
            "EARLYPHASE_DEBUG",
            "1",
            f"serves without encryption, and {', '.join(elsewhere)} is not this machine.",
            "Leave EARLYPHASE_DEBUG out.",
        )
    return hosts


def _databases(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Give the connection of every request, in a role that cannot change what is append-only, and the owner's."""
    owner = _database(environment)
    application = {**owner, "OPTIONS": {**PATIENCE, **owner["OPTIONS"], "assume_role": "earlyphase_app"}}
    return {"default": application, "records": _for_searches(application), "owner": owner}


def _database(environment: Mapping[str, str]) -> dict[str, Any]:
    url = environment.get("DATABASE_URL", "")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise InvalidInput("DATABASE_URL", None, f"cannot be read: {fault}.") from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise InvalidInput(
            "DATABASE_URL",
            None,
            "is not the address of a PostgreSQL database.",
            "Write postgresql://user:password@host:5432/name, or use `earlyphase serve`, which brings its own.",
        )
    _heard_by_nobody(environment, parts)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **_address(parts, port),
    }


def _heard_by_nobody(environment: Mapping[str, str], parts: SplitResult) -> None:
    """Refuse a database on another machine where nothing says whether others can listen on the way."""
    stated = parse_qs(parts.query)
    elsewhere = parts.hostname not in (None, "", "localhost", "127.0.0.1", "::1") and "host" not in stated
    if elsewhere and "sslmode" not in stated and not _flag(environment, "EARLYPHASE_DEBUG"):
        raise InvalidInput(
            "DATABASE_URL",
            None,
            f"leads to {parts.hostname}, and does not say whether the way there is encrypted.",
            "Add ?sslmode=verify-full, or ?sslmode=disable for a network of the site's own.",
        )


def _for_searches(database: dict[str, Any]) -> dict[str, Any]:
    """Give a connection to the same database that reads only, and is set up for searches."""
    said = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    patience = database["OPTIONS"]["options"]  # searches are open to everybody: none may hold the database for long
    options = {**database["OPTIONS"], "options": f"{patience} {said} -c default_transaction_read_only=on"}
    return {**database, "OPTIONS": options}


def _address(parts: SplitResult, port: int | None) -> dict[str, Any]:
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }
