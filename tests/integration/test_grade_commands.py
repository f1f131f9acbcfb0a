"""`earlyphase grade lab|crs|icans|terms` and `earlyphase dictionary load`, as a user types them."""

import csv
import json
import zipfile
from xml.sax.saxutils import escape

import pytest
from tests.reference import reference

from earlyphase.cli.exits import INVALID
from earlyphase.cli.main import run
from earlyphase.toxicity.dictionary import load_dictionary
from earlyphase.toxicity.meddra import kept_meddra


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    monkeypatch.setenv("EARLYPHASE_DATA", str(folder))
    return folder


@pytest.fixture
def typed(capsys):
    def type_in(*arguments):
        with pytest.raises(SystemExit) as left:
            run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return type_in


@pytest.fixture
def answer(typed):
    def type_in(*arguments):
        code, out, err = typed(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    return type_in


POTASSIUM = ("grade", "lab", "--term", "Hypokalemia", "--value", "3.1", "--unit", "mmol/L", "--lln", "3.5")


def test_a_laboratory_grade_comes_with_its_limits(answer):
    grade = answer(*POTASSIUM)
    assert (grade["grade_min"], grade["grade_max"], grade["grade"], grade["missing"]) == (1, 2, None, [])
    first = grade["limits"][0]
    assert (first["grade"], first["rule"], first["crossed"]) == ("1–2", "< LLN (3.5 mmol/L)", True)
    assert first["limit"] == {"value": 3.5, "unit": "mmol/L"}


def test_a_laboratory_grade_can_be_read_by_eye(typed):
    _, out, _ = typed(*POTASSIUM)
    assert out.startswith("Hypokalemia: 3.1 mmol/L is grade 1–2: value < LLN (3.5 mmol/L); symptoms separate")
    assert "Source: NCI, Common Terminology Criteria for Adverse Events v5.0" in out


def test_a_unit_may_be_written_as_people_write_it(answer):
    asked = ("grade", "lab", "--term", "neutrophil count decreased", "--value", "0.4", "--unit", "10^9/L")
    assert answer(*asked)["grade"] == 4


def test_an_abnormal_baseline_is_taken_into_account(answer):
    asked = ("grade", "lab", "--term", "GGT increased", "--value", "55", "--unit", "U/L", "--uln", "40")
    assert answer(*asked, "--baseline", "30")["grade"] == 1
    assert answer(*asked, "--baseline", "30", "--baseline-abnormal")["grade"] == 0
    assert answer(*asked)["missing"] == ["baseline"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--term", "Hypokalaemia", "--value", "3", "--unit", "mmol/L"), "Did you mean 'Hypokalemia'"),
        (("--term", "Hypokalemia", "--value", "3", "--unit", "mmol"), "does not convert to mmol/L"),
        (("--term", "Hypokalemia", "--value", "3", "--unit", "mmolL"), "Did you mean mmol/L"),
        (("--term", "Hypokalemia", "--value", "-3", "--unit", "mmol/L"), "is below what is possible"),
        (("--term", "Fever", "--value", "101.3", "--unit", "°C"), "is above what is possible"),
    ],
)
def test_bad_input_is_a_sentence_and_an_exit_code(typed, arguments, says):
    code, out, err = typed("grade", "lab", *arguments)
    assert (code, out, says in err, "Traceback" in err) == (INVALID, "", True, False), err


def test_crs_is_graded_from_what_was_seen(answer, typed):
    seen = ("grade", "crs", "--temperature", "38.6", "--vasopressors", "1", "--oxygen", "cannula", "--flow", "4")
    assert answer(*seen)["grade"] == 3
    assert "hypotension: one vasopressor" in typed(*seen)[1]
    cool = ("grade", "crs", "--temperature", "36.8", "--hypotension", "--oxygen", "room-air")
    assert answer(*cool)["grade"] == 0
    assert answer(*cool, "--treated")["grade"] == 2
    assert answer("grade", "crs", "--temperature", "101.3 °F")["missing"] == ["hypotension", "hypoxia"]


def test_icans_is_graded_from_what_was_found(answer, typed):
    found = ("--ice", "8", "--wakes", "to-voice", "--seizure", "NONE", "--motor", "none", "--pressure", "none")
    assert answer("grade", "icans", *found)["grade"] == 2
    assert "Open without" in typed("grade", "icans", "--ice", "8")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("crs", "--oxygen", "face"), "Did you mean 'face mask'?"),
        (("crs", "--flow", "4"), "belongs to a nasal cannula"),
        (("crs", "--temperature", "hot"), "is not a number followed by its unit"),
        (("icans", "--ice", "11"), "is not a score from 0 to 10"),
        (("icans", "--wakes", "at noon"), "Known: spontaneously, to voice"),
        (("crs", "--file", "nowhere.csv"), "is not a file"),
    ],
)
def test_findings_that_cannot_be_are_refused(typed, arguments, says):
    code, _, err = typed("grade", *arguments)
    assert (code, says in err) == (INVALID, True), err


CRS_COURSE = """at,temperature,hypotension,vasopressors,oxygen,treated
2026-05-08 06:00,38.6,no,,room air,no
2026-05-08 18:00,38.2,yes,0,room air,yes
2026-05-09 06:00,36.9,,1,room air,
2026-05-09 18:00,36.8,no,,room air,
"""


def test_a_file_of_findings_gives_episodes(answer, typed, tmp_path):
    file = tmp_path / "findings.csv"
    file.write_text(CRS_COURSE, encoding="utf-8")
    (episode,) = answer("grade", "crs", "--file", file)["episodes"]
    assert (episode["hours"], episode["worst_min"], episode["worst_at"]) == (36.0, 3, "2026-05-09T06:00:00")
    assert [step["grade_min"] for step in episode["course"]] == [1, 2, 3, 0]
    assert "resolved 2026-05-09 18:00 after 36 h" in typed("grade", "crs", "--file", file)[1]
    file.write_text("at,ice,wakes\n2026-05-08 06:00,8,spontaneously\n", encoding="utf-8")
    assert answer("grade", "icans", "--file", file)["episodes"][0]["resolved"] is None
    file.write_text("at,ice\n", encoding="utf-8")
    assert typed("grade", "icans", "--file", file)[1] == "No ICANS.\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("at,fever\n2026-05-08,yes\n", "line 1: 'fever' is not a column of findings"),
        ("at,temperature\nnoon,38\n", "line 2: 'noon' is not a moment"),
        ("at,hypotension\n2026-05-08,maybe\n", "line 2, hypotension: 'maybe' is neither yes nor no"),
        ('at,temperature\n2026-05-08,"38,6"\n', "line 2, temperature: '38,6' is not a number"),
        ("at,temperature\n2026-05-08,38\n2026-05-09,380\n", "line 3, temperature: '380 °C' is not a body temperature"),
        ("at,temperature\n2026-05-08 06:00+02:00,38\n", "has a time zone"),
        ("at,vasopressors\n2026-05-08,two\n", "line 2, vasopressors: 'two' is not a whole number"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(typed, tmp_path, text, says):
    file = tmp_path / "findings.csv"
    file.write_text(text, encoding="utf-8")
    code, _, err = typed("grade", "crs", "--file", file)
    assert (code, says in err) == (INVALID, True), err


def test_terms_are_searched(answer, typed):
    (term,) = answer("grade", "terms", "hypokal")
    assert (term["term"], term["grades"], term["graded_from"]) == ("Hypokalemia", [1, 2, 3, 4, 5], ["potassium"])
    assert term["descriptions"] is None
    assert len(answer("grade", "terms")) == 837
    assert 40 < len(answer("grade", "terms", "--computable")) < 70
    assert "grades 1, 2\n" in typed("grade", "terms", "alopecia")[1]
    assert typed("grade", "terms", "qqqq")[1] == "No term is like 'qqqq'.\n"


HEADING = ("MedDRA Code", "MedDRA SOC", "CTCAE Term", *(f"Grade {one}   " for one in range(1, 6)), "Definition",
           "Navigational Note")  # fmt: skip


def invented_sheet():
    """A sheet in the shape of NCI's, its terms our facts and its words invented."""
    for number, term in enumerate(load_dictionary().terms.values()):
        grades = [f"words for {one}" if one in term.grades else " -" for one in range(1, 6)]
        yield (str(number), term.system_class, term.name, *grades, f"what {term.name} is", "")


def write_csv(path):
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([HEADING, *invented_sheet()])
    return path


def letter(column):
    return chr(ord("A") + column)


def write_xlsx(path):
    """Write what spreadsheet programs write: shared strings, references, and cells left out where they are empty."""
    rows = [("CTCAE",), HEADING, *invented_sheet()]
    shared = list(dict.fromkeys(cell for row in rows for cell in row))
    index = {cell: number for number, cell in enumerate(shared)}
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = "".join(f"<si><r><t>{escape(one[:3])}</t></r><r><t>{escape(one[3:])}</t></r></si>" for one in shared)
    lines = "".join(
        f'<row r="{at}">'
        + "".join(f'<c r="{letter(c)}{at}" t="s"><v>{index[cell]}</v></c>' for c, cell in enumerate(row) if cell)
        + "</row>"
        for at, row in enumerate(rows, start=1)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst {space}>{strings}</sst>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{lines}</sheetData></worksheet>")
    return path


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_the_users_sheet_adds_its_descriptions(answer, typed, tmp_path, kept, write):
    loaded = answer("dictionary", "load", "ctcae", write(tmp_path / f"sheet.{write.__name__[6:]}"))
    assert (loaded["terms"], loaded["unknown_terms"], loaded["absent_terms"]) == (837, [], [])
    assert loaded["kept"] == str(kept / "ctcae-5.0.json")
    (term,) = answer("grade", "terms", "alopecia")
    assert term["descriptions"] == {"1": "words for 1", "2": "words for 2"}
    assert "  2  words for 2" in typed("grade", "terms", "alopecia")[1]


def test_ncis_own_sheet_loads(answer):
    assert answer("dictionary", "load", "ctcae", reference("toxicity/ctcae_v5.0.csv"))["terms"] == 837


MEDDRA = {
    "mdhier.asc": "1$2$3$4$Invented ache$hlt$hlgt$Invented disorders$Inv$$4$Y$\n"
    "1$2$3$5$Invented ache$hlt$hlgt$Other disorders$Oth$$4$N$\n",
    "llt.asc": "10$Invented pain$1$$$$$$$Y$$\n11$Invented ache$1$$$$$$$Y$$\n",
}


def test_meddra_is_read_from_the_users_files(answer, tmp_path, kept):
    folder = tmp_path / "meddra"
    folder.mkdir()
    for name, text in MEDDRA.items():
        (folder / name).write_text(text, encoding="utf-8")
    loaded = answer("dictionary", "load", "meddra", folder, "--version", "99.1")
    assert (loaded["terms"], loaded["preferred_terms"]) == (2, 1)
    found = kept_meddra(kept, "99.1").find("INVENTED pain")
    assert (found.name, found.system_class) == ("Invented ache", "Invented disorders")
    assert kept_meddra(kept, "99.2") is None
    flat = tmp_path / "flat.csv"
    flat.write_text("llt_name,pt_code,pt_name,soc_name\nInvented pain,1,Invented ache,Invented disorders\n", "utf-8")
    assert answer("dictionary", "load", "meddra", flat, "--version", "99.2")["terms"] == 2


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("ctcae", None, "is not a file"),
        ("ctcae", "a,b\n1,2\n", "is not NCI's sheet of CTCAE"),
        ("ctcae", ",".join(HEADING) + "\n", "has no terms"),
        ("ctcae", ",".join(HEADING) + "\n1,class,Ache,a,b,,,,,\n", "holds 0 of the 837 terms of CTCAE v5.0"),
        ("meddra", None, "is not there"),
        ("meddra", "a,b\n", "lacks llt_name, pt_code, pt_name, soc_name"),
        ("meddra", "llt_name,pt_code,pt_name,soc_name\nPain,1,Pain\n", "line 2: has fewer cells than the 4"),
        ("meddra", b"llt_name,pt_code,pt_name,soc_name\n\xff,1,Pain,x\n", "is not text in UTF-8 (byte 34)"),
        ("who", "", "Known: ctcae, meddra"),
    ],
)
def test_a_file_that_is_no_dictionary_is_refused(typed, tmp_path, name, text, says):
    file = tmp_path / "given.csv"
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, _, err = typed("dictionary", "load", name, file)
    assert (code, says in err) == (INVALID, True), err


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
FAR, LOST = '<row><c r="ZZZZZZZZ1"><v>1</v></c></row>', '<row><c t="s"><v>9</v></c></row>'


@pytest.mark.parametrize(("cells", "says"), [(FAR, "is not NCI's sheet"), (LOST, "is not an .xlsx file")])
def test_a_workbook_that_names_what_it_does_not_hold_is_refused(typed, tmp_path, cells, says):
    file = tmp_path / "sheet.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(cells))
    code, _, err = typed("dictionary", "load", "ctcae", file)
    assert (code, says in err) == (INVALID, True), err


def test_a_file_that_only_looks_like_a_spreadsheet_is_refused(typed, tmp_path):
    file = tmp_path / "sheet.xlsx"
    for content in (b"no zip", b"PK\x05\x06" + b"\xff" * 18):
        file.write_bytes(content)
        assert "is not an .xlsx file" in typed("dictionary", "load", "ctcae", file)[2]


def test_findings_that_are_no_text_are_refused(typed, tmp_path):
    file = tmp_path / "findings.csv"
    file.write_bytes(b"at,temperature\n2026-05-08 06:00,38\xff\n")
    code, _, err = typed("grade", "crs", "--file", file)
    assert (code, "is not text in UTF-8 (byte 34)" in err) == (INVALID, True), err


def test_a_damaged_copy_is_named_with_its_remedy(typed, kept):
    kept.mkdir()
    (kept / "ctcae-5.0.json").write_text("{", encoding="utf-8")
    assert "Load it again" in typed("grade", "terms", "alopecia")[2]


def test_a_meddra_line_that_is_cut_short_is_named(typed, tmp_path):
    (tmp_path / "mdhier.asc").write_text("1$2$3\n", encoding="utf-8")
    assert "mdhier.asc, line 1" in typed("dictionary", "load", "meddra", tmp_path)[2]


def test_another_version_is_known_once_it_is_loaded(answer, typed, tmp_path):
    assert "dictionary load ctcae FILE --version 6.0" in typed("grade", "terms", "ache", "--version", "6.0")[2]
    file = tmp_path / "six.csv"
    file.write_text(
        ",".join(HEADING) + "\n1,Invented disorders,Invented ache,mild,,severe,,Death,,\n", encoding="utf-8"
    )
    assert answer("dictionary", "load", "ctcae", file, "--version", "6.0")["terms"] == 1
    (term,) = answer("grade", "terms", "ache", "--version", "6.0")
    assert (term["system_class"], term["grades"], term["graded_from"]) == ("Invented disorders", [1, 3, 5], [])


def counted(tmp_path, *rows):
    file = tmp_path / "counts.csv"
    file.write_text("\n".join(("at,anc", *rows)) + "\n", encoding="utf-8")
    return "grade", "icaht", "--file", file, "--infused", "2026-05-03"


def test_icaht_is_graded_from_a_file_of_counts(tmp_path, answer, typed):
    rows = (
        "2026-05-05,2.0", "2026-05-08,0.4", "2026-05-12,300 /uL", "2026-05-17,1.2", "2026-06-12,0.9", "2026-06-20,0.8",
    )  # fmt: skip
    found = answer(*counted(tmp_path, *rows))
    assert [(found[one]["grade_min"], found[one]["grade_max"]) for one in ("early", "late")] == [(1, 2), (2, 2)]
    _, shown, _ = typed(*counted(tmp_path, *rows))
    assert "Open without: a count on each day." in shown
    assert "Rejeski et al. 2023" in shown


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2026-05-05,low", "counts.csv, line 2, anc"),
        ("2026-05-05,9000", "ANC on day 2"),
        ("May,2", "is not a moment"),
    ],
)
def test_counts_that_are_none_are_refused(tmp_path, typed, row, says):
    code, _, err = typed(*counted(tmp_path, row))
    assert code == INVALID
    assert says in err


def a_sheet(path, *rows):
    """Write an invented sheet of terms in the shape of NCI's: one more column than ours has, in another order."""
    heading = ["MedDRA Code", "MedDRA SOC", "CTCAE Term", *(f"Grade {n}" for n in range(1, 6)), "Definition", "New in"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


def test_versions_of_ctcae_are_kept_side_by_side_and_each_has_its_own_grades(tmp_path, answer, kept):
    for version, third in (("4.03", "worse"), ("6.0", "-")):
        row = ["1", "Invented disorders", "Invented pain", "mild", "moderate", third, "urgent", "-", "a pain", "x"]
        sheet = a_sheet(tmp_path / f"CTCAE_v{version}.csv", row)
        loaded = answer("dictionary", "load", "ctcae", sheet, "--version", version)
        assert (loaded["version"], loaded["terms"]) == (version, 1)
    assert sorted(path.name for path in kept.iterdir()) == ["ctcae-4.03.json", "ctcae-6.0.json"]
    grades = {
        version: answer("grade", "terms", "invented pain", "--version", version)[0]["grades"]
        for version in ("4.03", "6.0")
    }
    assert grades == {"4.03": [1, 2, 3, 4], "6.0": [1, 2, 4]}
    assert answer("grade", "terms", "hypokalemia")[0]["grades"] == [1, 2, 3, 4, 5], "v5.0 stays as it is"
