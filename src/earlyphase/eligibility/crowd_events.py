"""Questions about the events of many persons: whether one happened, how often, how long it lasted."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.columns import NO, NO_DAY, Column
from earlyphase.eligibility.crowd import (
    MET,
    NOT_MET,
    UNKNOWN,
    Crowd,
    Verdicts,
    agreed,
    anyone,
    counts,
    rows_of,
    shift,
    span_of,
)

ENDLESS = 10**9
"""More events than anybody has."""

_OPERATORS = {
    n.Op.LESS: np.less,
    n.Op.AT_MOST: np.less_equal,
    n.Op.MORE: np.greater,
    n.Op.AT_LEAST: np.greater_equal,
    n.Op.EQUAL: np.equal,
}


def compare(op: n.Op, values: Column, limits: Column | float) -> Column:
    """Tell where a comparison holds."""
    return _OPERATORS[op](values, limits)


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a term: those that surely count, those that may, and who has no others."""

    sure: Column
    possible: Column
    closed: Column
    """Of whom somebody said, late enough, that there was none, or none besides those recorded."""
    open_: Column
    """Who can be asked: the anchor of the window has a date, and not every fact is impossible."""


def happened(crowd: Crowd, leaf: n.Holds) -> Verdicts:
    """Tell whether an event happened, in the time that is asked for."""
    found = _events(crowd, leaf.subject)
    sure, possible = anyone(crowd, found.sure), anyone(crowd, found.possible)
    verdicts = np.where(sure, MET, np.where(~possible & found.closed, NOT_MET, UNKNOWN))
    return _asked(found, verdicts)


def counted(crowd: Crowd, leaf: n.Counted) -> Verdicts:
    """Compare how often an event happened with a number: the least and the most that it can be must agree."""
    found = _events(crowd, leaf.subject)
    sure, possible = (
        np.bincount(crowd.of("owner", rows), minlength=crowd.size) for rows in (found.sure, found.possible)
    )
    most = np.where(found.closed, sure + possible, ENDLESS)
    lowest, highest = compare(leaf.op, sure, leaf.limit), compare(leaf.op, most, leaf.limit)
    certain = sure == most
    if leaf.op is n.Op.EQUAL:
        certain |= sure > leaf.limit
    else:
        certain |= lowest == highest
    return _asked(found, np.where(certain, np.where(lowest, MET, NOT_MET), UNKNOWN))


def lasted(crowd: Crowd, leaf: n.Lasted) -> Verdicts:
    """Compare how long events lasted with a length of time. What never happened did not last."""
    found = _events(crowd, leaf.subject)
    rows = np.concatenate([found.sure, found.possible])
    lengths = agreed(crowd, rows, _length(crowd, rows, leaf))
    none = np.where(found.closed, NOT_MET, UNKNOWN)
    return _asked(found, np.where(anyone(crowd, rows), lengths, none))


def _asked(found: Events, verdicts: Column) -> Verdicts:
    return np.where(found.open_, verdicts, UNKNOWN).astype(np.int8)


def _events(crowd: Crowd, subject: n.Subject) -> Events:
    rows = rows_of(crowd, subject.term)
    impossible = anyone(crowd, crowd.impossible.get(subject.term, rows[:0]))
    open_ = anyone(crowd, rows) | ~impossible
    events = rows[crowd.of("kind", rows) != NO]
    verdicts = counts(crowd, events, subject)
    first = last = None
    if subject.window is not None:
        first, last, dated = span_of(crowd, subject.window)
        verdicts, open_ = _within(crowd, events, verdicts, (first, last)), open_ & dated
    sure, possible = events[verdicts == MET], events[verdicts == UNKNOWN]
    return Events(sure, possible, _closed(crowd, rows, events, last), open_)


def _within(crowd: Crowd, events: Column, said: Verdicts, span: tuple[Column, Column]) -> Verdicts:
    """Hold events against the days that are asked for: a day in common is enough."""
    owner = crowd.of("owner", events)
    first, last = span[0][owner], span[1][owner]
    begins, begun = crowd.of("on_first", events), crowd.of("on_last", events)
    until, ended = crowd.of("until_first", events), crowd.of("until_last", events)
    ends, over = np.where(until == NO_DAY, begins, until), np.where(until == NO_DAY, begun, ended)
    touches = (begun <= last) & (ends >= first)
    apart = (over < first) | (begins > last)
    within = np.where(touches, MET, np.where(apart, NOT_MET, UNKNOWN))
    within = np.where(begins == NO_DAY, UNKNOWN, within)
    return np.where(said == NOT_MET, NOT_MET, np.where(within == MET, said, within)).astype(np.int8)


def _closed(crowd: Crowd, rows: Column, events: Column, last: Column | None) -> Column:
    """Tell of whom it was denied late enough that there was one, or another one."""
    denials = rows[crowd.of("kind", rows) == NO]
    owner, asked = crowd.of("owner", denials), crowd.of("on_first", denials)
    if last is not None:
        enough = (asked != NO_DAY) & (asked >= last[owner])
        return anyone(crowd, denials[enough]) & (last <= crowd.today)
    needed = np.zeros(crowd.size, dtype=np.int64)
    np.maximum.at(needed, crowd.of("owner", events), crowd.of("on_first", events))
    return anyone(crowd, denials[(asked == NO_DAY) | (asked >= needed[owner])])


def _length(crowd: Crowd, rows: Column, leaf: n.Lasted) -> Verdicts:
    """Compare the shortest and the longest time that events can have lasted."""
    until = crowd.of("until_first", rows)
    over = until != NO_DAY
    first_end = np.where(over, until, crowd.today[crowd.of("owner", rows)])
    last_end = np.where(over, crowd.of("until_last", rows), dt.date.max.toordinal())
    begins = crowd.of("on_first", rows)
    shortest = compare(leaf.op, first_end, shift(crowd.of("on_last", rows), leaf.limit, 1))
    longest = compare(leaf.op, last_end, shift(begins, leaf.limit, 1))
    clear = (shortest == longest) & (begins != NO_DAY)
    if leaf.op is n.Op.EQUAL:
        clear &= over
    return np.where(clear, np.where(shortest, MET, NOT_MET), UNKNOWN).astype(np.int8)
