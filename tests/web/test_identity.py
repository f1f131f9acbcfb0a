"""Who a participant is: apart from the study, for the site alone, every look and every change written down."""

import pytest
from tests.web.answers import words

NAME = "Zhang Wei the participant"
PAGE = "participants/001/identity/"


def writes(study, role="coordinator", **changes):
    fields = {
        "name": NAME,
        "birth_date": "1988-06-02",
        "hospital_number": "H-77",
        "contact": "Tel 1",
        "reason": "first",
    }
    return study.types(role, PAGE, save="1", **(fields | changes))


def log(study):
    from earlyphase.web.identity.models import Access

    return [(one.username, one.act, one.reason) for one in Access.objects.filter(study=study.name)]


def test_it_is_shown_for_a_reason_and_both_are_written_down(begun):
    assert writes(begun).status_code == 302
    assert NAME not in words(begun.sees("investigator", PAGE))
    assert begun.types("investigator", PAGE, reason=" ").status_code == 422
    shown = words(begun.types("investigator", PAGE, reason="To call about the visit."))
    assert NAME in shown
    assert "1988-06-02" in shown
    assert log(begun) == [
        ("coordinator", "changed", "first"),
        ("investigator", "read", "To call about the visit."),
    ]
    assert "To call about the visit." in words(begun.sees("monitor", "identities/"))


def test_a_change_keeps_what_was(begun):
    writes(begun)
    writes(begun, name="Zhang Wei", reason="The name was too long.")
    page = words(begun.types("coordinator", PAGE, reason="To check."))
    assert NAME in page.partition("What was written down before")[2]
    assert [act for _, act, _ in log(begun)] == ["changed", "changed", "read"]


@pytest.mark.parametrize("role", ["committee", "statistician", "sponsor", "monitor"])
def test_nobody_outside_the_site_reads_or_writes_it(begun, role):
    writes(begun)
    for answer in (begun.sees(role, PAGE), begun.types(role, PAGE, reason="I want to know."), writes(begun, role)):
        assert answer.status_code == 403
        assert NAME not in words(answer)
    assert len(log(begun)) == 1


def test_it_is_in_no_page_export_or_entry(begun):
    writes(begun)
    for page in ("", "participants/001/", "journal/", "journal/export/", "team/"):
        assert NAME not in words(begun.sees("investigator", page)), page
    assert all(NAME not in entry.payload for entry in begun.journal())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"reason": ""}, "reason"),
        ({"name": "a\x07b"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"birth_date": "2.6.1988"}, "birth_date"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"birth_date": "0001-01-01"}, "birth_date"),
        ({"contact": "x" * 501}, "contact"),
        ({"hospital_number": "\ufffd"}, "hospital_number"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(begun, changes, field):
    answer = writes(begun, **changes)
    assert answer.status_code == 422
    assert 'class="error"' in words(answer).partition(f'id="{field}"')[2]
    assert log(begun) == []


@pytest.mark.parametrize(
    "attack",
    [
        "update identity_identity set name = ''",
        "delete from identity_identity",
        "truncate identity_identity",
        "update identity_access set reason = ''",
        "delete from identity_access",
        "truncate identity_access",
    ],
)
@pytest.mark.parametrize("alias", ["default", "owner"])
def test_the_database_only_adds_to_both_tables(begun, attack, alias):
    from django.db import Error, connections, transaction

    writes(begun)
    with (
        pytest.raises(Error, match=r"permission denied|append-only"),
        transaction.atomic(alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(attack)


def test_the_application_cannot_read_it_past_the_log(begun):
    from django.db import Error, transaction

    from earlyphase.web.identity.models import Identity

    writes(begun)
    with pytest.raises(Error, match="permission denied"), transaction.atomic():
        list(Identity.objects.all())


def test_another_studys_participant_is_not_there(begun):
    assert begun.types("coordinator", "participants/777/identity/", reason="x").status_code == 404
