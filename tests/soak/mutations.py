"""Changes inputs at random: bytes, words, and the structure of JSON."""

import json
import random
from typing import Any

TRAPS = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\r\n",
    b"\t",
    b'"',
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"&a *a",
    b"!!python/object:os.system",
    b"1e999",
    b"-0",
    b"NaN",
    b"9" * 400,
    b"../../etc/passwd",
    b"<script>",
    b"${x}",
    b"%s",
    b"\\u0000",
    b"\\ud800",
    "\u202e".encode(),
    "١٢".encode(),
    b"2026-02-30",
    b"0000-00-00",
    b"null",
    b"true",
    b"<!ENTITY",
)

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**63,
    2**200,
    1.5,
    1e308,
    "",
    " ",
    "x",
    "x" * 3000,
    "\u0000",
    "−1",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "2026-01-07",
    "12:00",
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"value": 1, "unit": "mg/dL"},
    {"value": "1", "unit": "furlong"},
    "mg/dL",
    "001",
    "-" * 30,
    "\U0001f9ec",
    "' or 1=1 --",
    "{{ 7*7 }}",
)


def changed(given: bytes, chance: random.Random) -> bytes:
    """Change a few places of an input; where it is JSON, now and then its structure."""
    if chance.random() < 0.5:
        try:
            return json.dumps(changed_json(json.loads(given), chance)).encode()
        except (ValueError, RecursionError):
            pass
    found = bytearray(given)
    for _ in range(chance.randint(1, 6)):
        place = chance.randint(0, len(found))
        match chance.randint(0, 4):
            case 0:
                found[place:place] = chance.choice(TRAPS)
            case 1:
                del found[place : place + chance.randint(1, 40)]
            case 2:
                found[place : place + 1] = bytes([chance.randrange(256)])
            case 3:
                other = chance.randint(0, len(found))
                found[place:place] = found[other : other + chance.randint(1, 200)]
            case _:
                del found[place:]
    return bytes(found)


def changed_json(value: Any, chance: random.Random) -> Any:
    """Change one to three places of a JSON value."""
    for _ in range(chance.randint(1, 3)):
        value = _changed_once(value, chance)
    return value


def _changed_once(value: Any, chance: random.Random) -> Any:  # noqa: PLR0911 - one answer a change
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        match chance.randint(0, 5):
            case 0:
                return {one: inner for one, inner in value.items() if one != name}
            case 1:
                return value | {str(chance.choice(VALUES))[:50]: chance.choice(VALUES)}
            case _:
                return value | {name: _changed_once(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        match chance.randint(0, 3):
            case 0:
                return value[:place] + value[place + 1 :]
            case 1:
                return [*value, value[place]]
            case _:
                return [*value[:place], _changed_once(value[place], chance), *value[place + 1 :]]
    return chance.choice(VALUES)
