"""A participant's whole record as a document: every entry in order, old beside new, who, when and why, its hash."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext

from earlyphase.journal.entry import Entry, Kind
from earlyphase.reports.values import Cell, Column, Report, Row, Section, Stamp, Table
from earlyphase.study.signatures import SignatureNow
from earlyphase.web.history import Told
from earlyphase.web.language import said
from earlyphase.web.wording import moment, plain


def record_document(
    title: str, subtitle: str, stamp: Stamp, entries: Sequence[Told], signed: Sequence[SignatureNow]
) -> Report:
    """Put a participant's record into a report.

    Args:
        title: its title.
        subtitle: the study's name and title.
        stamp: what it was made from.
        entries: every entry of the participant, in order.
        signed: the signatures that cover something of it.
    """
    lead = gettext("What was recorded, corrected and voided, in the order of the journal: %(number)s entries.")
    return Report(
        title,
        subtitle,
        stamp,
        (
            Section("entries", gettext("Entries"), (_entries(entries),), lead % {"number": len(entries)}),
            Section("signatures", gettext("Signatures that cover it"), (_signatures(signed),)),
            Section("hashes", gettext("Hashes"), (_hashes([one.entry for one in entries]),)),
        ),
    )


def _entries(entries: Sequence[Told]) -> Table:
    columns = (gettext("Entry"), gettext("Before"), gettext("Now"))
    rows = tuple(row for one in entries for row in _entry(one))
    return Table("entries", gettext("Every entry, with its history"), tuple(Column(name) for name in columns), rows)


def _entry(one: Told) -> Iterator[Row]:
    """Say who recorded what and when; below it why, then field by field what it says."""
    entry, kind = one.entry, said(one.entry.kind)
    by = f"{moment(entry.recorded_at)} · {entry.recorded_by}, {said(entry.role)}"
    yield _row(f"{entry.seq} · {plain(entry.record)} · {kind}", _history(one), by, strong=True)
    if entry.reason:
        yield _row(gettext("Reason"), "", entry.reason, indent=1)
    if one.hidden:
        yield _row(gettext("Hidden until the reviews are complete."), "", "", indent=1)
    corrected = entry.kind == Kind.CORRECTED
    for field in one.fields:
        before = (field.old or "–") if corrected and field.changed else ""
        yield _row(plain(field.field), said(before), said(field.new or "–"), indent=1)


def _history(one: Told) -> str:
    """Say which entry it changed, and which changed it."""
    texts = {
        Kind.CORRECTED.value: gettext("corrects entry %(number)s"),
        Kind.VOIDED.value: gettext("voids entry %(number)s"),
    }
    changed = texts.get(one.entry.kind, "") and texts[one.entry.kind] % {"number": one.entry.supersedes}
    if one.followed_by is None:
        return changed
    voided = one.followed_by.kind == Kind.VOIDED
    after = gettext("voided by entry %(number)s") if voided else gettext("corrected by entry %(number)s")
    return "; ".join(part for part in (changed, after % {"number": one.followed_by.seq}) if part)


def _signatures(signed: Sequence[SignatureNow]) -> Table:
    names = (
        gettext("Entry"),
        gettext("Printed name"),
        gettext("When"),
        gettext("Meaning"),
        gettext("It covers entries 1 to"),
        gettext("State"),
    )
    rows = tuple(
        _row(
            str(one.signature.entry),
            one.signature.payload.printed_name,
            moment(one.signature.recorded_at),
            one.signature.payload.meaning,
            str(one.covers or "–"),
            _state(one),
        )
        for one in signed
    )
    return Table(
        "signatures",
        gettext("Signatures"),
        tuple(Column(name) for name in names),
        rows,
        empty=gettext("Nobody has signed yet."),
    )


def _state(one: SignatureNow) -> str:
    changed = ", ".join(f"{change.entry} → {change.by}" for change in one.changed)
    return f"{said(one.state.value)}{f' ({changed})' if changed else ''}"


def _hashes(entries: Sequence[Entry]) -> Table:
    rows = tuple(_row(str(entry.seq), entry.hash) for entry in entries)
    columns = (Column(gettext("Entry")), Column(gettext("Hash")))
    return Table("hashes", gettext("The hash of each entry over itself and all before it"), columns, rows)


def _row(*texts: str, strong: bool = False, indent: int = 0) -> Row:
    return Row(tuple(Cell(text) for text in texts), indent, strong)
