"""Checks a protocol against itself and against its registry record. Pure: a protocol and a record in, findings out."""

from collections.abc import Iterator

from earlyphase.protocol.check_conduct import check_conduct
from earlyphase.protocol.check_record import check_record
from earlyphase.protocol.findings import Finding, FindingKind, Findings
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.stated import Basis, Source
from earlyphase.protocol.statements import statements
from earlyphase.registry.model import Record


def check(protocol: Protocol, record: Record | None) -> Findings:
    """List what a protocol assumes, interprets, contradicts and leaves undecided.

    Args:
        protocol: one version of a protocol.
        record: the registry record that it rests on; None when there is none.
    """
    found = [*check_conduct(protocol), *(check_record(protocol, record) if record else ()), *_bases(protocol)]
    order = list(FindingKind)
    return Findings(tuple(sorted(found, key=lambda finding: order.index(finding.kind))))


_KINDS = {Basis.ASSUMED: FindingKind.ASSUMPTION, Basis.AS_INTERPRETED: FindingKind.INTERPRETATION}


def _bases(protocol: Protocol) -> Iterator[Finding]:
    """List each statement that is not simply as written."""
    for statement in statements(protocol):
        item = statement.item
        if item.basis in _KINDS:
            kind = _KINDS[item.basis]
            yield Finding(kind, statement.place, statement.says, cited(item.source), item.why or "")
            if not item.why:
                says = f"It is {item.basis} and gives no reason: write it in `why`."
                yield Finding(FindingKind.UNDECIDED, statement.place, says)


def cited(source: Source) -> str:
    """Write a source in one line."""
    quote = f": “{source.quote}”" if source.quote else ""
    return f"{source.document}, {source.place}{quote}"
