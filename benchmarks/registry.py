"""The registry: reading, checking, importing and searching many records, beside SQLite FTS5 on the same ones.

The records are the real ones of the reference folder, varied with a seed: each takes its words, sites and dates from
several of them. The folder may not be shipped; without it only what needs no records is measured, which is nothing.
"""

import datetime as dt
import gzip
import json
import lzma
import os
import random
import re
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from benchmarks.measurement import Measurement, timed

from earlyphase.registry.aact import flat_record
from earlyphase.registry.checks.catalogue import check_record
from earlyphase.registry.criteria import parse_criteria
from earlyphase.registry.part import as_json
from earlyphase.store.records_import import import_records
from earlyphase.store.records_source import given_records
from earlyphase.store.search import Question, Sort, search, searching
from earlyphase.store.search_filters import Near
from earlyphase.store.server import database

RECORDS = int(os.environ.get("EARLYPHASE_BENCH_RECORDS", "100000"))
READ = 3_000
QUESTIONS = 400
SEED = 20260503
FOLDER = Path(os.environ.get("EARLYPHASE_REFERENCE", Path(__file__).parents[2] / "shared" / "reference")) / "registry"
BROAD = ("cancer", "diabetes", "pain", "children", "vaccine", "surgery", "patients", "lung cancer", "breast cancer")
DAY = dt.date(2026, 5, 3)
NOW = dt.datetime(2026, 5, 3, tzinfo=dt.UTC)


def run() -> list[Measurement]:
    """Measure reading, checking, importing and searching."""
    if not FOLDER.is_dir():
        print(f"  no records: {FOLDER} is not there")
        return []
    flat = real_rows()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.jsonl"
        write_varied(file, flat)
        return [*reading(flat), *postgres(Path(folder), file), *sqlite(Path(folder), file)]


def real_rows() -> list[dict[str, Any]]:
    """Read the flat records."""
    with gzip.open(FOLDER / "ctrialsgov_aact_sample.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def reading(flat: list[dict[str, Any]]) -> list[Measurement]:
    """Measure what is done with one record after another."""
    records = [flat_record(row) for row in flat[:READ]]
    texts = [record.protocol_section.eligibility_module.eligibility_criteria or "" for record in records]
    return [
        Measurement(f"parse the criteria of {READ:,} records", timed(lambda: [*map(parse_criteria, texts)]), "s", 10.0),
        Measurement(f"check {READ:,} records", timed(lambda: [check_record(one, DAY) for one in records]), "s", 20.0),
    ]


def write_varied(file: Path, flat: list[dict[str, Any]]) -> None:
    """Write many records that are made of the real ones: half in the flat shape, half as the API gives them."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret: the same records for everyone
    with lzma.open(FOLDER / "records-68.jsonl.xz", "rt", encoding="utf-8") as lines:
        whole = [json.loads(line) for line in lines]
    sites = [site for record in whole for site in locations(record)]
    with file.open("w", encoding="utf-8") as out:
        for number in range(RECORDS):
            row = varied(flat, chance, number)
            made = row if number % 2 else with_sites(row, sites, chance)
            if number % 50 == 0:
                made = renumbered(chance.choice(whole), number)
            out.write(json.dumps(made, ensure_ascii=False) + "\n")


def locations(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the sites of a record that say where they lie."""
    found = record["protocolSection"].get("contactsLocationsModule", {}).get("locations", [])
    return [site for site in found if "geoPoint" in site]


def varied(flat: list[dict[str, Any]], chance: random.Random, number: int) -> dict[str, Any]:
    """Make a record of several: the body of one, the condition or interventions of others, a code of its own."""
    row, other = dict(chance.choice(flat)), chance.choice(flat)
    row["nct_id"] = f"NCT{10_000_000 + number}"
    row["rec_status"] = chance.choice(flat)["rec_status"]
    row["last_update"] = chance.choice(flat)["last_update"]
    if chance.random() < 0.3:  # noqa: PLR2004 - a share of the records
        row["interventions"] = other.get("interventions", "")
        row["brief_title"] = f"{other['brief_title']} in {row['conditions'].split('|')[0]}"
    row["official_title"] = f"{row.get('official_title') or row['brief_title']} ({code(chance)})"
    return row


def code(chance: random.Random) -> str:
    """Make the code of a product, so that the words do not run out as they would not among real records."""
    letters = "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(3))
    return f"{letters}-{chance.randrange(10, 9999)}"


def with_sites(row: dict[str, Any], sites: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """Give a record as the registry's API does, with one to four sites."""
    data: dict[str, Any] = as_json(flat_record(row))
    places = {"locations": chance.sample(sites, chance.randint(1, 4))}
    data["protocolSection"]["contactsLocationsModule"] = places
    return data


def renumbered(record: dict[str, Any], number: int) -> dict[str, Any]:
    """Give a whole real record under another number."""
    section = record["protocolSection"]
    identification = {**section["identificationModule"], "nctId": f"NCT{10_000_000 + number}"}
    return {**record, "protocolSection": {**section, "identificationModule": identification}}


def questions(flat: list[dict[str, Any]]) -> list[Question]:
    """Make questions as people ask them: mostly a condition or a product, some broad, some narrowed, some mistyped."""
    chance = random.Random(SEED + 1)  # noqa: S311 - as above
    return [question(chance, chance.choice(flat)) for _ in range(QUESTIONS)]


def question(chance: random.Random, row: dict[str, Any]) -> Question:
    """Make one question about a record."""
    condition = " ".join(chance.choice(row["conditions"].split("|")).split()[:4])
    names = re.findall(r"\|name=\w+: ([^|]*)", row.get("interventions", ""))
    product = " ".join(chance.choice(names).split()[:3]) if names else condition
    kinds = {
        40: Question(condition),
        25: Question(product),
        13: Question(f"{condition} {product.split()[0]}"),
        12: Question(condition, phases=("PHASE1", "EARLY_PHASE1"), statuses=("RECRUITING",)),
        4: Question(condition, near=Near(30.3, 120.2, 500)),
        1: Question(condition, countries=("China",), sort=Sort.UPDATED),
        3: Question(mistyped(condition, chance)),
        2: Question(chance.choice(BROAD)),
    }
    return chance.choices([*kinds.values()], [*kinds])[0]


def mistyped(text: str, chance: random.Random) -> str:
    """Let two letters change places in the longest word."""
    word = max(text.split(), key=len)
    place = chance.randrange(max(1, len(word) - 1))
    return text.replace(word, word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :])


def postgres(folder: Path, file: Path) -> list[Measurement]:
    """Measure the embedded PostgreSQL."""
    asked = questions(real_rows())
    with database(None, folder / "pg") as address:
        imported = timed(lambda: import_records(address, given_records(file), NOW))
        again = timed(lambda: import_records(address, given_records(file), NOW))
        with searching(address) as connection:
            plain = took(connection, asked, facets=False)
            counted = took(connection, asked, facets=True)
            broad = took(connection, [Question(text) for text in BROAD], facets=True)
    return [
        Measurement(f"import and index {RECORDS:,} records", imported, "s", 180.0),
        Measurement("  again, nothing new", again, "s"),
        Measurement("search, p50", percentile(plain, 50), "ms", 5.0),
        Measurement("search, p95", percentile(plain, 95), "ms", 25.0),
        Measurement("search with facets, p50", percentile(counted, 50), "ms"),
        Measurement("search with facets, p95", percentile(counted, 95), "ms", 50.0),
        Measurement("search for the broadest words, with facets, slowest", max(broad), "ms"),
    ]


def took(connection: psycopg.Connection, asked: list[Question], *, facets: bool) -> list[float]:
    """Time each question.

    Units: ms.
    """
    return [milliseconds(lambda one=one: search(connection, one, facets=facets)) for one in asked]


def milliseconds(action: Callable[[], object]) -> float:
    """Time an action; the best of three counts, since others may be at work on the machine.

    Units: ms.
    """
    return 1000 * min(timed(action) for _ in range(3))


def percentile(values: list[float], percent: int) -> float:
    """Give a percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def sqlite(folder: Path, file: Path) -> list[Measurement]:
    """Measure SQLite FTS5: bare texts and its own ranking; no versions, synonyms, facets, places or corrections."""
    connection = sqlite3.connect(folder / "sqlite.db")
    connection.execute("create virtual table record using fts5(nct_id unindexed, head, other, tokenize='porter')")

    def build() -> None:
        connection.executemany("insert into record values (?, ?, ?)", texts(file))
        connection.commit()

    built = timed(build)
    query = "select nct_id from record where record match ? order by bm25(record, 0, 4, 1) limit 20"
    asked = [" ".join(f'"{word}"' for word in re.findall(r"\w+", one.text)) for one in questions(real_rows())]
    spent = [milliseconds(lambda text=text: connection.execute(query, (text,)).fetchall()) for text in asked if text]
    connection.close()
    return [
        Measurement(f"SQLite FTS5: index {RECORDS:,} bare texts", built, "s"),
        Measurement("SQLite FTS5: search, p50", percentile(spent, 50), "ms"),
        Measurement("SQLite FTS5: search, p95", percentile(spent, 95), "ms"),
    ]


def texts(file: Path) -> Iterator[tuple[str, str, str]]:
    """Give the texts of the records, without reading them as records."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            section = data.get("protocolSection")
            if section is None:
                head = [data.get(name) or "" for name in ("brief_title", "conditions", "interventions")]
                yield data["nct_id"], " ".join(head), " ".join(str(value) for value in data.values())
            else:
                names, arms = section["identificationModule"], section.get("armsInterventionsModule", {})
                listed = [one.get("name", "") for one in arms.get("interventions", [])]
                listed += section.get("conditionsModule", {}).get("conditions", [])
                yield names["nctId"], " ".join([names.get("briefTitle", ""), *listed]), " ".join(strings(section))


def strings(value: object) -> Iterator[str]:
    """Give every text in a piece of JSON."""
    match value:
        case str():
            yield value
        case dict():
            for held in value.values():
                yield from strings(held)
        case list():
            for held in value:
                yield from strings(held)
        case _:
            pass
