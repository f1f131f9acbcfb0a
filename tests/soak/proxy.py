"""Stands between a process and its PostgreSQL, and cuts the line where a test wants it: a socket that is closed."""

import socket
import threading
from contextlib import contextmanager, suppress

NAME = ".s.PGSQL.5432"
"""What a socket of PostgreSQL is called in its folder."""

WRITING, COMMIT = b"prev_hash", b"COMMIT"
"""What is sent with each entry (its statement is prepared, and sent once), and what ends its transaction."""


class Proxy:
    """Passes everything on. While it is closed nobody comes through; a cut is made once, at the next entry."""

    def __init__(self, folder, server):
        self.folder, self.server = folder, str(server / NAME)
        self.open, self.cut, self.pairs = True, None, []
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(folder / NAME))
        self.listening.listen(64)
        self.address = f"postgresql://postgres:@/postgres?host={folder}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_before_commit(self):
        """Close the line when an entry has been sent, and its transaction has not been."""
        self.cut = WRITING

    def cut_after_commit(self):
        """Close the line when the server has committed an entry, before its answer is passed on."""
        self.cut = COMMIT

    def shut(self):
        """Close every line, and let nobody through."""
        self.open = False
        for pair in self.pairs:
            _close(*pair)

    def reopen(self):
        self.open = True

    def _accept(self):
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            if not self.open:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.server)
            self.pairs.append((client, server))
            line = _Line(self, client, server)
            threading.Thread(target=line.there, daemon=True).start()
            threading.Thread(target=line.back, daemon=True).start()


class _Line:
    """One connection, in both directions."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.writing = self.silent = False

    def there(self):
        with suppress(OSError):
            while data := self.client.recv(1 << 16):
                self.writing = self.writing or WRITING in data
                ends = self.writing and COMMIT in data
                if ends and self.proxy.cut == COMMIT:
                    self.silent, self.proxy.cut = True, None
                self.server.sendall(data)
                if self.writing and self.proxy.cut == WRITING:
                    self.proxy.cut = None
                    break
                self.writing = self.writing and not ends
        if not self.silent:
            _close(self.client, self.server)

    def back(self):
        with suppress(OSError):
            while data := self.server.recv(1 << 16):
                if self.silent:  # the server has answered: it is done there
                    break
                self.client.sendall(data)
        _close(self.client, self.server)


def _close(*ends):
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def a_proxy(folder, server):
    """Stand before the PostgreSQL of a folder."""
    made = Proxy(folder, server)
    try:
        yield made
    finally:
        made.listening.close()
        made.shut()
