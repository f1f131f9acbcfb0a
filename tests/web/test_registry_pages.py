"""The registry on the web: search, a record's page, versions, two side by side, and who could qualify."""

import datetime as dt
import json
import re
from xml.etree import ElementTree as ET

import pytest
from tests.registry_records import a_small_record, the_record

OURS = "NCT06633354"
RARE = "Quaggathalassaemia"
"""A condition that no record of another test has."""
NOW = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def site(django):
    """Give a browser of nobody in particular, on a site with a few records."""
    from django.db import connections
    from django.test import Client

    from earlyphase.store.rates import measure_rates
    from earlyphase.store.records_import import import_records
    from earlyphase.store.records_source import Given

    base = django.DATABASES["default"]
    address = f"postgresql://{base['USER']}@/{base['NAME']}?host={base['HOST']}"
    given = [
        a_small_record("NCT00000001", condition=RARE),
        a_small_record("NCT00000002", condition=RARE, title="Another study of cells", start="2025-01-01"),
        a_small_record(
            "NCT00000003", condition="Quokkasthma", sponsor="Elsewhere", start="2020-01-01", title="Breathing"
        ),
    ]
    derived = {"conditionBrowseModule": {"meshes": [{"id": "D1", "term": "Leukaemia <b>"}]}}
    given.append(a_small_record("NCT00000004", condition="Numbatitis") | {"derivedSection": derived})
    first = [Given(f"file:{at}", json.dumps(one).encode()) for at, one in enumerate(given, 1)]
    later = a_small_record("NCT00000001", condition=RARE, title="A study of other cells", updated="2026-02-01")
    import_records(address, first, NOW)
    import_records(address, [Given("later:1", json.dumps(later).encode())], NOW + dt.timedelta(days=1))
    measure_rates(address, NOW.date())
    connections.close_all()
    return Client(SERVER_NAME="localhost")


def says(answer):
    return answer.content.decode()


def test_everybody_may_search_and_every_search_is_a_link(site):
    page = says(site.get("/registry/", {"q": "quaggathalassaemia", "status": "RECRUITING"}))
    assert "2 records" in page
    assert "A study of other cells" in page
    assert "?q=quaggathalassaemia&amp;status=RECRUITING&amp;phase=PHASE1" in page


def test_a_chosen_facet_can_be_let_go(site):
    page = says(site.get("/registry/", {"phase": "PHASE1"}))
    assert 'href="?" aria-current="true"' in page


def test_a_place_is_found_by_its_city(site):
    near = {"city": "hangzhou", "km": "20", "q": "quaggathalassaemia"}
    assert "2 records" in says(site.get("/registry/", near))
    assert re.search(r"\b\d km: Site, Hangzhou", says(site.get("/registry/", near)))
    wrong = site.get("/registry/", {"city": "Nowhere"})
    assert wrong.status_code == 400
    assert "Nowhere" in says(wrong)


def test_a_page_for_programs_has_what_the_page_shows(site):
    told = site.get("/registry/", {"q": "quokkasthma"}, HTTP_ACCEPT="application/json").json()
    assert [hit["nct_id"] for hit in told["hits"]] == ["NCT00000003"]
    assert told["hits"][0]["address"].endswith("/registry/records/NCT00000003/")


@pytest.mark.parametrize("field", ["sort", "page", "near", "phase", "km"])
def test_what_makes_no_sense_is_told_and_searched_by_nobody(site, field):
    answer = site.get("/registry/", {field: "nonsense", "city": "Hangzhou"})
    assert answer.status_code == 400
    assert 'role="alert"' in says(answer)


def test_the_feed_has_the_last_updated_first(site):
    feed = ET.fromstring(site.get("/registry/feed/", {"q": "quaggathalassaemia"}).content)  # noqa: S314 - our own feed
    names = {"a": "http://www.w3.org/2005/Atom"}
    ids = [one.text for one in feed.findall("a:entry/a:id", names)]
    assert [one.rstrip("/")[-11:] for one in ids] == ["NCT00000001", "NCT00000002"]
    assert feed.find("a:updated", names).text == "2026-02-01T00:00:00Z"


def test_the_page_of_a_record_has_its_findings_with_base_rates(site, monkeypatch):
    from earlyphase.store import rates

    page = says(site.get("/registry/records/NCT00000002/"))
    assert "records have it" not in page, "four records have no rate"
    monkeypatch.setattr(rates, "LEAST", 4)
    page = says(site.get("/registry/records/NCT00000002/"))
    assert '<aside class="finding' in page
    assert re.search(r"% of [1-9]\d* records have it", page)
    assert "twin-record" in page
    assert "Similar studies" in page


def test_what_a_sponsor_wrote_is_shown_and_not_obeyed(site):
    page = says(site.get("/registry/records/NCT00000002/"))
    assert "&lt;b&gt;bold&lt;/b&gt; claims" in page
    assert "<b>bold" not in page


def test_the_record_of_a_study_has_both_readings_and_both_languages(site):
    page = says(site.get(f"/registry/records/{OURS}/"))
    assert "As written" in page
    assert "总胆红素" in page
    assert "total_bilirubin &lt;= 51 umol/L" in page
    assert "nobody can evaluate it" in page


def test_the_labels_of_a_record_speak_chinese(site):
    page = says(site.get(f"/registry/records/{OURS}/", HTTP_ACCEPT_LANGUAGE="zh-CN"))
    assert "招募状态" in page
    assert "早期I期" in page


def test_every_value_of_a_record_stands_on_its_page(site):
    page = says(site.get(f"/registry/records/{OURS}/"))
    for place in the_record().protocol_section.contacts_locations_module.locations or ():
        assert place.facility in page


def test_an_earlier_version_can_be_read_and_compared(site):
    assert "A study of cells" in says(site.get("/registry/records/NCT00000001/", {"version": "1"}))
    page = says(site.get("/registry/records/NCT00000001/versions/"))
    assert "<ins>other </ins>" in page
    told = site.get("/registry/records/NCT00000001/versions/", {"format": "json"}).json()
    assert told["compared"] == [1, 2]


@pytest.mark.parametrize("rest", ["", "versions/"])
def test_from_which_file_a_record_came_is_told_to_nobody(site, rest):
    for given in ({}, {"format": "json"}):
        assert "later:1" not in says(site.get(f"/registry/records/NCT00000001/{rest}", given))


def test_the_pages_set_no_cookie_and_are_the_same_for_all(site):
    for page in ("", f"records/{OURS}/", f"records/{OURS}/qualify/", "compare/", "records/NCT00000001/versions/"):
        answer = site.get(f"/registry/{page}")
        assert not answer.cookies, page
        assert answer.content == site.get(f"/registry/{page}").content
        if "qualify" not in page:
            assert site.get(f"/registry/{page}", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_the_versions_of_a_record_are_a_feed(site):
    feed = ET.fromstring(site.get("/registry/records/NCT00000001/versions/feed/").content)  # noqa: S314 - our own feed
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["Versions of NCT00000001", "NCT00000001, version 2", "NCT00000001, version 1"]


def test_twins_are_linked(site):
    assert 'href="/registry/records/NCT00000001/"' in says(site.get("/registry/records/NCT00000002/"))


@pytest.mark.parametrize(
    "rest",
    ["records/NCT99999999/", "records/NCT00000001/?version=9", "records/NCT00000001/?version=x", "records/x/versions/"],
)
def test_what_is_not_there_is_said_to_be_missing(site, rest):
    assert site.get(f"/registry/{rest}").status_code == 404


def test_two_studies_are_compared_row_by_row(site):
    page = says(site.get("/registry/compare/", {"a": "NCT00000001", "b": "NCT00000003"}))
    assert "Quokkasthma" in page
    assert 'class="differs"' in page
    told = site.get("/registry/compare/", {"a": "NCT00000002", "b": "NCT00000002", "format": "json"}).json()
    assert all(row["left"] == row["right"] for part in told["parts"] for row in part["rows"])


class Interviewed:
    """Somebody who answers the questions of a study."""

    def __init__(self, site, number):
        self.site, self.number, self.typed = site, number, {}

    def page(self):
        return self.site.post(f"/registry/records/{self.number}/qualify/?format=json", self.typed).json()

    def html(self):
        return self.site.post(f"/registry/records/{self.number}/qualify/", self.typed)

    def answers(self, **typed):
        self.typed |= typed
        return self.page()


def test_a_record_without_a_protocol_is_asked_word_for_word(site):
    doctor = Interviewed(site, "NCT00000002")
    asked = doctor.page()
    assert asked["left"] == 4
    first = doctor.answers(**{asked["next"][0]["name"]: "17"})
    assert first["outcome"] == "does not qualify"
    assert first["against"] == ["minimum age"]


def test_the_questions_end_when_everything_is_answered(site):
    doctor = Interviewed(site, "NCT00000002")
    told = doctor.page()
    answers = {"age": "30", "choice": "female", "yes or no": "yes"}
    while told["outcome"] == "open":
        told = doctor.answers(**{one["name"]: answers[one["form"]] for one in told["next"]})
    assert told["outcome"] == "could qualify"
    assert "could qualify" in says(doctor.html())


def test_all_questions_can_be_asked_at_once(site):
    doctor = Interviewed(site, OURS)
    one_by_one = doctor.page()
    doctor.typed = {"at_once": "yes"}
    asked = doctor.page()
    assert len(asked["next"]) == asked["left"] == one_by_one["left"]
    assert says(doctor.html()).count("<fieldset>") == asked["left"]
    doctor.typed |= {"q1": "t_all", "q8": "lots"}
    again = doctor.page()["next"]
    assert [one["name"] for one in again if one["problem"]] == ["q8"]
    assert "q1" not in [one["name"] for one in again]
    assert "<dd>T-cell acute lymphoblastic leukaemia</dd>" in says(doctor.html())
    doctor.typed["at_once"] = ""
    assert len(doctor.page()["next"]) == 1


def test_a_program_is_told_what_can_be_answered(site):
    first = Interviewed(site, OURS).page()["next"][0]
    assert (first["form"], first["problem"]) == ("choice", None)
    assert len(first["choices"]) > 2
    assert Interviewed(site, OURS).answers(q1="nonsense")["next"][0]["problem"] == "Choose one of the answers."


def test_what_is_no_answer_is_asked_again_beside_its_field(site):
    doctor = Interviewed(site, "NCT00000002")
    doctor.typed = {"q1": "<script>"}
    page = says(doctor.html())
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page.replace('<script src="', "")
    assert "is not a number" in page


def test_nothing_that_is_typed_is_kept(site):
    from django.db import connection
    from django.test import Client

    doctor = Interviewed(Client(SERVER_NAME="localhost", enforce_csrf_checks=True), OURS)
    asked = doctor.page()
    answer = doctor.html()
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    before = _rows(connection)
    doctor.answers(**{asked["next"][0]["name"]: "unknown"})
    assert _rows(connection) == before


def _rows(connection):
    """Count the rows of every table of the site."""
    counts = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
            " and has_table_privilege(oid, 'select')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}"')  # noqa: S608 - a table of the site
            counts[table] = cursor.fetchone()[0]
    return counts


def test_the_study_is_asked_one_examination_at_a_time(site):
    asked = Interviewed(site, OURS).page()
    assert asked["outcome"] == "open"
    assert 0 < len(asked["next"]) < asked["left"]


def test_the_pages_are_small_on_a_slow_line(site):
    answer = site.get(f"/registry/records/{OURS}/", HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 40_000


def test_an_answer_that_has_not_changed_is_not_sent_again(site):
    told = site.get("/registry/feed/")
    assert site.get("/registry/feed/", HTTP_IF_NONE_MATCH=told["ETag"]).status_code == 304


def test_the_records_of_the_sites_studies_are_found_by_a_search(own_database):
    from earlyphase.store.server import prepare
    from earlyphase.web.registry.bringing import bring_records

    prepare(own_database)
    assert bring_records(own_database, NOW) == 1
    assert bring_records(own_database, NOW) == 0


def test_findings_are_told_in_chinese_and_quote_the_record_as_it_is(site):
    page = says(site.get(f"/registry/records/{OURS}/", HTTP_ACCEPT_LANGUAGE="zh-CN"))
    sentences = re.findall(r'<aside class="finding[^>]*><p><strong>[^<]*</strong> (.*?) <span class="basis">', page)
    assert len(sentences) > 20
    assert [one for one in sentences if not re.search("[\u4e00-\u9fff]", one)] == []
    assert "“oxygen (state)”似为翻译所致" in page
    assert "尚缺：主要注册平台的注册日期（2）" in page


def test_a_referring_doctor_sees_first_what_matters(site):
    page = says(site.get("/registry/records/NCT00000002/"))
    top = page[: page.index("<section")]
    for text in ("Recruiting · Phase 1 · 12 participants", "women only · from 18 Years", "Site, Hangzhou, China"):
        assert text in top
    assert "nobody is named" in top
    assert 'href="/registry/records/NCT00000002/qualify/"' in top
    assert '<a href="#recruitment-and-eligibility">' in top
    assert 'id="recruitment-and-eligibility"' in page


def test_a_reader_without_an_account_is_sent_no_script(site):
    for page in ("", f"records/{OURS}/", f"records/{OURS}/qualify/", "compare/"):
        assert "<script" not in says(site.get(f"/registry/{page}"))


def test_what_is_typed_in_chinese_is_searched_in_english_and_said_so(site):
    page = says(
        site.get("/registry/", {"q": "复发T细胞急性淋巴细胞白血病", "city": "杭州"}, HTTP_ACCEPT_LANGUAGE="zh-CN")
    )
    assert "relapsed T-ALL" in page
    told = site.get("/registry/", {"q": "嵌合抗原受体T细胞", "format": "json"}).json()
    assert told["total"] == site.get("/registry/", {"q": "CAR-T", "format": "json"}).json()["total"] > 0


def test_what_a_search_says_of_itself_is_said_in_chinese(site):
    page = says(site.get("/registry/", {"q": "zzzqqq"}, HTTP_ACCEPT_LANGUAGE="zh-CN"))
    assert "没有记录包含“zzzqqq”。" in page


def test_a_city_that_is_misspelt_is_told_with_the_one_that_may_be_meant(site):
    assert "Did you mean Hangzhou?" in says(site.get("/registry/", {"city": "Hangzou"}))


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"q": "a" * 10_000}, "search"),
        ({"page": str(10**9)}, "page"),
        ({"city": "Hangzhou", "km": "nan"}, "km"),
        ({"city": "Hangzhou", "km": "1e400"}, "km"),
        ({"city": "Hangzhou", "km": "-5"}, "km"),
        ({"city": "x" * 5000}, "city"),
        ({"sort": "distance"}, "sort"),
        ({"phase": "PHASE9"}, "phase"),
        ({"near": "999,999,5km"}, "near"),
    ],
)
def test_an_absurd_search_is_told_by_the_field_of_the_form(site, given, place):
    answer = site.get("/registry/", {**given, "format": "json"})
    assert answer.status_code == 400
    reason = answer.json()["reasons"][0]
    assert reason["place"] == place
    assert len(answer.content) < 1500


@pytest.mark.parametrize(
    "text", ["\x00\x01\x1b[31m", "'; drop table records; --", "  ", "!&|():*", "\ud7ff\ufeff", "白血病"]
)
def test_a_hostile_search_is_answered(site, text):
    assert site.get("/registry/", {"q": text}).status_code == 200


def test_results_and_documents_have_a_page_of_their_own(site):
    page = says(site.get(f"/registry/records/{OURS}/posted/"))
    assert "no results, no documents" in page
    assert "registry_posted" not in page
    assert site.get(f"/registry/records/{OURS}/posted/", {"format": "json"}).json()["posted"] == []
    assert "posted/" not in says(site.get(f"/registry/records/{OURS}/"))
    told = says(site.get("/registry/records/NCT00000004/"))
    assert 'href="/registry/records/NCT00000004/posted/"' in told
    assert "Leukaemia &lt;b&gt;" in says(site.get("/registry/records/NCT00000004/posted/"))
