"""RECIST 1.1 and Lugano 2014 are tables of the same shape as those of leukaemia: each line, at its limits."""

import datetime as dt

import pytest

from earlyphase.quantities import Quantity
from earlyphase.response.conditions import Case, Finding
from earlyphase.response.criteria_set import criteria_set, load_criteria_sets
from earlyphase.response.deriving import best_response, derive, relapsed_on

BEGAN = dt.date(2026, 3, 2)
RECIST, CT, PET = (criteria_set(name) for name in ("RECIST 1.1", "Lugano 2014, CT", "Lugano 2014, PET-CT"))
SOLID = {"non-target lesions": "present", "new lesions": "absent", "tumour markers": "not followed"}
LYMPHOMA = {
    "extralymphatic disease": "absent",
    "non-measured lesions": "not increased",
    "new lesions": "absent",
    "marrow": "normal",
    "spleen length": 120,
}
SCAN = {"uptake": "unchanged", "new foci": "absent", "marrow uptake": "none"}


def on(visit):
    return BEGAN + dt.timedelta(56 * visit)


def found(criteria, visit, values):
    """Give the findings of one visit; numbers are in the units of the table."""
    for name, value in values.items():
        rule = criteria.findings[name]
        for lesion, one in value.items() if isinstance(value, dict) else [("", value)]:
            measured = one if isinstance(one, str) else Quantity(one, rule.unit)
            yield Finding(rule.name, on(visit), measured, lesion)


def course(criteria, *visits, usual=None):
    """Derive the responses; the first visit is the baseline."""
    findings = []
    for number, values in enumerate(visits):
        given = (usual or {}) | values
        findings += found(criteria, number, {name: value for name, value in given.items() if value is not None})
    return derive(Case(criteria, tuple(findings), BEGAN))


def solid(*sums, **last):
    visits = [{"sum of diameters": one} for one in sums]
    visits[-1] |= last
    return course(RECIST, *visits, usual={**SOLID, "target lesions outside nodes": 10, "largest lymph node": 0})


@pytest.mark.parametrize(
    ("sums", "responses"),
    [
        ((100, 70, 40, 47, 48), ["PR", "PR", "PR", "PD"]),  # from 40: + 7 mm is 17.5 %, + 8 mm is 20 %
        ((100, 71, 70), ["SD", "PR"]),
        ((20, 15, 19), ["SD", "SD"]),  # + 27 %, but 4 mm
        ((20, 14, 19), ["PR", "PD"]),  # + 5 mm
        ((100, 120), ["PD"]),
        ((100, 119), ["SD"]),
    ],
)
def test_target_lesions_shrink_from_the_baseline_and_grow_from_the_nadir(sums, responses):
    assert [one.response for one in solid(*sums)] == responses


@pytest.mark.parametrize(
    ("changes", "response"),
    [
        ({}, "CR"),
        ({"largest lymph node": 10}, "PR"),
        ({"non-target lesions": "present"}, "PR"),
        ({"non-target lesions": "not all evaluated"}, "PR"),
        ({"tumour markers": "above normal"}, "PR"),
        ({"tumour markers": "normal"}, "CR"),
        ({"non-target lesions": "unequivocal progression"}, "PD"),
        ({"new lesions": "present"}, "PD"),
    ],
)
def test_non_target_and_new_lesions_decide_with_the_sum(changes, response):
    last = {"target lesions outside nodes": 0, "largest lymph node": 9, "non-target lesions": "absent"}
    assert solid(100, 9, **(last | changes))[-1].response == response


def test_a_lesion_that_comes_back_after_all_were_gone_has_grown_without_bound():
    gone = {"target lesions outside nodes": 0, "non-target lesions": "absent"}
    visits = [{"sum of diameters": 60}, {"sum of diameters": 0, **gone}, {"sum of diameters": 6, **gone}]
    derived = course(RECIST, *visits, usual={**SOLID, "target lesions outside nodes": 10, "largest lymph node": 0})
    assert [one.response for one in derived] == ["CR", "PD"]
    assert relapsed_on(derived) == on(2)


def test_progression_ends_the_search_for_the_best_response():
    derived = solid(100, 80, 120, 60)
    assert [one.response for one in derived] == ["SD", "PD", "PR"]
    assert best_response(derived, RECIST.names).response == "SD"


def test_who_progresses_at_once_has_progression_as_the_best_response():
    derived = solid(100, 130, 60)
    assert best_response(derived, RECIST.names).response == "PD"


def test_responses_stand_from_the_best_to_the_progression():
    assert RECIST.names == ("CR", "PR", "SD", "PD")
    assert PET.names == ("CMR", "PMR", "NMR", "PMD")


def test_without_a_word_on_new_lesions_progression_stays_possible():
    (one,) = solid(100, 60, **{"new lesions": None})
    assert (one.response, one.possible) == (None, ("PR", "PD"))
    assert one.causes == ("stale: new lesions of 2026-03-02 is more than 7 days from 2026-04-27",)


def lymphoma(*visits):
    return course(CT, *visits, usual=LYMPHOMA)


def node(largest, short, **others):
    """Give one measured node, as sums and as a lesion."""
    size = {"longest diameter": {"node": largest}, "shortest diameter": {"node": short}}
    product = {"product of diameters": {"node": largest * short}, "sum of products": largest * short}
    return {**size, **product, "largest target node": largest, **others}


@pytest.mark.parametrize(
    ("last", "response"),
    [
        (node(15, 10, **{"non-measured lesions": "absent"}), "CR"),
        (node(16, 10, **{"non-measured lesions": "absent"}), "PR"),
        (node(15, 10), "PR"),
        (node(30, 15), "PR"),  # the product falls from 900 to 450
        (node(30, 16), "SD"),
        (node(45, 30), "PD"),  # + 50 % and + 15 mm
        (node(39, 34), "SD"),  # + 47 %
        (node(15, 10, marrow="new or recurrent involvement"), "PD"),
        (node(15, 10, **{"new lesions": "present"}), "PD"),
        (node(15, 10, **{"spleen length": 140}), "PD"),  # it was not enlarged: 2 cm more
        (node(15, 10, **{"spleen length": 131, "non-measured lesions": "absent"}), "PR"),  # too long for a CR
    ],
)
def test_each_line_of_lugano_by_ct(last, response):
    assert lymphoma(node(30, 30), last)[-1].response == response


@pytest.mark.parametrize(
    ("nadir", "now", "grew"),
    [
        ((12, 10), (16, 12), False),  # + 60 %, longer than 1.5 cm, but 4 mm
        ((12, 10), (17, 10), False),  # 5 mm, but + 42 %
        ((12, 10), (18, 10), True),
        ((11, 7), (14, 12), False),  # 1.4 cm is no abnormal node
        ((24, 10), (33, 12), False),  # more than 2 cm at its nadir: 9 mm is too little
        ((24, 10), (34, 12), True),
        ((24, 10), (26, 20), True),  # by the shorter diameter
    ],
)
def test_a_node_grows_from_its_own_nadir(nadir, now, grew):
    assert (lymphoma(node(40, 30), node(*nadir), node(*now))[-1].response == "PD") is grew


def test_progression_of_one_lesion_is_not_put_together_from_two():
    def pair(first, second):
        sizes = {"a": first, "b": second}
        return {
            "longest diameter": {name: one[0] for name, one in sizes.items()},
            "shortest diameter": {name: one[1] for name, one in sizes.items()},
            "product of diameters": {name: one[0] * one[1] for name, one in sizes.items()},
            "sum of products": sum(one[0] * one[1] for one in sizes.values()),
            "largest target node": max(one[0] for one in sizes.values()),
        }

    # one is large and stays, the other doubles and stays small
    assert lymphoma(pair((30, 20), (6, 6)), pair((30, 20), (11, 8)))[-1].response == "SD"
    assert lymphoma(pair((30, 20), (12, 6)), pair((30, 20), (18, 8)))[-1].response == "PD"


@pytest.mark.parametrize(("length", "response"), [(159, "SD"), (160, "SD"), (161, "PD"), (139, "PR"), (141, "SD")])
def test_an_enlarged_spleen_is_measured_beyond_13_cm(length, response):
    before, after = (node(*size, **{"spleen length": spleen}) for size, spleen in (((30, 30), 150), ((20, 20), length)))
    assert lymphoma(before, after)[-1].response == response


@pytest.mark.parametrize(
    ("found", "response"),
    [
        ({"five-point score": 3}, "CMR"),
        ({"five-point score": 4}, "NMR"),
        ({"five-point score": 4, "uptake": "reduced"}, "PMR"),
        ({"five-point score": 5, "uptake": "increased"}, "PMD"),
        ({"five-point score": 2, "new foci": "present"}, "PMD"),
        ({"five-point score": 2, "marrow uptake": "new or recurrent foci"}, "PMD"),
        ({"five-point score": 2, "marrow uptake": "reduced"}, "NMR"),
    ],
)
def test_each_line_of_lugano_by_pet(found, response):
    (one,) = course(PET, {"five-point score": 5}, found, usual=SCAN)
    assert one.response == response


def test_leukaemia_has_no_progression_of_its_own_and_every_set_names_its_source():
    sets = load_criteria_sets()
    assert [name for name, one in sets.items() if one.progression is None] == ["ELN 2024", "NCI 2010"]
    assert all(one.source and one.windows_note for one in sets.values())
