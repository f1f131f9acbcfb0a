"""What the tutorials call a thing is what its page calls it; their pictures are those that the build takes."""

import re

import pytest
from babel.messages.pofile import read_po
from tests.checkout import ROOT
from tests.docs.test_requirements import tool

TUTORIALS = [
    ROOT / "docs" / "tutorials" / f"{role}.md"
    for role in ("administrator", "coordinator", "committee-member", "monitor")
]
CATALOGUES = sorted((ROOT / "src" / "earlyphase" / "web" / "locale").rglob("*.po"))
"""They hold every English word of the pages beside its Chinese one."""


@pytest.fixture(scope="module")
def said():
    """Give all that the pages say; what stands in for a name or a number is left open."""
    found = set()
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file):
                texts = message.id if isinstance(message.id, tuple) else (message.id,)
                found |= {str(text) for text in texts if text}
    return found


def bold(page):
    text = " ".join(page.read_text("utf-8").split()).replace("Words in **bold** stand on", "")
    return re.findall(r"\*\*([^*]+)\*\*", text)


HOLE = re.compile(r"%\(\w+\)[sd]|\{[^}]*\}")


def stands_on_a_page(words, said):
    """Tell whether words are among those of the pages, or fill one of them: Record as %(name)s, %(role)s."""
    small = words[:1].lower() + words[1:]  # a field's name is written with a capital on its form
    if said & {words, small, f"{words}.", f"{words}:"}:
        return True
    whole = [HOLE.split(text) for text in said if HOLE.search(text)]
    patterns = (".+".join(map(re.escape, parts)) for parts in whole if any(len(part) > 3 for part in parts))
    return any(re.fullmatch(pattern, words) for pattern in patterns)


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_the_words_in_bold_stand_on_the_pages(page, said):
    assert len(bold(page)) > 5
    assert [words for words in bold(page) if not stands_on_a_page(words, said)] == []


def test_words_that_no_page_has_are_found(said):
    assert not stands_on_a_page("New patient: take consent", said)
    assert not stands_on_a_page("Frobnicate", said)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_every_picture_on_a_page_is_one_that_the_build_takes(page):
    taken = set(tool("screenshots").SHOTS)
    shown = re.findall(r"!\[[^\]]*\]\([./]*reference/pictures/(\w+)\.png\)", page.read_text("utf-8"))
    assert set(shown) <= taken
