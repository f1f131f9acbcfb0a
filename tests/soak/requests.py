"""Asks every address of the site at random, as somebody who is logged in, as a program, as nobody."""

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.soak.mutations import TRAPS, VALUES, changed, changed_json

HEADERS = ("Accept", "Accept-Language", "Authorization", "Idempotency-Key", "HX-Request", "X-Forwarded-For", "Cookie")
ANOTHER, FOUND = 0.02, 302
METHODS = ("HEAD", "PUT", "DELETE", "OPTIONS", "GET", "POST")
QUERIES = (
    "as_of",
    "head",
    "from",
    "participant",
    "record",
    "by",
    "after",
    "limit",
    "cutoff",
    "stage",
    "on",
    "q",
    "page",
    "pending",
    "jurisdiction",
    "lang",
    "next",
)


HOLES = {
    "number": ("001", "004", "010", "012"),
    "record": ("visit", "adverse_event", "laboratory", "bedside_chart", "eligibility_confirmed", "dose_decision"),
    "seq": ("3", "40", "400"),
    "field": ("name", "term"),
    "person": ("coordinator", "monitor", "nobody"),
    "what": ("deactivate", "password", "unlock", "factor"),
    "kind": ("pdf", "html", "csv", "json", "svg", "docx", "rtf"),
    "part": ("flow", "demographics", "os"),
}
"""What stands in the holes of addresses, where nothing absurd does."""


@dataclass
class Asker:
    """Who asks, and what there is to ask for."""

    client: Any
    token: str
    study: str
    paths: Sequence[tuple[str, tuple[str, ...]]]
    """Each with the methods that it takes."""
    bodies: Sequence[bytes]
    logs_in: Callable[[random.Random], None]
    """Logs somebody in."""
    out: bool = True
    """Whether the last answer led to the log-in."""

    def asks(self, chance: random.Random) -> tuple[str, str, int]:
        """Ask once; give what was asked and the status of the answer."""
        if self.out or chance.random() < ANOTHER:
            self.logs_in(chance)
        path, taken = self._path(chance)
        method = chance.choice(taken or ("GET", "POST")) if chance.random() < 0.9 else chance.choice(METHODS)
        query = {name: _word(chance) for name in chance.sample(QUERIES, chance.randint(0, 2))}
        headers = {name: _word(chance) for name in chance.sample(HEADERS, chance.randint(0, 1))}
        headers = {name: _visible(text) for name, text in headers.items()}
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(chance.random()), **headers}
        body, kind = self._body(path, chance)
        answer = self.client.generic(
            method, path, body, content_type=kind, headers=headers, query_params=query, follow=False
        )
        b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.out = answer.status_code == FOUND and "log-in" in answer["Location"]
        return method, path, answer.status_code

    def _path(self, chance: random.Random) -> tuple[str, tuple[str, ...]]:
        pattern, taken = chance.choice(self.paths)
        fill = {"study": self.study} | {name: chance.choice(values) for name, values in HOLES.items()}

        def filled(hole: re.Match[str]) -> str:
            if chance.random() < 0.2:
                return _visible(_word(chance)).replace("?", "").replace("#", "")[:60] or "x"
            if "int:" in hole[0]:
                return str(chance.choice((1, 2, 3, 4, 99999, 2**63)))
            return fill.get(hole[1], "1")

        return re.sub(r"<(?:\w+:)?(\w+)>", filled, pattern), taken

    def _body(self, path: str, chance: random.Random) -> tuple[bytes, str]:
        seed = chance.choice(self.bodies)
        if path.startswith("/api/"):
            body = changed(seed, chance) if chance.random() < 0.8 else seed
            return body, "application/json" if chance.random() < 0.9 else chance.choice(
                ("text/plain", "multipart/form-data")
            )
        given = json.loads(seed)
        payload = changed_json(given.get("payload", {}), chance) if isinstance(given, dict) else {}
        fields = payload.items() if isinstance(payload, dict) else ()
        lines = [f"{name}={str(value)[:500]}" for name, value in fields]
        lines += [f"results.{chance.choice((0, 1, 99))}.analyte={_word(chance)}", f"reason={_word(chance)}"]
        return "&".join(lines).encode("utf-8", "replace"), "application/x-www-form-urlencoded"


def _word(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(TRAPS).decode("utf-8", "replace")
    return str(chance.choice(VALUES))[:300]


def _visible(text: str) -> str:
    """Leave what a header or an address can hold at all."""
    return "".join(letter for letter in text if letter.isascii() and letter.isprintable())
