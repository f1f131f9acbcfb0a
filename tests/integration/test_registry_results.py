"""Results in the registry's shape: every field is one of the registry's, and the numbers agree with each other."""

import json
import lzma

import pytest
from tests.builders import Site
from tests.reference import reference
from tests.simulated import study_of

from earlyphase.analysis.populations import populations
from earlyphase.analysis.safety import emergent
from earlyphase.exchange.registry_results import registry_results
from earlyphase.protocol.library import known_studies
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.study.reconstruct import reconstruct


@pytest.fixture(scope="module")
def study():
    """Simulate a study of the package, with all its endpoints."""
    protocols = read_protocols(next(iter(known_studies().values())))
    return reconstruct(protocols, simulate(protocols, default_truth(), 6, None).read())


@pytest.fixture(scope="module")
def section(study):
    return registry_results(study)


def fields(tree, path=""):
    """Give every field of the registry's tree with its type."""
    here = f"{path}.{tree['name']}" if path else tree["name"]
    yield here, tree["type"]
    for child in tree.get("children") or ():
        yield from fields(child, here)


def leaves(value, path="resultsSection"):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def known_fields():
    tree = json.loads(reference("registry/ctgov_v2_studies_metadata.json").read_text("utf-8"))
    return dict(fields(next(part for part in tree if part["name"] == "resultsSection")))


def real_results():
    with lzma.open(reference("registry/records-68.jsonl.xz")) as lines:
        records = [json.loads(line) for line in lines]
    return [record["resultsSection"] for record in records if record.get("resultsSection")]


def test_every_field_is_one_of_the_registry_and_of_its_type(section):
    known = known_fields()
    of_type = {"integer": int, "boolean": bool}
    wrong = [(path, value) for path, value in leaves(section) if path not in known]
    wrong += [(path, value) for path, value in leaves(section) if not isinstance(value, of_type.get(known[path], str))]
    assert wrong == []


def test_the_check_of_fields_knows_real_results():
    known = known_fields()
    assert {path for one in real_results() for path, _ in leaves(one)} <= set(known)


def test_whatever_real_results_always_have_is_there(section):
    always = set.intersection(*({path for path, _ in leaves(one)} for one in real_results()))
    mine = {path for path, _ in leaves(section)}
    known_to_sponsors = {path for path in always if ".moreInfoModule." in path}
    assert always - mine - known_to_sponsors == set()


@pytest.mark.parametrize("name", ["paramType", "type", "reportingStatus", "assessmentType"])
def test_words_that_the_registry_defines_are_its_own(section, name):
    ends = (f"easures.{name}", f"Events.{name}")
    real = {value for one in real_results() for path, value in leaves(one) if path.endswith(ends)}
    mine = {value for path, value in leaves(section) if path.endswith(ends)}
    assert mine <= real | {"PRIMARY", "SECONDARY", "SYSTEMATIC_ASSESSMENT"}


def test_whoever_starts_a_period_completes_it_or_does_not(section):
    for period in section["participantFlowModule"]["periods"]:
        counts = {
            step["type"]: [int(one["numSubjects"]) for one in step["achievements"]] for step in period["milestones"]
        }
        ends = zip(counts["COMPLETED"], counts["NOT COMPLETED"], strict=True)
        assert counts["STARTED"] == [done + gone for done, gone in ends]
        reasons = [[int(one["numSubjects"]) for one in why["reasons"]] for why in period["dropWithdraws"]]
        assert [sum(group) for group in zip(*reasons, strict=True)] == counts["NOT COMPLETED"]


def test_the_second_period_starts_with_whom_the_first_ended(section):
    first, second = section["participantFlowModule"]["periods"]
    assert first["milestones"][1]["achievements"] == second["milestones"][0]["achievements"]


def test_events_are_those_of_the_safety_tables(study, section):
    module, events = section["adverseEventsModule"], emergent(study)
    listed = [stats for kind in ("seriousEvents", "otherEvents") for one in module[kind] for stats in one["stats"]]
    assert sum(one["numEvents"] for one in listed) == len(events.events)
    assert all(one["numAffected"] <= min(one["numEvents"], one["numAtRisk"]) for one in listed)
    serious = sum(group["seriousNumAffected"] for group in module["eventGroups"])
    assert serious == len(events.who(lambda one: one.event.serious))
    assert sum(group["otherNumAtRisk"] for group in module["eventGroups"]) == len(events.at(None))


def test_every_endpoint_is_a_measure_with_its_groups(study, section):
    measures = section["outcomeMeasuresModule"]["outcomeMeasures"]
    assert [one["title"] for one in measures] == [one.title for one in study.protocol.endpoints]
    for one in measures:
        groups = {group["id"] for group in one["groups"]}
        values = one["classes"][0]["categories"][0]["measurements"]
        assert {value["groupId"] for value in values} == groups
    dlt = measures[0]
    assert sum(int(one["value"]) for one in dlt["denoms"][0]["counts"]) == populations(study).dlt_evaluable.count


def test_a_figure_that_cannot_be_estimated_says_why(section):
    measures = section["outcomeMeasuresModule"]["outcomeMeasures"]
    values = [value for one in measures for value in one["classes"][0]["categories"][0]["measurements"]]
    missing = [value for value in values if "NA" in (value["value"], value.get("lowerLimit"), value.get("upperLimit"))]
    assert missing
    assert all(value["comment"] for value in missing)


def test_a_study_without_participants_has_an_empty_section():
    section = registry_results(Site().study)
    assert section["outcomeMeasuresModule"]["outcomeMeasures"] == []
    assert section["adverseEventsModule"]["eventGroups"] == []


def test_a_small_study_has_a_section():
    assert registry_results(study_of(5, total=1))["participantFlowModule"]["groups"]
