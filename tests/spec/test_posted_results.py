"""What a record holds beside its registration is shown as it was posted."""

import pytest

from earlyphase.registry.model import Record
from earlyphase.registry.posted import posted

GROUPS = [{"id": "G1", "title": "Level 1"}, {"id": "G2", "title": "Level 2"}]
RESULTS = {
    "participantFlowModule": {
        "groups": GROUPS,
        "periods": [
            {
                "title": "Overall Study",
                "milestones": [{"type": "STARTED", "achievements": [{"groupId": "G2", "numSubjects": "3"}]}],
                "dropWithdraws": [{"type": "Death", "reasons": [{"groupId": "G1", "numSubjects": "1"}]}],
            }
        ],
    },
    "outcomeMeasuresModule": {
        "outcomeMeasures": [
            {
                "type": "PRIMARY",
                "title": "Response",
                "timeFrame": "28 days",
                "paramType": "COUNT_OF_PARTICIPANTS",
                "unitOfMeasure": "Participants",
                "groups": GROUPS,
                "denoms": [{"units": "Participants", "counts": [{"groupId": "G1", "value": "6"}]}],
                "classes": [
                    {
                        "categories": [
                            {"title": "CR", "measurements": [{"groupId": "G1", "value": "2", "spread": "0.4"}]},
                            {
                                "title": "PR",
                                "measurements": [
                                    {"groupId": "G2", "value": "1", "lowerLimit": "0.1", "upperLimit": "4"}
                                ],
                            },
                        ]
                    }
                ],
                "analyses": [{"statisticalMethod": "Fisher Exact", "pValue": "0.03"}],
            }
        ]
    },
    "adverseEventsModule": {
        "eventGroups": [{**GROUPS[0], "deathsNumAffected": 1, "deathsNumAtRisk": 6}],
        "seriousEvents": [
            {
                "term": "CRS",
                "organSystem": "Immune system disorders",
                "stats": [{"groupId": "G1", "numAffected": 2, "numAtRisk": 6}],
            }
        ],
    },
}


def shown(results):
    return {part.heading: part.tables for part in posted(Record.model_validate({"protocolSection": {}, **results}))}


def test_each_value_stands_under_its_group():
    found = shown({"resultsSection": RESULTS})
    (flow,) = found["Participant flow"]
    assert flow.columns == ("", "Level 1", "Level 2")
    assert flow.rows == (("Started", "", "3"), ("Death", "1", ""))
    (outcome,) = found["Outcome measures"]
    assert outcome.title == "Primary: Response"
    assert outcome.rows == (("Participants", "6", ""), ("CR", "2 (0.4)", ""), ("PR", "", "1 (0.1 to 4)"))
    assert "Fisher Exact, p 0.03" in outcome.notes
    summary, serious = found["Adverse events"]
    assert summary.rows[0] == ("Deaths", "1/6")
    assert serious.rows == (("CRS", "Immune system disorders", "2/6"),)


def test_a_record_without_such_parts_has_nothing_to_show():
    assert shown({}) == {}


@pytest.mark.parametrize(
    "wrong", [1, "text", [], [1, None], {"groups": 1}, {"periods": [1]}, {"measures": {"a": 1}}, True]
)
def test_what_is_of_another_kind_is_left_out(wrong):
    modules = ("participantFlowModule", "baselineCharacteristicsModule", "outcomeMeasuresModule", "adverseEventsModule")
    shown({"resultsSection": wrong, "derivedSection": wrong, "documentSection": wrong})
    assert shown({"resultsSection": dict.fromkeys(modules, wrong)}) == {}
    assert shown({"resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": wrong}}}) == {}
