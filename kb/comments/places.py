"""What a comment is about: a block of the body, an attached document, or the page; named the same everywhere."""

import re
from dataclasses import dataclass
from typing import Any

from kb.pages.rendering import BLOCK_ID
from kb.sanitizing import plain_text

LONGEST_QUOTE = 140
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Place:
    """Exactly one of: the block of this id, the attachment of this document, or (neither) the whole page."""

    block: str = ""
    document: int | None = None

    @property
    def key(self) -> str:
        """« bloc:<id> », « piece:<id> », « page »: what forms send."""
        if self.block:
            return f"bloc:{self.block}"
        return f"piece:{self.document}" if self.document else "page"

    @property
    def anchor(self) -> str:
        """The id of the element on the reading view."""
        if self.block:
            return f"b-{self.block}"
        return f"piece-{self.document}" if self.document else "commentaires"


PAGE = Place()


def of(comment: Any) -> Place:
    """The place of a PageComment."""
    return Place(block=comment.block, document=comment.document_id)


def named(key: str) -> Place | None:
    """The place that a form names, or None for what is no name of a place."""
    kind, _, name = key.partition(":")
    if key == "page":
        return PAGE
    if kind == "bloc" and BLOCK_ID.fullmatch(name):
        return Place(block=name)
    if kind == "piece" and name.isascii() and name.isdecimal() and len(name) < 19:
        return Place(document=int(name))
    return None


def stands_in(place: Place, content: Any) -> bool:
    """Whether a rendered page (kb.pages.presentation.Content) has this place."""
    if place.block:
        return place.block in content.body.blocks
    if place.document:
        return any(row["document_id"] == place.document for row in content.attachments)
    return True


def quote(place: Place, content: Any) -> str:
    """The first words of the place, to recognise it when it is there no more."""
    if place.block:
        words = plain_text(content.body.block(place.block)).replace("[[", "").replace("]]", "")
        return shortened(words)
    if place.document:
        titles = [row["title"] for row in content.attachments if row["document_id"] == place.document]
        return shortened(titles[0]) if titles else ""
    return ""


def shortened(words: str) -> str:
    """One line of at most 140 characters, cut between two words."""
    line = _SPACES.sub(" ", words).strip()
    if len(line) <= LONGEST_QUOTE:
        return line
    return line[:LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
