"""Every page of a study, and of the registry, in Chinese: no English is left but what stays as it was written."""

import json
import re
from html.parser import HTMLParser

import pytest
from tests.registry_records import a_small_record
from tests.web.test_accessibility import (
    ADDRESSES,
    RECORD,
    ROLES,
    SECOND_FACTOR,
    records,  # noqa: F401 - a fixture
)

MORE = (
    *(f"{{study}}results/?section={one}" for one in ("flow-section", "escalation", "safety", "efficacy", "listings")),
    "{study}participants/009/",
    "{study}participants/002/record/laboratory/",
    "{study}participants/002/record/death/",
    "{study}participants/009/record/eligibility_confirmed/",
    "{study}record/dose_decision/",
    "{study}entries/999999/",
    "{study}participants/nobody/",
    "{study}results/?cutoff=nonsense",
    "/registry/?km=nonsense",
    "/nowhere/",
)
"""Further addresses: sections of the results, other records, and what is not there."""


def those(words):
    return frozenset(words.split())


ABBREVIATIONS = those(
    """ASTCT ANC ATMP BOIN CAPD CAR-T CRF CRM CRS CSV CTCAE DLT DLTs DOCX DOR EBMT ECOG EHA ELN FDA FHIR GCP HTML HTTP
    ICAHT ICANS ICE ICH ICMJE IND INR JSON LLN LOINC MRD MTD NCI NCT NMPA PDF PNG RTF SHA SPIRIT SUSAR SVG TEAE TITE
    TOTP ULN UTC WHO XML CRi CRh MLFS mTPI"""
)
"""Abbreviations are the same in both languages."""
NAMES = those(
    """earlyphase English ClinicalTrials gov Lansky Karnofsky Clopper Pearson Kaplan Meier Aalen Johansen Wilson
    Jeffreys beta log logistic keyboard Storer Lee Helsinki Excel Google Microsoft Authenticator toml nonsense"""
)
"""Names of people, of methods and of programs, and what was typed into an address."""
UNITS = those("mmol mol mmHg min µmol")
CODES = those("differs_because deviation")
"""Codes of the interface, in a message that names them."""
ALLOWED = ABBREVIATIONS | NAMES | UNITS | CODES

_WORD = re.compile(r"[A-Za-z]{3,}(?:-[A-Za-z]+)*|CAR-T")
_NO_WORDS = re.compile(r"\b\w+(?:[._]\w+)+\b|\b[0-9a-f]{8,}\b|[\w.-]+@[\w.-]+")
"""Paths within the protocol's file, hashes, addresses."""
_SILENT = {"script", "style", "code", "kbd"}
_VOID = {"br", "input", "meta", "link", "hr", "img", "col", "wbr"}
_SHOWN = ("title", "placeholder", "aria-label", "alt", "data-label")


class Words(HTMLParser):
    """Reads what a page says: its text and what its attributes say, but for what it marks as English itself."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.said = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if not self._silent():
            self.said += [given[name] for name in _SHOWN if given.get(name)]
        if tag not in _VOID:
            self.open.append((tag, (given.get("lang") or "").startswith("en") or tag in _SILENT))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self._silent() and data.strip():
            self.said.append(" ".join(data.split()))

    def _silent(self):
        return any(silent for _, silent in self.open)


def leaves(value):
    """Give every text of a document."""
    if isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield " ".join(value.split())


def english(page, as_written):
    """Give the texts of a page that have English words in them which nobody wrote into the study or its record."""
    reader = Words()
    reader.feed(page)
    found = {}
    for text in reader.said:
        rest = as_written.sub(" ", _NO_WORDS.sub(" ", text))
        if words := [word for word in _WORD.findall(rest) if word not in ALLOWED]:
            found[text] = words
    return found


def as_written(study):
    """Give a pattern of what the study's file, its entries, its people and the records say themselves."""
    from django.utils.translation import override

    from earlyphase.web.language import word
    from earlyphase.web.people.models import AccountEntry, Person

    texts = set(leaves([one.protocol.model_dump(mode="json") for one in study.before.protocols.values()]))
    texts |= set(leaves([json.loads(entry.payload) for entry in study.journal()]))
    texts |= {entry.recorded_by for entry in study.journal()} | {study.name}
    with override("zh-hans"):
        own = {text for text in texts if len(text) > 1 and word(text) == text}
    for person in Person.objects.all():  # other tests leave their people and records in the site
        own |= {person.full_name, person.username}
    own |= {line.because for line in AccountEntry.objects.all() if line.because}
    own |= {text for record in stored_records() for text in leaves(record) if _WORD.search(text)}
    own |= {part for text in leaves(a_small_record(RECORD)) for part in _WORD.findall(text)}
    return re.compile("|".join(rf"\b{re.escape(text)}" for text in sorted(own, key=len, reverse=True)))


def stored_records():
    """Give every record of the site."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select content from record_version")
        return [json.loads(content) for (content,) in cursor.fetchall()]


@pytest.fixture
def addresses(busy):
    entry = next(one.seq for one in busy.entries() if one.record.startswith("consent/"))
    known = {"study": busy.path(), "entry": entry}
    named = (
        (ADDRESSES[name].format(**known), ROLES.get(name, "investigator"))
        for name in ADDRESSES
        if name not in SECOND_FACTOR
    )
    return [*named, *((address.format(**known), "investigator") for address in MORE)]


def test_no_page_says_anything_in_english_on_a_chinese_page(busy, addresses, records):  # noqa: F811 - the fixture
    pattern, left = as_written(busy), {}
    browsers = {role: busy.browser(role) for role in {role for _, role in addresses}}
    for address, role in addresses:
        browsers[role].cookies["language"] = "zh-hans"
        answer = browsers[role].get(address, headers={"host": "localhost"}, follow=True)
        assert "text/html" in answer["Content-Type"], address
        if found := english(answer.content.decode(), pattern):
            left[address] = found
    assert not left, "\n".join(f"{address}: {text}" for address, texts in left.items() for text in texts)


def test_what_is_left_in_english_is_found():
    page = '<html><p title="Why">否 Not yet <b lang="en">as written</b> DLT</p><script>no words</script>'
    assert english(page, re.compile("Nobody")) == {"Why": ["Why"], "否 Not yet": ["Not", "yet"]}
