"""The tables of a database, as a backup copies them: which there are, in which order, which columns, which rows."""

from collections.abc import Iterator, Sequence

import psycopg
from psycopg import sql


def tables_in(connection: psycopg.Connection) -> tuple[str, ...]:
    """Name every table, each after those that it refers to."""
    rows = connection.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname"
    ).fetchall()
    refers = connection.execute(
        "select c.conrelid::regclass::text, c.confrelid::regclass::text from pg_constraint c "
        "where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.conrelid <> c.confrelid"
    ).fetchall()
    wanted: dict[str, set[str]] = {str(name): set() for (name,) in rows}
    for one, other in refers:
        wanted[str(one)].add(str(other))
    return tuple(_in_order(wanted))


def _in_order(wanted: dict[str, set[str]]) -> Iterator[str]:
    left = dict(wanted)
    while left:
        free = [name for name, others in left.items() if not others & left.keys()] or list(left)
        for name in free:
            del left[name]
            yield name


def columns_of(connection: psycopg.Connection, table: str) -> tuple[str, ...]:
    """Name the columns of a table that are not computed."""
    rows = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped "
        "and attgenerated = '' order by attnum",
        (f'"{table}"',),
    ).fetchall()
    return tuple(str(name) for (name,) in rows)


def copied_out(connection: psycopg.Connection, table: str, columns: Sequence[str]) -> Iterator[bytes]:
    """Give the rows of a table as PostgreSQL writes them, in the order of their keys: the same rows, the same bytes."""
    query = sql.SQL("copy (select {} from {} order by {}) to stdout").format(
        _listed(columns), sql.Identifier(table), _listed(_key_of(connection, table) or columns)
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            yield bytes(block)


def _key_of(connection: psycopg.Connection, table: str) -> tuple[str, ...]:
    rows = connection.execute(
        "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) "
        "where i.indrelid = %s::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)",
        (f'"{table}"',),
    ).fetchall()
    return tuple(str(name) for (name,) in rows)


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def steps_in(connection: psycopg.Connection) -> tuple[str, ...]:
    """Name the steps of the schema that were taken."""
    rows = connection.execute("select name from schema_step order by name").fetchall()
    return tuple(str(name) for (name,) in rows)


def migrations_in(connection: psycopg.Connection) -> tuple[tuple[str, str], ...]:
    """Name the steps of Django's tables that were taken, in their order; none where there are no such tables."""
    there = connection.execute("select to_regclass('public.django_migrations') is not null").fetchone()
    if there is None or not there[0]:
        return ()
    rows = connection.execute("select app, name from django_migrations order by id").fetchall()
    return tuple((str(app), str(name)) for app, name in rows)
