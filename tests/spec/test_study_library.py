"""How a study's folder is found."""

import pytest
from tests.registry_records import OURS

from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import known_studies, study_folder


def test_a_packaged_study_is_found_by_its_name():
    assert (study_folder(OURS) / "record.json").is_file()
    assert OURS in known_studies()


def test_a_folder_of_ones_own_is_found_by_its_path(tmp_path):
    assert study_folder(str(tmp_path)) == tmp_path


def test_an_unknown_study_is_answered_with_the_nearest_and_all_known():
    with pytest.raises(InvalidInput, match=rf"Did you mean {OURS}\? Known studies: .*{OURS}"):
        study_folder("NCT6633354")
