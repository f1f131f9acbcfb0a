"""The participant flow by cohort: who was enrolled is in one cohort, and every decision stands after its own."""

import pytest
from tests.simulated import study_of

from earlyphase.analysis.populations import populations
from earlyphase.reports.courses import cohorts
from earlyphase.reports.figures import cohort_flow


@pytest.fixture(scope="module", params=[1, 3, 5])
def study(request):
    return study_of(request.param)


def stages(study, place):
    return [cohort.stages[place] for cohort in cohorts(populations(study), study)]


def test_the_cohorts_add_up_to_the_populations(study):
    groups = populations(study)
    for place, members in enumerate((groups.enrolled, groups.infused, groups.dlt_evaluable, groups.efficacy_evaluable)):
        assert sum(stage.count for stage in stages(study, place)) == members.count
    losses = [loss.count for stage in stages(study, 1) for loss in stage.losses]
    assert sum(losses) == groups.enrolled.count - groups.infused.count


def test_every_decision_that_somebody_was_treated_before_stands_once(study):
    told = [cohort.decided for cohort in cohorts(populations(study), study) if cohort.decided]
    assert len(told) == len(set(told))
    assert [text.split(":")[0].removeprefix("Decision of ") for text in told] == [
        str(fact.payload.on) for fact in study.decisions[: len(told)]
    ]


def test_the_figure_says_the_same_in_words(study):
    figure = cohort_flow(cohorts(populations(study), study))
    assert figure.alt.startswith("Cohort 1 at level 1: assigned")
    assert figure.alt.count("Decision of") == sum(bool(one.decided) for one in cohorts(populations(study), study))
