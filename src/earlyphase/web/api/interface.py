"""The interface as a whole: its addresses, its description, and how it says no."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from earlyphase import __version__
from earlyphase.faults import Broken, InvalidInput
from earlyphase.web.api.answers import (
    DAMAGED,
    INVALID,
    NO_TOKEN,
    NOT_THERE,
    TOO_OFTEN,
    invalid,
    problem,
    refused,
    unfit_fields,
)
from earlyphase.web.api.body import StrictJson
from earlyphase.web.api.conduct import conduct
from earlyphase.web.api.description import complete
from earlyphase.web.api.door import Bearer, NotNow, NotThere
from earlyphase.web.api.observations import observations
from earlyphase.web.api.reading import queries
from earlyphase.web.api.writing import NotYours, commands

PURPOSE = """The commands and queries of a study's pages, for other programs.

Every request shows a token: `Authorization: Bearer ep_…`. A token acts for one person in one study, with the rights of
that person's role. A "no" always has the same shape: `what` is wrong, the `remedy`, and the `reasons`, each with its
rule."""


class Interface(NinjaAPI):
    """The interface, whose description says what each record takes."""

    _described: Any = None

    def get_openapi_schema(self, **options: Any) -> Any:  # noqa: ANN401 - the framework's own signature
        """Describe the interface by OpenAPI; once, for it takes seconds."""
        if self._described is None:
            self._described = complete(super().get_openapi_schema(**options))
        return self._described


def interface() -> NinjaAPI:
    """Make the interface."""
    api = Interface(
        title="earlyphase",
        version=__version__,
        description=PURPOSE,
        auth=Bearer(),
        parser=StrictJson(),
        docs_url=None,
        urls_namespace="api",
    )
    for router in (queries(), conduct(), commands(), observations()):
        api.add_router("", router)
    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (AuthenticationError, _no_token),
        (ValidationError, _unfit),
        (HttpError, _malformed),
        (NotThere, _not_there),
        (NotNow, _too_often),
        (NotYours, _not_yours),
        (InvalidInput, _invalid),
        (Broken, _broken),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, cast("Any", handler))
    return api


def _no_token(_request: HttpRequest, _fault: Exception) -> HttpResponse:
    remedy = "Send `Authorization: Bearer ep_…`; who runs the site makes tokens: `earlyphase token add`."
    answer = problem(NO_TOKEN, "there is no token, or it has expired or been revoked.", remedy).response()
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _unfit(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ANN401 - the framework's own type
    typed = request.GET  # the framework does not say what stood there
    faults = [
        {**one, "input": typed.get(str(one["loc"][-1]))} if one["loc"][0] == "query" else one for one in fault.errors
    ]
    return unfit_fields(faults).response()


def _malformed(_request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ANN401 - as above
    cause = fault.__cause__ or fault.__context__
    return (invalid(cause) if isinstance(cause, InvalidInput) else problem(INVALID, f"{fault}.")).response()


def _not_there(_request: HttpRequest, fault: Exception) -> HttpResponse:
    return problem(NOT_THERE, str(fault)).response()


def _too_often(_request: HttpRequest, fault: NotNow) -> HttpResponse:
    answer = problem(TOO_OFTEN, "too many requests.", f"Wait {fault.seconds} seconds.").response()
    answer["Retry-After"] = str(fault.seconds)
    return answer


def _not_yours(_request: HttpRequest, fault: NotYours) -> HttpResponse:
    return refused(fault.refused).response()


def _invalid(_request: HttpRequest, fault: InvalidInput) -> HttpResponse:
    return invalid(fault).response()


def _broken(_request: HttpRequest, fault: Broken) -> HttpResponse:
    return problem(DAMAGED, str(fault), "Tell who runs the site: nothing is recorded until it is repaired.").response()
