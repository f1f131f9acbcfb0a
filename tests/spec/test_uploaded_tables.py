"""Decision tables that a user uploads."""

import pytest

from earlyphase.escalation.behaving import core
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.decision_table import Cell, boundaries
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput

SMALL = ["1,0,E", "1,1,D", "2,0,escalate", "2,1,stay", "2,2,eliminate"]


@pytest.fixture
def a_file(tmp_path):
    def write(lines, heading="n,dlts,decision"):
        path = tmp_path / "table.csv"
        path.write_text("\n".join([heading, *lines]) + "\n")
        return str(path)

    return write


def test_an_uploaded_copy_of_boin_behaves_as_boin(a_file):
    boin = build("boin", Options(doses=4, target=0.3, max_n=12))
    rows = core(boin).table.rows
    lines = [f"{row.n},{dlts},{row.cell(dlts)}" for row in rows for dlts in range(row.n + 1)]
    copy = build("table", Options(doses=4, target=0.3, max_n=12, table=a_file(lines)))
    truth = [0.05, 0.2, 0.3, 0.5]
    assert characteristics(every_end(copy), [truth]) == characteristics(every_end(boin), [truth])


def test_words_and_letters_mean_the_same(a_file):
    design = core(build("table", Options(doses=2, target=0.3, max_n=2, table=a_file(SMALL))))
    assert [tuple(row) for row in design.table.rows] == [(1, 0, 1, None), (2, 0, 2, 2)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line for line in SMALL if line != "2,1,stay"], "n 2, dlts 1' is missing"),
        ([*SMALL, "1,0,S"], "line 7: 'n 1, dlts 0' is given twice"),
        (["1,0,S", "1,1,E"], "'E at 1 of 1' contradicts S at 0 of 1"),
        (["1,0,up"], "line 2: 'up' is not a decision"),
        (["1,2,E"], "line 2: '1, 2' are not"),
        (["one,0,E"], "line 2: 'one, 0' are not"),
        ([], "no line below its heading"),
    ],
)
def test_gaps_and_contradictions_are_named_with_their_line(a_file, lines, said):
    with pytest.raises(InvalidInput) as fault:
        build("table", Options(doses=2, target=0.3, table=a_file(lines)))
    assert said in str(fault.value)


def test_a_table_without_its_columns_is_refused(a_file):
    with pytest.raises(InvalidInput, match="lacks one of the columns n, dlts, decision"):
        build("table", Options(doses=2, target=0.3, table=a_file(SMALL, "n,y,decision")))


def test_a_table_that_ends_before_the_maximum_is_refused(a_file):
    with pytest.raises(InvalidInput, match="the table ends at n = 2"):
        build("table", Options(doses=2, target=0.3, max_n=6, table=a_file(SMALL)))


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(InvalidInput, match="cannot be read"):
        build("table", Options(doses=2, target=0.3, table="nowhere.csv"))


def test_a_row_without_a_bold_decision_has_no_boundary_for_it():
    assert tuple(boundaries(2, [Cell.STAY] * 3, "here")) == (2, None, None, None)
