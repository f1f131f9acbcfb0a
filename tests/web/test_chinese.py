"""The site in Chinese: complete, chosen by the reader, and saying the same refusals."""

import html
import json
import re
import tomllib
from pathlib import Path

import pytest
from tests.builders import day, three_treated
from tests.web.answers import words

from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.web.sentences import read_sentences

CHINESE = re.compile("[一-鿿]")
LOCALE = Path(__file__).parents[2] / "src/earlyphase/web/locale/zh_Hans"


@pytest.fixture
def catalogue(django):
    """Read the tool that keeps the catalogue; nothing is written."""
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("catalogue", Path(__file__).parents[2] / "tools/catalogue.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


@pytest.fixture
def treated(a_study):
    study = a_study()
    three_treated(study.before)
    return study.opens()


def reads_chinese(study, role, rest="", **fields):
    client = study.browser(role)
    client.cookies["language"] = "zh-hans"
    return client.post(study.path(rest), fields) if fields else client.get(study.path(rest))


def test_everything_that_pages_and_forms_say_is_in_the_catalogue(catalogue):
    made, _ = catalogue.collected()
    assert catalogue.missing_words(made) == []


def test_the_sentences_of_every_room_are_in_the_catalogue(catalogue):
    _, tables = catalogue.collected()
    assert {"study", "registry", "response", "reports"} < tables.keys()
    missing = {room: [one for one, other in table.items() if not other] for room, table in tables.items()}
    assert {room: sentences for room, sentences in missing.items() if sentences} == {}


def test_every_term_of_the_dictionary_has_a_chinese_name_of_its_own(django):
    from earlyphase.toxicity.dictionary import load_dictionary
    from earlyphase.web.names import names_in

    names, dictionary = names_in(LOCALE), load_dictionary()
    terms = {term.name: names.get(term.name.casefold(), "") for term in dictionary.terms.values()}
    assert [term for term, name in terms.items() if not CHINESE.search(name)] == []
    assert len(set(terms.values())) == len(terms) > 800
    assert [one for one in dictionary.system_classes if not CHINESE.search(names.get(one.casefold(), ""))] == []


def test_what_two_studies_call_otherwise_has_no_chinese_name():
    from earlyphase.web.names import agreed

    pairs = [("CD5 positive", "CD5阳性"), ("relapse", "复发"), ("Relapse", "再发"), ("relapse", "复发")]
    assert agreed(pairs) == {"cd5 positive": "CD5阳性"}


def test_the_files_are_as_the_tool_writes_them(catalogue):
    made, tables = catalogue.collected()
    text = catalogue.written(made)
    remedy = "run python tools/catalogue.py"
    assert catalogue.PO.read_text("utf-8") == text, remedy
    assert catalogue.MO.read_bytes() == catalogue.compiled(text), remedy
    assert catalogue.SENTENCES.read_text("utf-8") == catalogue.toml(tables), remedy


def test_no_translation_drops_or_invents_a_hole(catalogue):
    from earlyphase.web.sentences import HOLE

    made, _ = catalogue.collected()
    named = re.compile(r"%\((\w+)\)[sd]")
    for message in made:
        ids, others = (one if isinstance(one, tuple) else (one,) for one in (message.id, message.string))
        if message.id and any(others):
            assert set(named.findall(others[0])) == set(named.findall(ids[-1])), message.id
    for table in tomllib.loads(catalogue.SENTENCES.read_text("utf-8")).values():
        for english, other in table.items():
            assert set(HOLE.findall(other)) <= set(HOLE.findall(english)), english


def test_the_reader_chooses_the_language_and_a_cookie_remembers_it(study):
    client = study.browser("investigator")
    assert '<html lang="en">' in words(client.get(study.path()))
    answer = client.post("/language/", {"language": "zh-hans"}, headers={"referer": f"http://localhost{study.path()}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"http://localhost{study.path()}")
    assert answer.cookies["language"]["max-age"] > 300 * 24 * 3600
    page = words(client.get(study.path()))
    assert '<html lang="zh-hans">' in page
    assert "剂量水平" in page
    client.post("/language/", {"language": "en"})
    assert "Dose levels" in words(client.get(study.path()))


def test_the_language_of_the_browser_is_asked_first(study):
    page = study.browser("investigator").get(study.path(), headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert '<html lang="zh-hans">' in words(page)


def test_nobody_is_sent_to_another_site_by_the_choice_of_a_language(study):
    client = study.browser("investigator")
    answer = client.post("/language/", {"language": "zh-hans", "next": "https://evil.example.org/"})
    assert answer.headers["Location"] == "/"


def test_a_refusal_is_said_in_chinese_with_its_values(treated):
    answer = reads_chinese(treated, "coordinator", "record/consent/", participant="001", on="2099-01-01", version="1.0")
    page = words(answer)
    assert answer.status_code == 409
    assert "001：知情同意已有记录" in page or "尚未到来" in page
    assert "which has not come yet" not in page


def test_a_form_asks_in_chinese_and_sends_what_it_always_sends(treated):
    page = words(reads_chinese(treated, "investigator", "participants/001/record/adverse_event/"))
    assert "不良事件" in page
    assert '<option value="possibly related">可能有关</option>' in page
    assert "最严重的分级" in page


def test_what_is_wrong_is_said_in_chinese_beside_its_field(treated):
    page = words(reads_chinese(treated, "investigator", "participants/001/record/visit/", on="2026-02-31", name=""))
    said = page.partition('id="field-on-said"')[2].partition("</div>")[0]
    assert "应为" in said
    assert CHINESE.search(page.partition('id="field-name-said"')[2].partition("</div>")[0])


def test_what_the_study_waits_for_is_said_in_chinese(treated):
    until = day(30 + 42 + 28).isoformat()
    assert f"003 处于 DLT 观察窗内，至 {until}" in words(reads_chinese(treated, "committee", "decision/"))


SENTENCES = read_sentences(
    {
        "study": {
            "{1} is in the DLT window until {2}": "{1} 处于观察窗内，至 {2}",
            "the decision waits: {1}.": "决定等待：{1}。",
            "{1}: {2}": "{1}：{2}",
            "Wait.": "请等待。",
        }
    }
)


def said(text, known=()):
    return SENTENCES.said(text, lambda word: dict(known).get(word, word))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("003 is in the DLT window until 2026-05-03", "003 处于观察窗内，至 2026-05-03"),
        (
            "the decision waits: 003 is in the DLT window until 2026-05-03.",
            "决定等待：003 处于观察窗内，至 2026-05-03。",
        ),
        ("Fever. Wait.", "Fever. 请等待。"),
        ("Fever: yes", "Fever: yes"),
        ("003: Wait.", "003：请等待。"),
        ("Fever: Wait.", "Fever: Wait."),
        ("003: Wait; stay put", "003: Wait; stay put"),
        ("nothing of ours", "nothing of ours"),
    ],
)
def test_a_sentence_is_recognised_by_its_template(english, chinese):
    assert said(english) == chinese


def test_what_a_protocol_says_itself_is_never_taken_apart():
    from earlyphase.web import sentences

    protocol = next(iter(read_protocols(study_folder("NCT06633354")).values())).protocol
    texts = [clause.says for clause in protocol.dlt.clauses] + [rule.when for rule in protocol.stopping_rules]
    texts += [text for one in protocol.criteria for text in (one.as_written, one.as_interpreted)]
    said_otherwise = {text: sentences.sentences_in(LOCALE).said(text, lambda word: word) for text in texts}
    assert {text: other for text, other in said_otherwise.items() if other != text} == {}


def test_the_name_of_an_event_may_stand_before_its_grade():
    known = read_sentences({"study": {"{1}, grade {2}": "{1}，{2} 级", "{1} grade {2}": "{1} {2} 级"}})
    assert known.said("Lymphocyte count decreased, grade 4", lambda word: word) == "Lymphocyte count decreased，4 级"
    lasting = "An event of grade 3 that is not back to grade 2 within 7 days."
    assert known.said(lasting, lambda word: word) == lasting


def test_a_hole_for_a_value_holds_no_words():
    known = read_sentences(
        {"study": {"{1} is grade {2}": "{1} 为 {2#} 级", "{1} is grade {2}: {3}": "{1} 为 {2#} 级：{3}"}}
    )
    assert known.said("3.7 mmol/L is grade 1: 4", lambda word: word) == "3.7 mmol/L 为 1 级：4"
    assert known.said("3.7 mmol/L is grade one", lambda word: word) == "3.7 mmol/L is grade one"


def test_what_somebody_says_in_their_own_words_is_not_read():
    rule = "An event of grade 3. It lasts."
    known = read_sentences(
        {"study": {"The study halts: {1}": "研究停止：{1*}", "grade {1}": "{1#} 级", "It lasts": "持续"}}
    )
    assert known.said(f"The study halts: {rule}", lambda word: word) == f"研究停止：{rule}"


def test_what_goes_on_in_another_sentence_is_not_cut_in_two():
    known = read_sentences({"study": {"{1} was given to the participant": "已给予受试者 {1}"}})
    assert known.said("Dose 2 was given to the participant", lambda word: word) == "已给予受试者 Dose 2"
    other = "Nobody knows: what was given to the participant"
    assert known.said(other, lambda word: word) == other


def test_a_sentence_may_begin_with_a_small_letter_or_a_large_one():
    known = read_sentences({"study": {"it lasted {1} days": "持续 {1#} 天"}})
    assert known.said("It lasted 3 days.", lambda word: word) == "持续 3 天。"


def test_a_list_is_said_only_where_each_part_is_known():
    words = {"death": "死亡", "relapse": "复发"}
    known = read_sentences({})
    assert known.said("death, relapse", lambda word: words.get(word, word)) == "死亡，复发"
    assert known.said("death, somehow", lambda word: words.get(word, word)) == "death, somehow"


def test_a_word_is_looked_up_before_any_template():
    assert said("stay", {"stay": "维持"}) == "维持"


def test_a_long_hostile_text_costs_no_more_than_its_length():
    text = "the decision waits: a: b " * 150 + "."
    assert said(text) == text  # it is several sentences, and none that is known
    assert said("x" * 1_000_000) == "x" * 1_000_000


TAG, MARKUP = (
    re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL),
    re.compile(r"<(script|style|code).*?</\1>|<[^>]*>", re.DOTALL),
)
BLOCKS = re.compile(r"\{% (blocktranslate|comment)\b.*?\{% end\1 %\}", re.DOTALL)
ATTRIBUTES = re.compile(r'\b(?:title|placeholder|aria-label|alt)="([^"]*)"')
SAME_IN_BOTH = {
    "earlyphase",
    "PDF",
    "HTML",
    "JSON",
    "CSV",
    "DLT",
    "DLTs",
    "MTD",
    "RP2D",
    "CRS",
    "ICANS",
    "CAPD",
    "km",
    "autofocus",
    "ICE",
    "UTC",
    "MRD",
    "English",
}


def bare_words(template):
    """Give the words of a template that stand outside what is translated."""
    text = BLOCKS.sub(" ", template)
    attributes = " ".join(ATTRIBUTES.findall(TAG.sub(" ", text)))
    shown = re.sub(r"[\w-]+=(\"[^\"]*\"|'[^']*')", " ", MARKUP.sub(" ", TAG.sub(" ", text)))
    return set(re.findall(r"[A-Za-z]{2,}\w*", html.unescape(f"{shown} {attributes}"))) - SAME_IN_BOTH


def test_no_template_says_a_word_that_is_not_translated(catalogue):
    templates = sorted((catalogue.WEB / "templates").rglob("*.html"))
    assert len(templates) > 30
    bare = {path.name: bare_words(path.read_text("utf-8")) for path in templates}
    assert {name: words for name, words in bare.items() if words} == {}


def test_a_bare_word_is_found():
    assert bare_words('<p title="Why">{% translate "Yes" %} No {{ one }}</p><a aria-label="{% translate "In" %}">') == {
        "Why",
        "No",
    }


def test_no_view_says_a_message_that_is_not_translated(catalogue):
    said_bare = re.compile(r"messages\.\w+\(\s*request,\s*f?\"")
    views = (catalogue.WEB / "views").glob("*.py")
    assert [path.name for path in views if said_bare.search(path.read_text("utf-8"))] == []


def test_a_term_is_found_by_its_chinese_name_and_recorded_by_its_own(treated):
    path = "record/adverse_event/words/term/?term=血小板"
    found = reads_chinese(treated, "investigator", path).content.decode()
    assert re.search(
        '<option value="Platelet count decreased" label="[^"]*血小板[^"]* · Platelet count decreased">', found
    )
    assert "option" not in treated.sees("investigator", path).content.decode()
    (said,) = re.findall('value="Platelet count decreased" label="([^"]*) · ', found)
    fields = {"onset": "2026-03-02", "grade": "2", "relatedness": "related", "scale": "CTCAE v5.0"}
    answer = reads_chinese(
        treated, "investigator", "participants/001/record/adverse_event/", term=said, **fields,
        system_class="Investigations",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    assert json.loads(treated.entries()[-1].payload)["term"] == "Platelet count decreased"
