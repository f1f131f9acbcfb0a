"""A response rate by each interval and each prior, as a table that says what the prior was."""

import pytest
import scipy.stats
from tests.spec.test_endpoints import ORR, Course, an_endpoint

from earlyphase.analysis.rates import response_rate
from earlyphase.reports.tables.posterior import posterior_table


def table(*responses, **changes):
    course = Course(*(f"00{number + 1}" for number in range(len(responses))))
    for number, response in enumerate(responses):
        course.responds(28, response, name=f"00{number + 1}")
    return posterior_table(response_rate(course.site.study, an_endpoint(**ORR, **changes)))


def test_jeffreys_prior_is_taken_and_named_where_the_protocol_has_none():
    made = table("CR", "PR", "no response")
    names = [row.cells[0].text for row in made.rows]
    assert names == [
        "Clopper–Pearson",
        "mid-p",
        "Wilson",
        "Posterior, prior beta(0.5, 0.5)",
        "Posterior, prior beta(1, 1)",
    ]
    assert "Jeffreys" in " ".join(made.footnotes)
    belief = scipy.stats.beta(2.5, 1.5)
    lower, upper = (number.value for number in made.rows[3].cells[2].numbers)
    assert (lower, upper) == (pytest.approx(100 * belief.ppf(0.025)), pytest.approx(100 * belief.ppf(0.975)))
    chances = [cell.numbers[0].value for cell in made.rows[3].cells[3:]]
    assert chances == pytest.approx([100 * belief.sf(null) for null in (0.2, 0.4, 0.6)])
    assert made.rows[3].cells[1].participants == ("001", "002")


def test_the_prior_and_the_rate_to_exceed_are_the_protocols_where_it_has_them():
    made = table("CR", "no response", prior={"responders": 2, "others": 3}, null_rate=0.35)
    assert made.rows[3].cells[0].text == "Posterior, prior beta(2, 3)"
    assert [column.heading for column in made.columns[3:]] == ["Above 35 %"]
    assert made.rows[3].cells[3].numbers[0].value == pytest.approx(100 * scipy.stats.beta(3, 4).sf(0.35))


def test_a_rate_of_nobody_has_no_posterior():
    from tests.builders import Site  # noqa: PLC0415 - beside the one test that needs it

    made = posterior_table(response_rate(Site().study, an_endpoint(**ORR)))
    assert (made.rows, made.empty) == ((), "Nobody is infused: there is no rate.")
