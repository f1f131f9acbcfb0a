"""Calcium corrected for albumin: what CTCAE grades, made from what laboratories measure."""

from earlyphase.quantities import Quantity

NORMAL_ALBUMIN = Quantity(40, "g/L")
"""The albumin at which a measured calcium needs no correction. Source: Payne 1973, as rounded in clinical use."""

PER_GRAM = 0.02
"""How much calcium goes with each gram of albumin. Units: mmol/L per g/L. Source: as above."""


def corrected_calcium(calcium: Quantity, albumin: Quantity) -> Quantity:
    """Correct a total calcium for albumin.

    Units: any of amount or mass for calcium, of mass for albumin; the answer is in mmol/L.

    Raises:
        InvalidInput: a unit that does not convert.

    Source: Payne et al. 1973, BMJ 4:643: calcium + 0.02 × (40 − albumin), in mmol/L and g/L.
    """
    measured = calcium.to("mmol/L", "calcium").value
    grams = albumin.to("g/L", "albumin").value
    return Quantity(round(measured + PER_GRAM * (NORMAL_ALBUMIN.value - grams), 4), "mmol/L")
