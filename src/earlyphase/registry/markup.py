r"""The registry's escaped markdown: paragraphs and lists, nothing else.

The block structure is read *before* anything is unescaped: `2\.` is a text that begins with a number, `2.` is a list.
Everything else that markdown knows (code, quotes, headings, links, HTML) is left as text, so that no character is lost.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_DEEPEST = 60
_PARSER = MarkdownIt("zero", {"maxNesting": _DEEPEST}).enable(["list", "newline", "escape"])
_NEWLINE = re.compile(r"\r\n?|\n")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text, unescaped; line breaks are kept."""

    text: str
    start: int
    """Where it begins in the text as written."""
    end: int


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list: its paragraphs and inner lists in their order."""

    label: str
    """The number as written with its full stop or bracket; empty for a bullet."""
    blocks: "tuple[Block, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A bulleted or numbered list."""

    items: tuple[ListItem, ...]


Block = Paragraph | Listing


def parse_markup(text: str) -> tuple[Block, ...]:
    """Read the registry's markdown; what cannot be read as lists and paragraphs comes back as one paragraph."""
    blocks = _Reader(text).blocks(SyntaxTreeNode(_PARSER.parse(text)))
    if letters(text) != letters(" ".join(texts(blocks))):
        return (Paragraph(unescape(text).strip(), 0, len(text)),)
    return blocks


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """Give every label and text in the order of reading."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found += [text for item in block.items for text in (item.label, *texts(item.blocks))]
    return found


def unescape(text: str) -> str:
    """Take the backslashes out of escaped text."""
    return _ESCAPED.sub(r"\1", text)


def letters(text: str) -> str:
    """Give the letters and digits of a text: what no rendering may lose."""
    return "".join(filter(str.isalnum, text))


class _Reader:
    """Turns the parser's tree into blocks that know where they stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        breaks = [0, *(found.end() for found in _NEWLINE.finditer(text)), len(text)]
        self.lines = list(pairwise(breaks))

    def blocks(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        """Read the paragraphs and lists below a node."""
        return tuple(self.block(child) for child in node.children)

    def block(self, node: SyntaxTreeNode) -> Block:
        """Read one paragraph or list."""
        if node.type == "paragraph":
            return Paragraph(_inline(node), *self.span(node))
        return Listing(tuple(self.item(child) for child in node.children))

    def item(self, node: SyntaxTreeNode) -> ListItem:
        """Read one item of a list."""
        label = f"{node.info}{node.markup}" if node.info else ""
        return ListItem(label, self.blocks(node), *self.span(node))

    def span(self, node: SyntaxTreeNode) -> tuple[int, int]:
        """Give where a node begins and ends, without the white space around it."""
        first, last = node.map or (0, 0)
        start, end = self.lines[first][0], self.lines[max(first, last - 1)][1]
        raw = self.text[start:end]
        return start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())


def _inline(paragraph: SyntaxTreeNode) -> str:
    pieces = [piece for inline in paragraph.children for piece in inline.children]
    return "".join("\n" if piece.type in {"softbreak", "hardbreak"} else piece.content for piece in pieces).strip()
