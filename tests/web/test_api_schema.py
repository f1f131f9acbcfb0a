"""schemathesis asks the interface by its own description: no error, and no answer that it does not describe."""

import os
import sys
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.builders import day
from tests.web.test_api import Program

EXAMPLES = int(os.environ.get("EARLYPHASE_API_EXAMPLES", "150"))
"""Requests to all addresses together; `make soak` asks more."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

FEW = range(8)
"""How often what is there is asked about, against once what is not."""


@pytest.fixture
def program(a_study, django, registered, monkeypatch):
    for name in ("EARLYPHASE_API_REQUESTS", "EARLYPHASE_API_FAILURES", "EARLYPHASE_ANONYMOUS_REQUESTS"):
        monkeypatch.setattr(django, name, 10**6)
    study = a_study()
    study.before.treats("001", day(30))
    return Program(study.opens(), "investigator")


def numbers(program, operation):
    """Give what stands in an address: mostly something that is there, so that more than a 404 is answered."""
    record = "NCT06633354" if "/registry/" in operation.path else "001"
    return {"study": program.study.name, "number": record, "seq": len(program.study.journal())}


def test_every_request_that_fits_the_description_is_answered_as_described(program):
    from django.core.wsgi import get_wsgi_application

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 60
    asked, statuses = Counter(), Counter()

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
        if data.draw(st.sampled_from([*FEW, None])) is not None:
            there = numbers(program, operation)
            given = case.path_parameters or {}
            case.path_parameters = {name: there.get(name, value) for name, value in given.items()}
        case.headers = {
            **(case.headers or {}),
            "Authorization": f"Bearer {program.secret}",
            "Idempotency-Key": f"k{asked.total()}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Host": "localhost",
        }
        response = case.call()
        asked[operation.label] += 1
        statuses[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    asks()
    sys.stdout.write(f"{asked.total()} requests to {len(asked)} operations: {dict(sorted(statuses.items()))}\n")
    assert {200, 422} <= set(statuses)
