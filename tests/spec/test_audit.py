"""The check of dependencies fails for a known weakness, and says clearly where nothing could be audited."""

import runpy

import pytest
from tests.checkout import ROOT

verdict = runpy.run_path(str(ROOT / "tools" / "audit.py"))["verdict"]
SOUND = {"name": "django", "version": "5.2", "vulns": []}
WEAK = SOUND | {"vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.1"]}]}
UNKNOWN = {"name": "typst", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("dependencies", "says", "fails"),
    [
        ([SOUND, UNKNOWN], "1 dependencies audited, no known weakness; 1 could not be looked up.", False),
        ([SOUND, WEAK], "django 5.2: PYSEC-1, fixed in 5.2.1", True),
        ([UNKNOWN], "Not audited: the service has no advisories of any of the 1 dependencies", False),
    ],
)
def test_the_verdict_on_what_was_found(dependencies, says, fails):
    found = verdict({"dependencies": dependencies})
    assert found.lines[0].startswith(says)
    assert found.fails is fails


def test_without_an_answer_nothing_was_audited_and_nothing_fails():
    found = verdict(None, "trace\nConnectionError: no route to host")
    assert found.lines == ("Not audited: the advisories could not be reached (ConnectionError: no route to host).",)
    assert not found.fails
