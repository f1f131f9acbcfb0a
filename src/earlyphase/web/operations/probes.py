"""Whether the process lives, and whether it can serve: for the machine that watches it."""

from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from earlyphase.faults import InvalidInput
from earlyphase.web.operations.metrics import REGISTRY
from earlyphase.web.operations.outage import is_outage
from earlyphase.web.studies import site_studies

NOT_READY, NOT_THERE = 503, 404


def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Say that the process answers; it asks nothing of the database."""
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as above
    """Say whether the process can serve: the database answers, its tables are up to date, the protocols are read."""
    checks = {"database": _answers(), "tables": False, "studies": False}
    if checks["database"]:
        checks["tables"] = _up_to_date()
    checks["studies"] = _protocols_are_read()
    fine = all(checks.values())
    return JsonResponse({"ready": fine, "checks": checks}, status=200 if fine else NOT_READY)


def metrics(request: HttpRequest) -> HttpResponse:
    """Give the metrics of this process to who shows the token of the settings; to others they are not there."""
    token = settings.EARLYPHASE_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(given, token):
        return HttpResponse("There is no such page.\n", status=NOT_THERE, content_type="text/plain")
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


PROBES = {"/health": health, "/ready": ready, "/metrics": metrics}
"""Answered before anything else, so that a probe needs no name of the site and no encryption."""


def _answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Exception as fault:
        if not is_outage(fault):
            raise
        connection.close()
        return False
    return True


def _up_to_date() -> bool:
    try:
        return set(known_steps()) <= set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return False


@cache
def known_steps() -> frozenset[tuple[str, str]]:
    """Give the steps of the tables that this version of the software knows."""
    found = MigrationLoader(None).disk_migrations
    return frozenset((str(app), str(name)) for app, name in found or ())


def _protocols_are_read() -> bool:
    try:
        return bool(site_studies())
    except InvalidInput:
        return False
