"""What the disease shows outside the marrow: blasts in the blood, and disease in other places."""

import datetime as dt
from typing import Any

from earlyphase.journal.payloads.observations import Response
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site

SPILLED = (0.05, 0.7)
"""The blasts in the blood, as a share of those in the marrow, while the disease is not held."""

PLACES = ("mediastinum", "lymph nodes", "CNS", "liver", "skin")
"""Where disease outside the marrow is found."""

HELD = frozenset({Response.CR, Response.CRI, Response.PR})
"""The responses in which no blasts are in the blood and nothing is seen outside the marrow."""


def blood_blasts(patient: Patient, on: dt.date) -> dict[str, Any]:
    """Count the blasts in the blood as a laboratory result.

    Units: percent of white blood cells.
    """
    share = 0 if patient.response(on) in HELD else round(patient.paper.between(*SPILLED) * patient.blasts)
    return {"analyte": "blasts", "value": {"value": share, "unit": "%"}}


def outside_the_marrow(site: Site, patient: Patient) -> dict[str, Any]:
    """Look for disease outside the marrow: some have it before treatment, and some when it grows."""
    response, now = patient.response(site.today), []
    if response is None and patient.outside is None:
        patient.outside = tuple(_places(site, patient))
    if response is Response.PROGRESSION:
        now = patient.outside or _places(site, patient)
    elif response not in HELD:
        now = patient.outside or ()
    return {"present": bool(now), "sites": list(now), "method": "PET-CT" if now else "examination"}


def _places(site: Site, patient: Patient) -> list[str]:
    return [patient.paper.one_of(PLACES)] if patient.paper.happens(site.truth.extramedullary) else []
