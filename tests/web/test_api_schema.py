"""schemathesis asks the interface by its own description, and is never answered with an error."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from tests.builders import day
from tests.web.test_api import Program

EXAMPLES = int(os.environ.get("EARLYPHASE_API_EXAMPLES", "150"))
"""Requests to all addresses together; `make soak` asks more."""


@pytest.fixture
def program(a_study, django, monkeypatch):
    for name in ("EARLYPHASE_API_REQUESTS", "EARLYPHASE_API_FAILURES", "EARLYPHASE_ANONYMOUS_REQUESTS"):
        monkeypatch.setattr(django, name, 10**6)
    study = a_study()
    study.before.treats("001", day(30))
    return Program(study.opens(), "investigator")


def test_no_request_that_fits_the_description_is_answered_with_an_error(program):
    from django.core.wsgi import get_wsgi_application

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 40
    asked, statuses = set(), set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def asks(data):
        operation = data.draw(st.sampled_from(operations))
        case = data.draw(operation.as_strategy())
        if data.draw(st.integers(0, 3)):
            case.path_parameters = {**(case.path_parameters or {}), "study": program.study.name}
            if "number" in case.path_parameters:
                case.path_parameters["number"] = "001"
        headers = {
            "Authorization": f"Bearer {program.secret}",
            "Idempotency-Key": f"k{len(asked)}",
            "Host": "localhost",
        }
        response = case.call(headers=headers)
        asked.add(operation.label)
        statuses.add(response.status_code)
        case.validate_response(response, checks=[not_a_server_error])

    asks()
    assert {200, 422} <= statuses
