"""A payload is read when somebody asks for it; what cannot be read says so, with its entry."""

import datetime as dt

import pytest
from tests.builders import Site, day

from earlyphase.faults import Broken
from earlyphase.journal.entry import Draft, Kind
from earlyphase.journal.payloads.entering import Consent
from earlyphase.study.reconstruct import reconstruct


def a_site_with(record, payload):
    """A journal whose chain is sound, with an entry that this software did not write."""
    site = Site()
    site.consents("001", day(1))
    head = site.journal.read()[-1].head
    later = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    draft = Draft(later, "Li Wei", "coordinator", Kind.RECORDED, record, "001", payload)
    site.journal.append([draft], head)
    return site


def test_a_record_that_is_not_known_is_found_at_once():
    site = a_site_with("horoscope/1", "{}")
    with pytest.raises(Broken, match=r"entry 3: 'horoscope/1' is not a record that is known"):
        reconstruct(site.protocols, site.journal.read())


def test_a_payload_that_cannot_be_read_is_found_when_it_is_asked_for():
    site = a_site_with("visit/1", '{"on":"someday"}')
    study = reconstruct(site.protocols, site.journal.read())
    person = study.participants["001"]
    assert person.last(Consent).version == "1.0"
    with pytest.raises(Broken, match="entry 3: 'visit/1' cannot be read"):
        [fact.payload for facts in person.facts.values() for fact in facts]


def test_a_payload_is_read_once():
    site = Site()
    site.consents("001", day(1))
    (fact,) = site.study.participants["001"].all(Consent)
    assert fact.payload is fact.payload
