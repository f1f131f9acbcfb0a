"""Records go into a real database: every version once, and one bad line costs nobody else."""

import datetime as dt
import gzip
import json
import lzma
from functools import partial

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry_records import a_record, an_outcome

from earlyphase.faults import InvalidInput
from earlyphase.registry.difference import difference
from earlyphase.registry.part import as_json
from earlyphase.registry.reading import write_record
from earlyphase.store import records_import, records_source
from earlyphase.store.records import stored_record, versions
from earlyphase.store.records_import import Watch, import_records
from earlyphase.store.records_source import Given, given_records
from earlyphase.store.records_writing import Writer
from earlyphase.store.search import Question, search, searching

SEEN = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
LATER = SEEN + dt.timedelta(days=1)


@pytest.fixture
def take_in(records_address):
    return partial(taken_in, records_address)


@pytest.fixture
def connection(records_address):
    with searching(records_address) as made:
        yield made


def taken_in(address, given_ones, seen_at=SEEN):
    """Import records, files or bytes; give the tally and what was refused."""
    refused = []
    listed = [
        one if isinstance(one, Given | InvalidInput) else Given("a test", one if isinstance(one, bytes) else line(one))
        for one in given_ones
    ]
    tally = import_records(address, listed, seen_at, Watch(lambda _: None, lambda fault: refused.append(str(fault))))
    return tally, refused


def line(record):
    return json.dumps(as_json(record), ensure_ascii=False).encode()


def a_study(number, title="Cells for lymphoma", updated="2026-01-01", **modules):
    return a_record(
        identificationModule={"nctId": f"NCT{number:08d}", "briefTitle": title},
        statusModule={"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": updated}},
        **modules,
    )


def title_found(connection, number):
    (hit,) = search(connection, Question(f"NCT{number:08d}")).hits
    return hit.title


def test_an_import_that_is_run_again_takes_nothing_in_twice(take_in, connection):
    records = [a_study(number) for number in range(100, 110)]
    assert take_in(records)[0].new == 10
    tally, refused = take_in(records)
    assert (tally.read, tally.new, tally.changed, tally.known, refused) == (10, 0, 0, 10, [])
    assert len(versions(connection, "NCT00000100")) == 1


def test_an_interrupted_import_goes_on_where_it_stopped(records_address, connection, monkeypatch):
    monkeypatch.setattr(records_import, "BATCH", 3)
    records = [a_study(number) for number in range(200, 210)]

    def broken_off():
        for number, record in enumerate(records):
            if number == 8:
                raise KeyboardInterrupt
            yield Given("a test", line(record))

    with pytest.raises(KeyboardInterrupt):
        import_records(records_address, broken_off(), SEEN)
    tally, _ = taken_in(records_address, records)
    assert 0 < tally.known < 8
    assert tally.new + tally.known == 10
    assert title_found(connection, 209) == "Cells for lymphoma"


def test_two_imports_at_once_are_not_taken_in(records_address):
    with Writer(records_address, SEEN), pytest.raises(InvalidInput, match="taking in records already"):
        taken_in(records_address, [a_study(250)])
    assert taken_in(records_address, [a_study(250)])[0].new == 1


def test_the_number_of_another_registry_is_found_as_it_is_written(take_in, connection):
    record = a_record(identificationModule={"nctId": "ChiCTR2300070000", "briefTitle": "Cells"})
    take_in([record])
    assert stored_record(connection, "ChiCTR2300070000") == record


def test_the_same_record_with_its_keys_in_another_order_is_the_same_version(take_in):
    record = as_json(a_study(300))
    turned = {"more": None, **record}
    del turned["more"]
    turned["protocolSection"] = dict(reversed(record["protocolSection"].items()))
    assert take_in([json.dumps(record).encode(), json.dumps(turned, indent=2).encode()])[0].known == 1


def test_every_version_is_kept_and_the_one_last_updated_is_found(take_in, connection):
    take_in([a_study(400, "First title", "2026-01-01")])
    tally, _ = take_in([a_study(400, "Second title", "2026-02-01")], LATER)
    assert (tally.new, tally.changed) == (0, 1)
    assert title_found(connection, 400) == "Second title"
    first, second = versions(connection, "NCT00000400")
    assert (first.version, first.current, first.seen_at) == (1, False, SEEN)
    assert (second.version, second.current, second.seen_at) == (2, True, LATER)
    changes = difference(stored_record(connection, "NCT00000400", 1), stored_record(connection, "NCT00000400"))
    assert [change.after for change in changes] == ["Second title", "2026-02-01"]


def test_an_older_download_that_comes_later_does_not_displace_the_newer(take_in, connection):
    take_in([a_study(500, "Newer", "2026-02-01")])
    assert take_in([a_study(500, "Older", "2026-01-01")])[0].changed == 1
    assert title_found(connection, 500) == "Newer"
    assert [one.current for one in versions(connection, "NCT00000500")] == [True, False]


def test_two_versions_in_one_file_are_both_kept(take_in, connection):
    tally, _ = take_in(
        [a_study(600, "Newer", "2026-02-01"), a_study(600, "Older", "2026-01-01"), a_study(600, "Newer", "2026-02-01")]
    )
    assert (tally.new, tally.changed, tally.known) == (1, 1, 1)
    assert title_found(connection, 600) == "Newer"


def test_one_bad_line_among_many_is_told_with_file_and_line_and_the_rest_is_done(take_in, tmp_path, connection):
    lines = [line(a_study(number)) for number in range(700, 720)]
    lines[7] = b'{"protocolSection": '
    file = tmp_path / "records.jsonl"
    file.write_bytes(b"\n".join(lines))
    tally, refused = take_in(given_records(file))
    assert (tally.new, tally.refused) == (19, 1)
    assert f"{file}:8 " in refused[0]
    assert "is not JSON" in refused[0]
    assert title_found(connection, 719) == "Cells for lymphoma"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"[]", "no record but another kind"),
        (b"{}", "no protocolSection"),
        (b'{"protocolSection": {}}', "no registration number"),
        (b'{"protocolSection": {"identificationModule": {"nctId": "NCT1\\u0000"}}}', "no registration number"),
        (b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000001", "acronym": 5}}}', "acronym"),
        (b'{"nct_id": 5}', "no registration number"),
        (b'{"nct_id": "NCT00000001", "phase": 5}', "should be text"),
        (b"\xff\xfe{", "is not UTF-8"),
        ('{"nct_id": "NCT00000001"}'.encode("utf-16-le"), "is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"protocolSection": ' + b"9" * 5000 + b"}", "number that cannot be read"),
    ],
)
def test_what_is_no_record_is_refused_with_its_reason(take_in, content, why):
    tally, refused = take_in([content, a_study(800)])
    assert (tally.refused, tally.new + tally.known) == (1, 1)
    assert why in refused[0]


def test_control_characters_are_kept_in_the_record_and_left_out_of_the_search(take_in, connection):
    record = a_study(900, title="Cells\x00 for\x1b[2J <b>lymphoma</b>", conditionsModule={"conditions": ["A\x00B"]})
    assert take_in([record])[1] == []
    assert stored_record(connection, "NCT00000900") == record
    (hit,) = search(connection, Question("NCT00000900 lymphoma")).hits
    assert hit.title == "Cells  for [2J <b>lymphoma</b>"
    assert hit.conditions == ("A B",)


def test_an_unknown_code_is_kept_found_and_flagged(take_in, connection):
    tally, _ = take_in([a_study(1000, designModule={"phases": ["PHASE9"]})])
    assert tally.kinds[("protocolSection.designModule.phases[]", "is not in the registry's list Phase")] == 1
    assert [hit.nct_id for hit in search(connection, Question(phases=("PHASE9",))).hits] == ["NCT00001000"]
    assert versions(connection, "NCT00001000")[0].irregular == 1


def test_a_record_of_absurd_size_is_kept_whole_and_its_beginning_is_found(take_in, connection):
    words = " ".join(f"word{number}" for number in range(60_000))
    outcomes = [an_outcome(f"measure{number} " + "x" * 3000, "1 day") for number in range(200)]
    modules = {"descriptionModule": {"detailedDescription": words}, "outcomesModule": {"primaryOutcomes": outcomes}}
    record = a_study(1100, conditionsModule={"conditions": [f"condition{n}" for n in range(5000)]}, **modules)
    assert take_in([record])[1] == []
    assert stored_record(connection, "NCT00001100") == record
    assert search(connection, Question("word17 condition3")).total == 1


def test_a_line_longer_than_any_record_is_refused_and_the_next_is_read(take_in, tmp_path, monkeypatch):
    monkeypatch.setattr(records_source, "LARGEST", 1000)
    file = tmp_path / "records.ndjson"
    file.write_bytes(b"x" * 5000 + b"\n" + line(a_study(1200)) + b"\n")
    tally, refused = take_in(given_records(file))
    assert (tally.new, tally.refused) == (1, 1)
    assert f"{file}:1: is larger" in refused[0]


@pytest.mark.parametrize("opened", [gzip.open, lzma.open])
def test_a_compressed_file_that_was_cut_short_gives_what_comes_before(take_in, tmp_path, opened):
    base = 1300 if opened is gzip.open else 1400
    file = tmp_path / f"records.jsonl.{'gz' if opened is gzip.open else 'xz'}"
    with opened(file, "wb") as out:
        for number in range(base, base + 50):
            out.write(line(a_study(number, title=f"{number * 7919}" * 2000, armsInterventionsModule={})) + b"\n")
    file.write_bytes(file.read_bytes()[:-400])
    tally, refused = take_in(given_records(file))
    assert tally.new > 0
    assert len(refused) == 1
    assert "cannot be read" in refused[0]


@pytest.mark.parametrize(
    ("name", "wrap"),
    [
        ("one.json", lambda records: records[0]),
        ("list.json", lambda records: records),
        ("page.json", lambda records: {"studies": records, "nextPageToken": "x"}),
    ],
)
def test_one_record_a_list_and_a_page_of_the_registry_are_read(tmp_path, name, wrap):
    records = [as_json(a_study(1)), as_json(a_study(2))]
    file = tmp_path / name
    for indent in (None, 2):
        file.write_text(json.dumps(wrap(records), indent=indent))
        found = [json.loads(one.content) for one in given_records(file)]
        assert found == (records[:1] if name == "one.json" else records)


def test_json_lines_are_known_by_their_content_too(tmp_path):
    file = tmp_path / "records.json"
    file.write_bytes(line(a_study(1)) + b"\n\n" + line(a_study(2)))
    assert [one.place for one in given_records(file)] == [f"{file}:1", f"{file}:3"]


def test_a_record_of_the_flat_shape_and_of_the_api_are_versions_of_one(take_in, connection):
    take_in([a_study(1500, "Cells", "2026-02-01")])
    row = {"nct_id": "NCT00001500", "brief_title": "Cells", "last_update": "2026-01-01", "rec_status": "Completed"}
    tally, _ = take_in([json.dumps(row).encode()])
    assert tally.changed == 1
    assert [one.shape for one in versions(connection, "nct00001500 ")] == ["v2", "flat"]


@pytest.mark.parametrize("number", ["NCT99999999", "", "\x00", "' or true --"])
def test_a_record_that_was_never_seen_is_named(connection, number):
    with pytest.raises(InvalidInput, match="is not in the database"):
        versions(connection, number)


def test_a_version_that_was_never_seen_is_named(take_in, connection):
    take_in([a_study(1600)])
    with pytest.raises(InvalidInput, match="There is: 1"):
        stored_record(connection, "NCT00001600", 7)


TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["\x00", "\x1b[2J", "\\", "\t", "\u2028", "T-ALL"]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(title=TEXT, condition=TEXT, status=TEXT, country=TEXT, date=TEXT)
def test_whatever_stands_in_its_texts_a_record_is_kept_as_it_was_given(
    records_address, title, condition, status, country, date
):
    record = a_record(
        identificationModule={"nctId": "NCT00001700", "briefTitle": title},
        statusModule={"overallStatus": status, "startDateStruct": {"date": date}},
        conditionsModule={"conditions": [condition]},
        contactsLocationsModule={"locations": [{"country": country, "geoPoint": {"lat": 1, "lon": 2}}]},
    )
    tally, refused = taken_in(records_address, [line(record)])
    assert refused == []
    with psycopg.connect(records_address) as connection:
        seen = versions(connection, "NCT00001700")
        stored = [write_record(stored_record(connection, "NCT00001700", one.version)) for one in seen]
    assert write_record(record) in stored
    assert tally.new + tally.changed + tally.known == 1
