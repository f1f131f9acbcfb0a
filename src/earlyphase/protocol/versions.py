"""The versions of a study's protocol, each with the digest of its file."""

from collections.abc import Mapping
from dataclasses import dataclass

from earlyphase.protocol.model import Protocol


@dataclass(frozen=True, slots=True)
class ProtocolVersion:
    """One version as it was read."""

    protocol: Protocol
    sha256: str
    """The digest of the file's bytes: the journal names it when the version takes effect."""


Protocols = Mapping[str, ProtocolVersion]
"""By version; the first is the original protocol, later ones are amendments."""
