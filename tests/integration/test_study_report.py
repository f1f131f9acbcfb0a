"""The study report: as a page, as a document, and as the command writes it."""

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from tests.builders import Site, a_protocol, day, three_treated
from tests.spec.test_emergent_events import TEAE
from tests.spec.test_endpoints import DOR, ORR, PFS, an_endpoint

from earlyphase.cli.main import run
from earlyphase.reports.document import document
from earlyphase.reports.page import page
from earlyphase.reports.study_report import results, study_report
from earlyphase.reports.values import Label, Report

ENDPOINTS = [TEAE, *(an_endpoint(**each).model_dump(mode="json") for each in (ORR, DOR, PFS, {}))]
NAME = "T <细胞> & co"


def a_report(site: Site) -> Report:
    return study_report(results(site.study))


def a_site() -> Site:
    """Run a study in which most things have happened once."""
    site = Site(a_protocol(endpoints=ENDPOINTS))
    days = three_treated(site)
    site.sees("001", day(days[0] + 3), 3, term=NAME, dictionary="verbatim")
    for name, infusion in zip(("001", "002", "003"), days, strict=True):
        site.finds(name, day(infusion + 28))
    site.says("response_assessment", "investigator", "001", on=day(days[0] + 30), response="CR", criteria="ELN 2024")
    site.decides(day(120))
    site.admits("004", day(121))
    site.says("relapse", "investigator", "001", on=day(150), kind="relapse")
    site.says("death", "investigator", "001", on=day(160), cause="disease", cause_text="leukaemia")
    return site


@pytest.fixture(scope="module")
def report() -> Report:
    return a_report(a_site())


@pytest.fixture(scope="module")
def html(report: Report) -> str:
    return page(report)


@pytest.fixture(scope="module")
def pdf(report: Report) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document(report)))


class Page(HTMLParser):
    """What a page has: its elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_same_journal_gives_the_same_page_and_document(report: Report, html: str):
    assert page(a_report(a_site())) == html
    assert document(a_report(a_site())) == document(report)


def test_a_page_needs_nothing_from_elsewhere(html: str):
    found = Page(html)
    assert not found.all("script")
    assert not found.all("link")
    assert not found.all("img")
    fetched = re.findall(r'(?:src|href|action)="([^"]+)"|url\(([^)]+)\)', html)
    assert fetched
    assert all((one or other).startswith(("#", "data:")) for one, other in fetched)
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")


def test_every_name_on_a_page_is_its_own_and_every_link_leads_somewhere(html: str):
    elements = Page(html).elements
    names = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(names) == len(set(names))
    for _, attributes in elements:
        for key in ("href", "popovertarget"):
            if key in attributes:
                assert (attributes[key] or "").removeprefix("#") in names


def test_tables_say_what_heads_their_rows_and_columns(report: Report, html: str):
    found = Page(html)
    assert len(found.all("table")) == len(found.all("caption")) == len(report.tables)
    assert all("scope" in attributes for attributes in found.all("th"))


def test_figures_on_a_page_say_what_they_show(report: Report, html: str):
    drawings = [attributes for attributes in Page(html).all("svg") if attributes.get("role") == "img"]
    assert [attributes["aria-labelledby"] for attributes in drawings] == [
        f"{figure.id}-title {figure.id}-desc" for figure in report.figures
    ]
    assert all(f'<desc id="{figure.id}-desc">' in html for figure in report.figures)


def test_figures_can_be_followed_to_their_participants(report: Report, html: str):
    table = next(table for table in report.tables if table.id == "teae-overview")
    assert table.rows[0].cells[1].participants == ("001",)
    assert re.search(r'<button type="button" popovertarget="who-\d+">1 \(33 %\)</button>', html)
    assert re.search(
        r'popover id="who-\d+" class="who"><b>1 participant</b><p><a href="#participant-001">001</a>', html
    )


def test_words_from_the_study_are_never_markup(html: str):
    assert NAME not in html
    assert "T &lt;细胞&gt; &amp; co" in html


def test_the_stamp_says_what_the_report_was_made_from(report: Report, html: str, pdf: pypdf.PdfReader):
    site = a_site()
    stamp = dict(report.stamp.lines())
    assert stamp["Journal head"] == site.study.head.hash
    assert stamp["Data cut-off"] == str(day(160))
    assert stamp["Protocol"].startswith("1.0")
    first = pdf.pages[0].extract_text()
    for value in stamp.values():
        assert value in html
        assert value in re.sub(r"\s+", " ", first)
    for number, sheet in enumerate(pdf.pages, start=1):
        text = sheet.extract_text()
        assert site.study.head.hash[:12] in text
        assert f"Page {number} of {len(pdf.pages)}" in text


def test_every_page_says_that_a_training_journal_is_no_study(report: Report, html: str, pdf: pypdf.PdfReader):
    assert report.stamp.label is Label.TRAINING
    assert '<p class="band" role="note"><b>TRAINING</b>' in html
    assert '@top-right{content:"TRAINING"' in html
    assert all("TRAINING" in sheet.extract_text() for sheet in pdf.pages)


def test_a_real_study_carries_no_label():
    site = Site(a_protocol(endpoints=ENDPOINTS), active=False)
    site.activate(purpose="study")
    found = a_report(site)
    assert found.stamp.label is None
    assert 'class="band"' not in page(found)


def test_the_document_is_tagged_titled_and_in_a_language(report: Report, pdf: pypdf.PdfReader):
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/Lang"].startswith("en")
    assert catalogue["/MarkInfo"]["/Marked"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == report.title
    kinds = structure(catalogue["/StructTreeRoot"])
    shown = [table for table in report.tables if table.rows]
    assert kinds.count("/Table") == len(shown)
    assert kinds.count("/THead") == len(shown)
    assert kinds.count("/Figure") >= len(report.figures)
    assert kinds.count("/H1") == len(report.sections)


def structure(node: object) -> list[str]:
    """List the kinds of a document's structure elements."""
    value = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(value, list):
        return [kind for each in value for kind in structure(each)]
    if not isinstance(value, dict):
        return []
    own = [str(value["/S"])] if "/S" in value else []
    return [*own, *(structure(value["/K"]) if "/K" in value else [])]


def test_chinese_words_stand_in_the_document(pdf: pypdf.PdfReader):
    assert "T <细胞> & co" in "".join(sheet.extract_text() for sheet in pdf.pages)


def test_a_character_without_a_font_is_a_box_and_the_document_says_so():
    site = a_site()
    site.sees("002", day(90), 2, term="க", dictionary="verbatim")
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(document(a_report(site)))).pages)
    assert "□ stands for a character that no font of this document has." in text


def test_the_assumptions_are_listed(report: Report):
    table = next(table for table in report.tables if table.id == "assumptions")
    assert "escalation.stagger" in {row.cells[0].text for row in table.rows}


def test_a_decision_stands_beside_the_advice_that_was_seen(report: Report):
    table = next(table for table in report.tables if table.id == "decisions")
    row = [cell.text for cell in table.rows[0].cells]
    assert row[0] == str(day(120))
    assert row[1].startswith("escalate to level 2.")
    assert row[2] == "escalate: 3 more at level 2"


@pytest.mark.parametrize("active", [False, True], ids=["not active", "active, nobody yet"])
def test_without_participants_every_table_states_its_result(*, active: bool):
    site = Site(a_protocol(endpoints=ENDPOINTS), active=active)
    found = a_report(site)
    texts = page(found)
    for sentence in (
        "Nobody has been infused.",
        "Nobody has consented.",
        "Nobody is infused: there is no rate.",
        "The committee has not decided yet.",
        "nobody to follow",
    ):
        assert sentence in texts
    assert document(found)


def test_without_events_the_safety_tables_say_so():
    site = Site(a_protocol(endpoints=ENDPOINTS))
    site.treats("001", day(30))
    assert "None of 1 infused participants had a treatment-emergent adverse event." in page(a_report(site))


def test_a_protocol_without_endpoints_still_gives_a_report():
    site = Site()
    site.treats("001", day(30))
    assert "The protocol has no such endpoint." in page(a_report(site))


def earlyphase(*arguments: str) -> object:
    """Run the command line, and give its exit code."""
    with pytest.raises(SystemExit) as left:
        run(list(arguments))
    return left.value.code


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "journal.jsonl"
    assert (
        earlyphase("study", "simulate", "NCT06633354", "--journal", str(path), "--seed", "1", "--until", "2025-09-30")
        == 0
    )
    return path


def test_page_and_document_are_written_the_same_twice(journal: Path, tmp_path: Path, capsys):
    for folder in ("one", "two"):
        assert (
            earlyphase("study", "report", "NCT06633354", "--journal", str(journal), "--out", str(tmp_path / folder))
            == 0
        )
    assert "SIMULATED" in capsys.readouterr().out
    for name in ("report.html", "report.pdf"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_every_table_is_given_as_json(journal: Path, tmp_path: Path, capsys):
    assert (
        earlyphase("study", "report", "NCT06633354", "--journal", str(journal), "--out", str(tmp_path), "--json") == 0
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["stamp"]["label"] == "SIMULATED"
    populations = next(table for table in answer["tables"] if table["id"] == "populations")
    counts = {row[0]["text"]: (row[1]["text"], len(row[1]["participants"])) for row in populations["rows"]}
    assert counts["Consented"] == (str(counts["Consented"][1]), counts["Consented"][1])
    assert answer["files"] == [str(tmp_path / "report.html"), str(tmp_path / "report.pdf")]


def test_cut_off_and_moment_of_recording_are_two_things(journal: Path, tmp_path: Path, capsys):
    said = []
    for option in ("--cutoff", "--as-of"):
        given = [option, "2025-05-31", "--out", str(tmp_path), "--json"]
        assert earlyphase("study", "report", "NCT06633354", "--journal", str(journal), *given) == 0
        said.append(json.loads(capsys.readouterr().out)["stamp"])
    assert [stamp["cutoff"] <= "2025-05-31" for stamp in said] == [True, True]
    assert said[0]["entries"] > said[1]["entries"]
    assert said[0]["as_of"] > "2025-05-31" >= said[1]["as_of"][:10]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--cutoff", "31.5.2025"], "--cutoff: '31.5.2025' is not a date."),
        (["--cutoff", "2045-01-01"], "cut-off: '2045-01-01' lies after the last entry"),
        (["--out", "/proc/nowhere"], "--out: '/proc/nowhere' cannot be written to"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(journal: Path, capsys, given: list[str], says: str):
    assert earlyphase("study", "report", "NCT06633354", "--journal", str(journal), *given) == 2
    assert says in capsys.readouterr().err
