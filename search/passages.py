"""Cutting a text into passages of some 1,500 characters, where a reader would cut it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

GOAL = 1500  # characters: what a snippet needs, and what BM25 ranks well
_BREAKS = (re.compile(r"\n"), re.compile(r"(?<=[.!?;:])\s"), re.compile(r"\s"))


@dataclass(frozen=True)
class Part:
    """A stretch of an entry's text before it is cut: a section of a page, a page of a file."""

    text: str
    heading: str = ""
    file_page: int | None = None


def cut(parts: list[Part]) -> Iterator[Part]:
    """Passages in order. Short sections without a heading of their own are joined; joined, they give all the text."""
    waiting: Part | None = None
    for part in parts:
        if waiting is not None and _together(waiting, part):
            waiting = Part(f"{waiting.text}\n{part.text}", waiting.heading, waiting.file_page)
            continue
        if waiting is not None:
            yield from _pieces(waiting)
        waiting = part
    if waiting is not None:
        yield from _pieces(waiting)


def _together(one: Part, other: Part) -> bool:
    same_place = one.file_page == other.file_page and one.heading == other.heading
    return same_place and len(one.text) + len(other.text) < GOAL


def _pieces(part: Part) -> Iterator[Part]:
    rest = part.text
    while len(rest) > GOAL * 4 // 3:
        end = _best_break(rest)
        yield Part(rest[:end], part.heading, part.file_page)
        rest = rest[end:]
    yield Part(rest, part.heading, part.file_page)


def _best_break(text: str) -> int:
    """The end of a line, else of a sentence, else of a word, nearest before the goal."""
    for pattern in _BREAKS:
        ends = [found.end() for found in pattern.finditer(text, GOAL // 2, GOAL)]
        if ends:
            return ends[-1]
    return GOAL
