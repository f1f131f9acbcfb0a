"""What ends response, observation or participation."""

import datetime as dt
from typing import ClassVar, Literal

from earlyphase.journal.payloads.payload import Name, Payload, Sentence


class Relapse(Payload):
    """The disease came back after a response, or grew."""

    record: ClassVar[str] = "relapse"
    on: dt.date
    kind: Literal["relapse", "progression"]
    site: Name | None = None


class Transplant(Payload):
    """A haematopoietic stem-cell transplant."""

    record: ClassVar[str] = "transplant"
    on: dt.date
    kind: Literal["allogeneic", "autologous"] = "allogeneic"


class NewTherapy(Payload):
    """Another therapy against the disease."""

    record: ClassVar[str] = "new_therapy"
    on: dt.date
    therapy: Name
    purpose: Literal["bridging", "after the study product"] = "after the study product"


class Withdrawal(Payload):
    """The participant leaves the treatment, or the study."""

    record: ClassVar[str] = "withdrawal"
    on: dt.date
    leaves: Literal["treatment", "study"]
    because: Sentence


class LossToFollowUp(Payload):
    """The participant can no longer be reached."""

    record: ClassVar[str] = "loss_to_follow_up"
    on: dt.date
    last_contact: dt.date
