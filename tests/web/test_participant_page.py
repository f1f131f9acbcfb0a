"""The page of a participant: the drawing and its text, product, visits, values with grades, response, profile."""

import io
import re
import xml.etree.ElementTree as ET

import pytest
from pypdf import PdfReader
from tests.builders import day
from tests.simulated import small
from tests.web.answers import words


def part(page, name):
    return page.partition(f'id="{name}"')[2].partition("</table>")[0]


@pytest.fixture
def treated(a_study):
    """A study whose first participant was infused on day 60 and is in the DLT window."""
    study = a_study(schedule=small().schedule.model_dump(mode="json", exclude_none=True))
    study.before.treats("001", day(60))
    study.before.sees("001", day(63), 3, term="Platelet count decreased", system_class="Investigations")
    limit = {"value": 125, "unit": "10*9/L"}
    result = {"analyte": "platelets", "value": {"value": 40, "unit": "10*9/L"}, "lower_limit": limit}
    study.before.says("laboratory", "coordinator", "001", on=day(64), results=[result])
    study.before.says("visit", "coordinator", "001", on=day(67), name="Day 7")
    study.before.says("marrow", "coordinator", "001", on=day(88), blasts={"value": 3, "unit": "%"}, method="morphology")
    study.before.says("response_assessment", "investigator", "001", on=day(88), response="CRi", criteria="ELN 2024")
    study.before.consents("002", day(89))
    return study.opens()


def test_the_course_is_drawn_and_said(treated):
    page = words(treated.sees("monitor", "participants/001/"))
    drawing = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    ET.fromstring(re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", drawing))  # noqa: S314 - our own drawing
    assert 'role="img" aria-labelledby="timeline-title timeline-desc"' in drawing
    assert "infused on" in drawing
    assert "Platelet count decreased, grade 3" in drawing
    assert "The same as a list, in order of days" in page


def test_the_product_chain_is_shown_to_the_infusion(treated):
    chain = words(treated.sees("monitor", "participants/001/")).partition('id="chain"')[2].partition("</section>")[0]
    assert re.findall(r"<b>(\w+)</b>", chain) == [
        "leukapheresis",
        "manufacture",
        "release",
        "lymphodepletion",
        "infusion",
    ]
    assert "(100 %)" in chain


def test_visits_have_windows_and_who_must_see_to_them_is_told(treated):
    page = words(treated.sees("monitor", "participants/001/"))
    row = part(page, "visits").partition("Day 28")[2].partition("</tr>")[0]
    assert f"{day(88)} – {day(91)}" in row
    owed = page.partition('class="owed"')[2].partition("</ul>")[0]
    assert "Day 28" in owed
    assert "Day 7" not in owed


def test_a_value_is_shown_with_its_grade_its_range_and_its_entry(treated):
    grid = part(words(treated.sees("monitor", "participants/001/")), "grid")
    number = next(entry.seq for entry in treated.entries() if entry.record.startswith("laboratory"))
    assert treated.path(f"entries/{number}/") in grid
    assert '<span class="grade g3">3</span>' in grid
    assert "≥ 125" in grid
    assert 'aria-label="below normal"' in grid
    assert '<th scope="row">Platelets</th>' in grid


def test_the_assigned_grade_stands_beside_the_computed_one(treated):
    events = part(words(treated.sees("monitor", "participants/001/")), "events-ae")
    assert events.count('<span class="grade g3') == 2
    assert "differs" not in events


def test_response_is_shown_over_time_and_at_best(treated):
    page = words(treated.sees("monitor", "participants/001/"))
    row = part(page, "response").partition(str(day(88)))[2].partition("</tr>")[0]
    assert "3 %" in row
    assert "<b>CRi</b>" in row
    assert "ELN 2024" in page


def test_who_is_not_infused_has_eligibility_in_place_of_results(treated):
    page = words(treated.sees("coordinator", "participants/002/"))
    assert 'id="eligibility"' in page
    assert "Fewest tests that could settle it:" in page
    assert 'id="grid"' not in page
    assert 'id="response"' not in page


def test_common_acts_are_one_click_away_for_who_may_do_them(treated):
    page = words(treated.sees("coordinator", "participants/001/"))
    often = page.partition('class="chips often"')[2].partition("</ul>")[0]
    for address in ("record/adverse_event/", "laboratory-paste/", "chart/", "record/visit/"):
        assert treated.path(f"participants/001/{address}") in often
    assert 'class="chips often"' not in words(treated.sees("monitor", "participants/001/"))


def offered(study, number):
    """Give the records that have a button of their own, in order."""
    page = words(study.sees("investigator", f"participants/{number}/"))
    return re.findall(r"/record/(\w+)/", page.partition('class="chips often"')[2].partition("</ul>")[0])


def test_what_is_offered_first_is_what_comes_next_in_the_course(treated, a_study):
    assert offered(treated, "002")[0] == "screening_facts"
    assert offered(treated, "001")[0] == "adverse_event"
    study = a_study()
    study.before.admits("001", day(31))
    assert offered(study.opens(), "001")[0] == "leukapheresis"


def test_visits_without_a_date_are_not_listed(treated):
    page = words(treated.sees("coordinator", "participants/002/"))
    assert "No visit has a date yet" in page
    assert '<table class="visits' not in page
    assert '<table class="visits' in words(treated.sees("coordinator", "participants/001/"))


def test_a_correction_is_shown_old_and_new(treated):
    number = next(entry.seq for entry in treated.entries() if entry.record.startswith("visit"))
    fields = {"on": day(68).isoformat(), "name": "Day 7", "reason": "The source says the day after."}
    assert treated.types("coordinator", f"entries/{number}/correct/", **fields).status_code == 302
    page = words(treated.sees("monitor", "participants/001/"))
    assert f"<del>{day(67)}</del> → <ins>{day(68)}</ins>" in page
    assert treated.path("journal/?participant=001") in page


def test_the_profile_is_a_page_and_a_pdf(treated):
    page = treated.sees("monitor", "participants/001/profile/")
    assert page.status_code == 200
    assert "Profile of participant 001" in words(page)
    assert " style=" not in words(page)
    document = treated.sees("monitor", "participants/001/profile.pdf")
    assert document.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(document.content)).pages
    assert len(pages) == 1
    assert "Infusion" in pages[0].extract_text()
    assert treated.sees("monitor", "participants/002/profile/").status_code == 200
    assert treated.sees("monitor", "participants/002/profile.pdf").content[:5] == b"%PDF-"


@pytest.mark.parametrize("rest", ["chart/", "profile/", "profile.pdf"])
def test_another_studys_participant_is_not_there(treated, rest):
    assert treated.sees("monitor", f"participants/777/{rest}").status_code == 404
    assert treated.sees("stranger", f"participants/001/{rest}").status_code == 404


def test_no_page_of_a_participant_holds_inline_code_or_style(treated):
    inline = re.compile(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|javascript:", re.IGNORECASE)
    for page in ("participants/001/", "participants/001/chart/", "participants/001/profile/", "safety/", "safety/001/",
                 "screening/", "screening/001/"):  # fmt: skip
        answer = treated.sees("investigator", page)
        assert answer.status_code == 200, page
        assert not inline.search(answer.content.decode()), page


@pytest.mark.parametrize(
    ("says", "shown"), [("died", "died"), ("leukapheresis", ""), ("死亡", "死亡"), ("知情同意", "")]
)
def test_a_word_stands_in_the_course_where_there_is_room_for_it(django, says, shown):
    from earlyphase.web.timeline import Mark, _worded

    first, _ = _worded((Mark(300.0, "step", says, says), Mark(350.0, "step", "x", "x")))
    assert (first.says, first.title) == (shown, says)
