"""What a word that no record has was meant to be: the beginning of a longer one, or a mistyped one."""

import psycopg

from earlyphase.store.search_query import Kind, Term, Wanted, word_term
from earlyphase.store.search_words import fold

SHORTEST_PREFIX = 3
"""Letters."""

MOST_MEANT = 3
"""Words that a mistyped one is taken for, all of the same nearness."""

_CANDIDATES = """
select word from record_word_piece
where piece = any(array(select word_pieces(%(word)s)))
    and char_length(word) between %(shortest)s and %(longest)s
group by word order by count(*) desc, word limit 60
"""
_SHORT_WORD, _LONG_WORD = 4, 8


def correct(connection: psycopg.Connection, wanted: Wanted) -> tuple[Wanted, tuple[str, ...]]:
    """Replace words that no record has by what they were probably meant to be; leave out those that have no likeness.

    Returns:
        What to look for instead, and a sentence for each replacement.
    """
    notes: list[str] = []
    for term in wanted.included:
        if not _found(connection, term):
            replaced, note = _replacement(connection, term)
            if replaced is None and len(wanted.included) == 1:
                notes.append(f"No record has “{term.shown}”.")
                break
            wanted = wanted.with_term(term, replaced)
            notes.append(note)
    return wanted, tuple(notes)


def _found(connection: psycopg.Connection, term: Term) -> bool:
    query = """
        select exists (select from record_index where words @@ to_tsquery('english', %(q)s)),
            numnode(to_tsquery('english', %(q)s))
    """
    row = connection.execute(query, {"q": term.query}).fetchone()
    return row is None or bool(row[0]) or row[1] == 0


def _replacement(connection: psycopg.Connection, term: Term) -> tuple[Term | None, str]:
    """Find what a term was meant to be."""
    word = "".join(fold(term.shown)).lower()
    if term.kind is Kind.WORD and len(word) >= SHORTEST_PREFIX:
        prefix = word_term(f"{term.shown}*", word, prefix=True)
        if _found(connection, prefix):
            return prefix, f"No record has “{term.shown}”: words that begin so are searched instead."
        if meant := nearest_words(connection, word):
            query = " | ".join(word_term(one, one).query for one in meant)
            shown = "” or “".join(meant)
            return Term(
                shown, f"({query})", Kind.FIXED
            ), f"No record has “{term.shown}”: “{shown}” is searched instead."
    return None, f"No record has “{term.shown}”: it is left out."


def nearest_words(connection: psycopg.Connection, word: str) -> tuple[str, ...]:
    """Give the words of conditions and interventions that are nearest to a mistyped one; none where all are far."""
    most = _slips(word)
    rows = connection.execute(
        _CANDIDATES, {"word": word, "shortest": len(word) - most, "longest": len(word) + most}
    ).fetchall()
    far = {found: distance(word, found, most) for (found,) in rows}
    least = min(far.values(), default=most + 1)
    return tuple(found for found, steps in far.items() if steps == least <= most)[:MOST_MEANT]


def _slips(word: str) -> int:
    """Say how many slips of the finger a word of that length may have."""
    return 0 if len(word) < _SHORT_WORD else 1 if len(word) < _LONG_WORD else 2


def distance(one: str, other: str, most: int) -> int:
    """Count the slips between two words: a letter too many, too few, another letter, or two that changed places.

    Returns:
        The number, or `most + 1` where there are more.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, row = row, [i]
        for j, there in enumerate(other, start=1):
            steps = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                steps = min(steps, before[j - 2] + 1)
            row.append(steps)
        before = last
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
